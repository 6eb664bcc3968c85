#include "source_folder.hpp"

namespace mailroll::tests {

std::filesystem::path source_folder() { return MAILROLL_SOURCE_DIR; }

}  // namespace mailroll::tests
