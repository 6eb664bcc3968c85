#include "mysql/client.hpp"

#include <algorithm>
#include <utility>

#include <poll.h>

#include "mysql/mysql_error.hpp"
#include "sql/error.hpp"
#include "sql/named_contacts.hpp"

namespace mailroll::detail {
namespace {

constexpr std::size_t most_put_off = std::size_t{1} << 20;  // a server takes at least four times as much
constexpr std::string_view separator = "; ";

}  // namespace

MysqlClient::MysqlClient(MYSQL* handle, std::string store, const Dialect& dialect)
    : handle_(handle), store_(std::move(store)), dialect_(dialect) {
  mysql_set_server_option(handle_, MYSQL_OPTION_MULTI_STATEMENTS_ON);
  mysql_set_local_infile_handler(handle_, begin_loading, load_some, end_loading, say_nothing, &loading_);
}

void MysqlClient::raise() {
  const unsigned number = mysql_errno(handle_);
  note_failure(number);
  raise_mysql_error(number, store_);
}

void MysqlClient::note_failure(unsigned number) {
  failed_ = true;
  lost_ = lost_ || is_connection_lost(number);
}

void MysqlClient::send(std::string_view text) {
  if (mysql_real_query(handle_, text.data(), text.size()) != 0) raise();
}

MysqlResult MysqlClient::answer() {
  MysqlResult result(mysql_store_result(handle_));
  if (!result) raise();
  return result;
}

std::shared_ptr<MysqlReply> MysqlClient::put_off(std::string text, std::shared_ptr<MysqlReply> reply) {
  if (!put_off_.empty() && put_off_size_ + text.size() > most_put_off) settle();
  put_off_size_ += text.size() + separator.size();
  return put_off_.emplace_back(std::move(text), std::move(reply)).reply;
}

void MysqlClient::later(std::string text) { put_off(std::move(text), nullptr); }

std::shared_ptr<MysqlReply> MysqlClient::ask(std::string text) {
  return put_off(std::move(text), std::make_shared<MysqlReply>());
}

void MysqlClient::settle() {
  if (failed()) raise_storage_failure(StorageFailure::failed, store_);
  std::vector<PutOff> sent = std::exchange(put_off_, {});
  put_off_size_ = 0;
  std::erase_if(sent, [](const PutOff& one) { return !one.wanted(); });
  if (sent.empty()) return;
  std::string text = std::move(sent.front().text);
  for (std::size_t at = 1; at < sent.size(); ++at) text.append(separator).append(sent[at].text);
  send(text);
  for (std::size_t at = 0; at < sent.size(); ++at) {
    // As many answers as statements: of a commit that was passed over nobody may think that it took place.
    if (at > 0 && mysql_next_result(handle_) != 0) raise();
    if (sent[at].reply) {
      sent[at].reply->result = answer();
    } else if (mysql_field_count(handle_) > 0) {
      answer();
    }
  }
}

MysqlResult MysqlClient::query(std::string text) {
  const std::shared_ptr<MysqlReply> reply = ask(std::move(text));
  settle();
  return std::move(reply->result);
}

void MysqlClient::run(std::string_view text) {
  settle();
  send(text);
  int next = 0;
  while ((next = mysql_next_result(handle_)) == 0) {
  }
  if (next > 0) raise();
}

void MysqlClient::end_transaction() {
  in_transaction_ = false;
  put_off_.clear();
  put_off_size_ = 0;
}

bool MysqlClient::ended() const {
  // It says nothing unasked but that it ends.
  pollfd socket{static_cast<int>(mysql_get_socket(handle_)), POLLIN, 0};
  return ::poll(&socket, 1, 0) != 0;
}

void MysqlClient::load(std::string_view text, std::string_view rows, std::uint64_t count) {
  settle();
  loading_ = {rows, true};
  struct Done {
    Loading& loading;
    ~Done() { loading = {}; }
  } const done{loading_};
  send(text);
  // What would end an INSERT only warns here, since the server cannot stop who sends a file.
  if (mysql_affected_rows(handle_) == count && mysql_warning_count(handle_) == 0) return;
  failed_ = true;
  if (mysql_affected_rows(handle_) < count) raise_storage_failure(StorageFailure::contended, store_);
  raise_storage_failure(StorageFailure::failed, store_, "a value was not taken");
}

int MysqlClient::begin_loading(void** state, const char* /*name*/, void* loading) {
  *state = loading;
  return static_cast<Loading*>(loading)->wanted ? 0 : 1;
}

int MysqlClient::load_some(void* state, char* buffer, unsigned size) {
  std::string_view& rest = static_cast<Loading*>(state)->rest;
  const std::size_t count = rest.copy(buffer, size);
  rest.remove_prefix(count);
  return static_cast<int>(count);
}

void MysqlClient::end_loading(void* /*state*/) {}

int MysqlClient::say_nothing(void* /*state*/, char* buffer, unsigned size) {
  if (size > 0) *buffer = '\0';
  return 2000;  // CR_UNKNOWN_ERROR
}

const RowsStatement& MysqlClient::prepared(const Statement& statement) {
  RowsStatement& known = statements_[dialect_.variant(statement).data()];
  if (known.pieces.empty()) known = rows_statement(dialect_.text(statement));
  return known;
}

const RowsStatement& MysqlClient::prepared_for_contacts(const Statement& statement) {
  RowsStatement& known = of_contacts_[dialect_.variant(statement).data()];
  if (known.pieces.empty()) {
    known = rows_statement(for_named_contacts(dialect_.text(statement), sql::of_contacts.variants.mysql));
  }
  return known;
}

void MysqlClient::append(std::string& out, const MysqlValue& value) const {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (value.kind) {
    case MysqlValue::Kind::null: out += "NULL"; break;
    case MysqlValue::Kind::number: out += std::to_string(value.number); break;
    case MysqlValue::Kind::bytes:
      out += "x'";
      for (const char byte : value.bytes) {
        out += digits[static_cast<std::uint8_t>(byte) >> 4];
        out += digits[static_cast<std::uint8_t>(byte) & 0xf];
      }
      out += '\'';
      break;
    case MysqlValue::Kind::text: {
      out += '\'';
      const std::size_t begin = out.size();
      out.resize(begin + 2 * value.bytes.size() + 1);
      out.resize(begin + mysql_real_escape_string(handle_, out.data() + begin, value.bytes.data(), value.bytes.size()));
      out += '\'';
      break;
    }
  }
}

}  // namespace mailroll::detail
