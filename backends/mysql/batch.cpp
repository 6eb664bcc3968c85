#include "mysql/batch.hpp"

#include <utility>

#include "mysql/rows.hpp"
#include "sql/statements/mysql_sql.hpp"

namespace mailroll::detail {
namespace {

constexpr std::uint64_t few_rows = 200;                   // for which a file is not worth its second round trip
constexpr std::size_t most_text = std::size_t{1} << 20;   // a server takes at least four times as much
constexpr std::size_t most_lines = std::size_t{4} << 20;  // are sent in packets anyhow

void add_field(std::string& out, const MysqlValue& value) {
  switch (value.kind) {
    case MysqlValue::Kind::null: out += "\\N"; break;
    case MysqlValue::Kind::number: out += std::to_string(value.number); break;
    case MysqlValue::Kind::bytes:
    case MysqlValue::Kind::text:
      for (const char byte : value.bytes) {
        if (byte == '\\' || byte == '\t' || byte == '\n') out += '\\';
        if (byte == '\0') {
          out += "\\0";
        } else {
          out += byte;
        }
      }
  }
}

}  // namespace

void MysqlBatch::run() {
  next_ = kept_;
  if (statement_.head.empty()) {
    std::string text;
    fill(client_, statement_, values_, text);
    client_.later(std::move(text));
    return;
  }
  loading_ ? add_fields() : add_tuple();
  ++waiting_;
  if (text_.size() >= (loading_ ? most_lines : most_text)) send();
  if (!loading_ && waiting_ == few_rows && client_.can_load() && !statement_.table.empty()) {
    send();
    loading_ = true;
  }
}

void MysqlBatch::add_tuple() {
  text_ += text_.empty() ? std::string_view(statement_.head) : std::string_view(",");
  fill(client_, statement_, values_, text_);
}

void MysqlBatch::add_fields() {
  for (std::size_t at = 0; at < statement_.values.size(); ++at) {
    if (at > 0) text_ += '\t';
    add_field(text_, values_[statement_.values[at]]);
  }
  text_ += '\n';
}

void MysqlBatch::send() {
  if (waiting_ == 0) return;
  if (loading_) {
    std::string statement(sql::mysql_load);
    statement.append(statement_.table).append(sql::mysql_loaded_bytes).append(statement_.columns);
    client_.load(statement, text_, waiting_);
  } else {
    text_ += statement_.tail;
    client_.later(std::move(text_));
  }
  text_.clear();
  waiting_ = 0;
}

}  // namespace mailroll::detail
