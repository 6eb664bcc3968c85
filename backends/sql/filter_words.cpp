#include "sql/filter_words.hpp"

namespace mailroll::detail {
namespace {

constexpr FilterWords sqlite_words{
    .position = "instr",
    .text_value = "{}",
    .email_domain = "NULLIF(substr(c.email, length(rtrim(c.email, replace(c.email, '@', ''))) + 1), '')",
    // Nothing for numbers: it does not read every decimal as the nearest number.
    .property_number = "",
    .property_place = "",
    .number_value = ""};

constexpr FilterWords postgresql_words{
    .position = "strpos",
    .text_value = "{}::text",
    .email_domain = "NULLIF(substring(c.email, '[^@]*$'::text), '')",
    // Without parsing the JSON: what begins like a number behind the key goes on to the next of , and }.
    .property_number =
        "CASE WHEN split_part(c.properties, {}::text, 2) BETWEEN '-' AND ':' THEN "
        "split_part(split_part(split_part(c.properties, {}::text, 2), ',', 1), '}', 1)::float8 END",
    .property_place = "\"{}\":",
    .number_value = "{}::float8",
    .bounds_in_joins = true};

constexpr FilterWords mysql_words{
    .position = "instr",
    .text_value = "{}",
    .email_domain = "NULLIF(substring_index(c.email, '@', -1), '')",
    .property_number =
        "CASE WHEN json_type(json_extract(c.properties, {})) IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL') "
        "THEN CAST(json_unquote(json_extract(c.properties, {})) AS DOUBLE) END",
    .property_place = "$.\"{}\"",
    .number_value = "CAST({} AS DOUBLE)"};

}  // namespace

const FilterWords& filter_words(const Dialect& dialect) {
  if (dialect.name == "postgresql") return postgresql_words;
  return dialect.name == "mysql" ? mysql_words : sqlite_words;
}

}  // namespace mailroll::detail
