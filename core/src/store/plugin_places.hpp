/// Where plugins are looked for.
#pragma once

#include <filesystem>
#include <vector>

namespace mailroll::detail {

/// `given`, the folders of MAILROLL_BACKEND_PATH, the folder of libmailroll: absolute, in this order, each once. They need
/// not exist.
std::vector<std::filesystem::path> plugin_places(const std::vector<std::filesystem::path>& given);

/// The files of a folder that are named as plugins are, by name; none where it cannot be read.
std::vector<std::filesystem::path> plugins_in(const std::filesystem::path& folder);

}  // namespace mailroll::detail
