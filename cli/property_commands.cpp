#include "command_line.hpp"
#include "commands.hpp"
#include "context.hpp"
#include "property_arguments.hpp"
#include "records.hpp"

namespace mailroll::cli {

PropertyValue read_value(PropertyType type, const std::string& text, const std::string& what) {
  if (std::optional<PropertyValue> value = parse_property_value(type, text)) return *value;
  std::string example;
  switch (type) {
    case PropertyType::number: example = "a number such as 12.5"; break;
    case PropertyType::boolean: example = "true or false"; break;
    case PropertyType::datetime: example = "a time such as 2026-03-01T12:00:00Z"; break;
    case PropertyType::string: example = "text in UTF-8"; break;
  }
  throw UsageError(what + " wants " + example);
}

std::map<std::string, std::optional<PropertyValue>> read_properties(const Roll& roll,
                                                                    const std::vector<std::string>& texts) {
  std::map<std::string, std::optional<PropertyValue>> values;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    const std::string key = text.substr(0, equals);
    if (equals == std::string::npos || !is_property_key(key)) {
      throw UsageError("--property wants KEY=VALUE, the key of letters, digits and _ (at most 50)");
    }
    const std::optional<PropertyDefinition> definition = roll.properties().find(key);
    if (!definition) {
      std::string problem = "no property '";
      problem.append(key).append("' is defined; define it first: mailroll properties define ").append(key);
      throw UsageError(problem + " --type string|number|boolean|datetime");
    }
    const std::string value = text.substr(equals + 1);
    values[key] =
        value.empty() ? std::nullopt : std::optional(read_value(definition->type, value, "property '" + key + "'"));
  }
  return values;
}

int properties_define(Context& context) {
  const std::string& key = context.args["KEY"];
  const PropertyType type = known(parse_property_type(context.args["type"]));
  std::optional<PropertyValue> fallback;
  if (const auto text = context.args.get("fallback")) fallback = read_value(type, *text, "--fallback");
  context.out.record(to_json(context.roll().properties().define(key, type, fallback)));
  return exit_code::done;
}

int properties_list(Context& context) {
  const std::vector<Json> records = to_records(context.roll().properties().list());
  context.out.list({{"key", "KEY"}, {"type", "TYPE"}, {"fallback", "FALLBACK"}, {"created_at", "CREATED"}}, records);
  return exit_code::done;
}

int properties_remove(Context& context) {
  context.roll().properties().remove(context.args["KEY"]);
  context.done({{"removed", true}}, "removed the property and every contact's value of it");
  return exit_code::done;
}

}  // namespace mailroll::cli
