/// `--property KEY=VALUE`, read as the property's definition says.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mailroll/mailroll.hpp"

namespace mailroll::cli {

/// By key; nothing for an empty value (`KEY=`). A usage error where the key has no definition or the value is not of
/// its type.
std::map<std::string, std::optional<PropertyValue>> read_properties(const Roll& roll,
                                                                    const std::vector<std::string>& texts);

/// The value as the type says, or a usage error that names `what`.
PropertyValue read_value(PropertyType type, const std::string& text, const std::string& what);

}  // namespace mailroll::cli
