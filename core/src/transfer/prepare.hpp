/// Reads the cells of a row: address, times, words.
#pragma once

#include <optional>
#include <string_view>

#include "mailroll/address/contact_id.hpp"
#include "mailroll/address/email_address.hpp"
#include "mailroll/transfer/row.hpp"
#include "transfer/prepared_row.hpp"
#include "transfer/property_columns.hpp"

namespace mailroll::detail {

/// Why a row is rejected, as the rejects file tells it.
struct Problem {
  RejectReason reason{};
  std::string_view column;  ///< "" for the row as a whole
  std::string_view value;   ///< the cell's text, of which only an HMAC is written
};

/// Why the row of an address that cannot be read is rejected.
RejectReason reject_reason(AddressProblem problem);

/// An address that was read, and its contact id: most of the work that a row is, and no business of any other row.
struct ReadAddress {
  std::optional<EmailAddress> address;
  AddressProblem problem{};
  ContactId id;
};

/// Makes prepared rows of raw ones. Used by one thread, but for read_address().
class Preparer {
 public:
  /// With `strict_properties` a column without a definition rejects its rows.
  Preparer(const ContactIdHash& hash, PropertyColumns& properties, bool strict_properties)
      : hash_(hash), properties_(properties), strict_properties_(strict_properties) {}

  [[nodiscard]] ReadAddress read_address(std::string_view cell) const;

  /// Fills `out` (all but audience and file), whose texts are views of `raw` and `read`, the row's address.
  /// Answers the problem of a rejected row; keep() then tells whether its opt-out counts all the same.
  std::optional<Problem> prepare(const RawRow& raw, const ReadAddress& read, PreparedRow& out);
  [[nodiscard]] bool keep() const { return keep_; }

 private:
  std::optional<Problem> read_cells(const RawRow& raw, PreparedRow& out);
  std::optional<Problem> read_properties(const RawRow& raw, PreparedRow& out);

  ContactIdHash hash_;
  PropertyColumns& properties_;
  bool strict_properties_;
  bool keep_ = false;
};

}  // namespace mailroll::detail
