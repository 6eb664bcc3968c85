/// Where this repository stands, for tests that read its documents and data.
#pragma once

#include <filesystem>

namespace mailroll::tests {

std::filesystem::path source_folder();

}  // namespace mailroll::tests
