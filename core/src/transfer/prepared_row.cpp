#include "transfer/prepared_row.hpp"

#include <cstring>

namespace mailroll::detail {
namespace {

// Record: length (4 bytes), id (16 bytes), flags (1 byte), then numbers as LEB128 and texts behind their length.
constexpr std::size_t head_size = 4 + 16;

enum Flag : unsigned {
  unsubscribed = 1,
  opt_out_only = 2,
  has_unsubscribed_at = 4,
  has_created_at = 8,
  has_updated_at = 16,
  written_differs = 32,
};

void put_number(std::uint64_t number, std::string& out) {
  for (; number >= 0x80; number >>= 7) out.push_back(static_cast<char>(number | 0x80));
  out.push_back(static_cast<char>(number));
}

void put_text(std::string_view text, std::string& out) {
  put_number(text.size(), out);
  out.append(text);
}

void put_time(Time time, std::string& out) {
  const std::int64_t micros = microseconds(time);
  out.append(reinterpret_cast<const char*>(&micros), sizeof micros);
}

/// Reads what was put, in the same order; the spool is ours, so nothing is checked.
class Cursor {
 public:
  explicit Cursor(const char* at) : at_(at) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(*at_++);
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
  }
  std::string_view text() {
    const std::size_t size = number();
    const std::string_view found(at_, size);
    at_ += size;
    return found;
  }
  Time time() {
    std::int64_t micros = 0;
    std::memcpy(&micros, at_, sizeof micros);
    at_ += sizeof micros;
    return time_of(micros);
  }
  unsigned byte() { return static_cast<unsigned char>(*at_++); }

 private:
  const char* at_;
};

}  // namespace

void encode(const PreparedRow& row, std::string& out) {
  const std::size_t start = out.size();
  out.resize(start + head_size);
  const bool differs = row.written != row.delivery;
  out.push_back(static_cast<char>((row.unsubscribed ? unsubscribed : 0U) | (row.opt_out_only ? opt_out_only : 0U) |
                                  (row.unsubscribed_at ? has_unsubscribed_at : 0U) |
                                  (row.created_at ? has_created_at : 0U) | (row.updated_at ? has_updated_at : 0U) |
                                  (differs ? written_differs : 0U)));
  put_number(static_cast<std::uint32_t>(row.audience + 1), out);
  put_number(row.file, out);
  put_number(row.row, out);
  put_number(row.line, out);
  if (row.unsubscribed_at) put_time(*row.unsubscribed_at, out);
  if (row.created_at) put_time(*row.created_at, out);
  if (row.updated_at) put_time(*row.updated_at, out);
  put_text(row.delivery, out);
  if (differs) put_text(row.written, out);
  put_text(row.alias, out);
  put_text(row.first_name, out);
  put_text(row.last_name, out);
  put_number(row.properties.size(), out);
  for (const auto& [column, text] : row.properties) {
    put_number(column, out);
    put_text(text, out);
  }
  const auto length = static_cast<std::uint32_t>(out.size() - start);
  std::memcpy(out.data() + start, &length, sizeof length);
  std::memcpy(out.data() + start + sizeof length, row.id.bytes.data(), row.id.bytes.size());
}

std::size_t decode_id(std::string_view records, std::size_t offset, ContactId& id) {
  std::uint32_t length = 0;
  std::memcpy(&length, records.data() + offset, sizeof length);
  std::memcpy(id.bytes.data(), records.data() + offset + sizeof length, id.bytes.size());
  return offset + length;
}

std::size_t decode(std::string_view records, std::size_t offset, PreparedRow& row) {
  const std::size_t next = decode_id(records, offset, row.id);
  Cursor cursor(records.data() + offset + head_size);
  const unsigned flags = cursor.byte();
  row.unsubscribed = (flags & unsubscribed) != 0;
  row.opt_out_only = (flags & opt_out_only) != 0;
  row.audience = static_cast<AudienceIndex>(cursor.number()) - 1;  // 0 becomes no_audience
  row.file = static_cast<std::uint32_t>(cursor.number());
  row.row = cursor.number();
  row.line = cursor.number();
  const auto time_if = [&](unsigned flag) {
    return (flags & flag) != 0 ? std::optional<Time>(cursor.time()) : std::nullopt;
  };
  row.unsubscribed_at = time_if(has_unsubscribed_at);
  row.created_at = time_if(has_created_at);
  row.updated_at = time_if(has_updated_at);
  row.delivery = cursor.text();
  row.written = (flags & written_differs) != 0 ? cursor.text() : row.delivery;
  row.alias = cursor.text();
  row.first_name = cursor.text();
  row.last_name = cursor.text();
  row.properties.clear();
  const std::uint64_t properties = cursor.number();
  for (std::uint64_t i = 0; i < properties; ++i) {
    const auto column = static_cast<std::uint32_t>(cursor.number());
    row.properties.emplace_back(column, cursor.text());
  }
  return next;
}

}  // namespace mailroll::detail
