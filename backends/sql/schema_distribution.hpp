/// How tables are handed to an engine that shards: the functions of the extension citus, called when a table has been made and
/// has no index yet (docs/decisions/0009-schema-and-distribution.md).
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/store/init.hpp"

namespace mailroll::detail {

/// The setting of team 0 in which a store remembers its distribution.
inline constexpr std::string_view distribution_setting = "distribution";

/// What the settings of team 0 say.
std::optional<Distribution> distribution_in(const std::map<std::string, std::string>& settings);

/// What precedes all other steps of a store that is or will be distributed.
std::vector<InitStep> before_distribution();

/// One step for each table that `steps` make and do not drop again.
std::vector<InitStep> distribution_of(std::span<const InitStep> steps, Distribution distribution);

}  // namespace mailroll::detail
