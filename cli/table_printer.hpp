/// The printer for people.
#pragma once

#include <memory>

#include "printer.hpp"

namespace mailroll::cli {

/// Lists as aligned columns under a heading (bold with colour), records as a sheet.
std::unique_ptr<Printer> make_table_printer(Output& output, bool with_colour);

}  // namespace mailroll::cli
