#include "transfer/prepare.hpp"

#include "mailroll/people/property.hpp"
#include "mailroll/transfer/cell.hpp"
#include "transfer/text.hpp"

namespace mailroll::detail {

RejectReason reject_reason(AddressProblem problem) {
  switch (problem) {
    case AddressProblem::none:
    case AddressProblem::empty: return RejectReason::address_empty;
    case AddressProblem::encoding: return RejectReason::encoding;
    case AddressProblem::too_long: return RejectReason::address_too_long;
    case AddressProblem::syntax: return RejectReason::address_syntax;
    case AddressProblem::characters: return RejectReason::address_characters;
    case AddressProblem::domain: return RejectReason::address_domain;
  }
  return RejectReason::address_syntax;
}

ReadAddress Preparer::read_address(std::string_view cell) const {
  ReadAddress read;
  read.address = EmailAddress::parse(cell, &read.problem);
  if (read.address) read.id = hash_(read.address->key());
  return read;
}

std::optional<Problem> Preparer::prepare(const RawRow& raw, const ReadAddress& read, PreparedRow& out) {
  keep_ = false;
  out.row = raw.row;
  out.line = raw.line;
  out.opt_out_only = false;
  const std::string_view email = raw[Field::email];
  if (!read.address) {
    // What tore the row apart says more than what became of its address.
    if (raw.broken) return Problem{raw.problem, raw.problem_column, raw.problem_value};
    return Problem{reject_reason(read.problem), to_string(Field::email), email};
  }
  out.id = read.id;
  out.delivery = read.address->delivery();
  out.written = trimmed(email);

  std::optional<Problem> rejected = read_cells(raw, out);
  if (raw.broken) rejected = Problem{raw.problem, raw.problem_column, raw.problem_value};
  keep_ = !rejected || out.unsubscribed;
  if (rejected) {  // of a rejected row nothing but the opt-out is believed
    out.opt_out_only = true;
    out.alias = out.first_name = out.last_name = {};
    out.properties.clear();
  }
  return rejected;
}

std::optional<Problem> Preparer::read_cells(const RawRow& raw, PreparedRow& out) {
  std::optional<Problem> first;
  const auto reject = [&](Field field) {
    if (!first) first = Problem{RejectReason::value_type, to_string(field), raw[field]};
  };
  const auto read_time = [&](Field field, std::optional<Time>& time) {
    time.reset();
    if (!parse_time_cell(raw[field], time)) reject(field);
  };

  const std::optional<bool> unsubscribed = parse_unsubscribed(raw[Field::unsubscribed]);
  if (!unsubscribed) reject(Field::unsubscribed);
  out.unsubscribed = unsubscribed.value_or(false);
  read_time(Field::unsubscribed_at, out.unsubscribed_at);
  read_time(Field::created_at, out.created_at);
  read_time(Field::updated_at, out.updated_at);
  out.alias = trimmed(raw[Field::id]);
  out.first_name = trimmed(raw[Field::first_name]);
  out.last_name = trimmed(raw[Field::last_name]);
  const std::optional<Problem> property = read_properties(raw, out);
  return first ? first : property;
}

std::optional<Problem> Preparer::read_properties(const RawRow& raw, PreparedRow& out) {
  out.properties.clear();
  for (const auto& [name, text] : raw.properties) {
    if (text.empty()) continue;
    const std::uint32_t index = properties_.index_of(name);
    const PropertyColumns::Column& column = properties_.columns()[index];
    if (!column.defined && strict_properties_) return Problem{RejectReason::unknown_property, name, text};
    if (column.type != PropertyType::string && !parse_property_value(column.type, text)) {
      return Problem{RejectReason::value_type, name, text};
    }
    out.properties.emplace_back(index, text);
  }
  return std::nullopt;
}

}  // namespace mailroll::detail
