/// One contact as a JSON object, put into a row: shared by NDJSON and the old API's lists.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <simdjson.h>

#include "mailroll/transfer/column_map.hpp"
#include "mailroll/transfer/row.hpp"

namespace mailroll::detail {

/// Replaces each byte that is not part of UTF-8 by DEL, in place, so that the rest can be read all the same.
void mask_bad_utf8(char* bytes, std::size_t length);

class JsonRow {
 public:
  explicit JsonRow(ColumnMap map) : map_(std::move(map)) {}

  /// Fills the (cleared) row's fields and properties. `masked`: mask_bad_utf8 was here, so a cell with a DEL is an
  /// `encoding` problem. The error is simdjson's where the object is no JSON; what was read before it stays.
  simdjson::error_code read(simdjson::ondemand::object& object, bool masked, RawRow& row);

 private:
  struct Use {
    std::string name;
    ColumnUse use;
    bool renamed = false;
    bool holds_properties = false;
  };
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  const Use& use_of_key(std::string_view key);
  simdjson::error_code read_cell(simdjson::ondemand::value value, std::string_view key, const Use& use, RawRow& row);
  simdjson::error_code read_properties(simdjson::ondemand::object& object, RawRow& row);
  simdjson::error_code read_text(simdjson::ondemand::value& value, std::string_view column, RawRow& row,
                                 std::string_view& text, bool& good) const;
  static void put_property(RawRow& row, std::string_view name, std::string_view text);

  ColumnMap map_;
  bool masked_ = false;
  std::unordered_map<std::string, Use, Hash, std::equal_to<>> uses_;  // keys repeat from row to row
  Use rare_;
};

/// Nothing stands behind the document's root, which was read to its end.
bool at_end(simdjson::ondemand::document& document);

/// Notes the row's first problem.
void set_problem(RawRow& row, RejectReason reason, std::string_view column, std::string_view value = {});

}  // namespace mailroll::detail
