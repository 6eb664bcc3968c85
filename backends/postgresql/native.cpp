#include "postgresql/native.hpp"

#include <cctype>

#include "sql/error.hpp"
#include "sql/named_contacts.hpp"
#include "sql/rows_statement.hpp"
#include "sql/statements/postgresql_sql.hpp"

namespace mailroll::detail {
namespace {

StorageFailure failure_of(std::string_view state, bool lost) {
  const std::string_view kind = state.substr(0, 2);
  if (state == "57P01" || state == "57P02" || state == "57P03" || kind == "08") return StorageFailure::disconnected;
  if (state.empty() || lost) return StorageFailure::disconnected;
  // 23505: somebody else wrote the row meanwhile that nobody had; done again, it is found.
  if (state == "40001" || state == "40P01" || state == "23505") return StorageFailure::contended;
  if (state == "55P03") return StorageFailure::busy;
  if (state == "53300") return StorageFailure::no_connection;
  if (state == "57014") return StorageFailure::timeout;
  if (state == "42501") return StorageFailure::denied;
  if (state == "53100") return StorageFailure::full;
  if (state == "25006") return StorageFailure::read_only;
  if (state == "XX001" || state == "XX002") return StorageFailure::corrupt;
  return StorageFailure::failed;
}

using Element = PostgresqlParameter::Element;

/// What stands behind a placeholder: "::uuid[]" and the like; anything else is no array.
Element element_of(std::string_view behind) {
  if (behind.starts_with("::smallint[]")) return Element::small_integer;
  if (behind.starts_with("::int[]")) return Element::integer;
  if (behind.starts_with("::bigint[]")) return Element::big_integer;
  if (behind.starts_with("::uuid[]")) return Element::uuid;
  if (behind.starts_with("::text[]")) return Element::text;
  return Element::one;
}

/// Named placeholders become numbered ones, by their places in `names`, to which new names are added.
void number_placeholders(std::string_view statement, std::vector<std::string_view>& names, Native::Prepared& out) {
  const auto is_letter = [](char letter) {
    return letter == '_' || std::isalnum(static_cast<unsigned char>(letter)) != 0;
  };
  bool quoted = false;
  for (std::size_t at = 0; at < statement.size(); ++at) {
    const char letter = statement[at];
    if (letter == '\'') quoted = !quoted;
    if (quoted || letter != ':' || at + 1 == statement.size()) {
      out.text += letter;
      continue;
    }
    if (statement[at + 1] == ':') {  // a cast
      out.text += "::";
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    while (end < statement.size() && is_letter(statement[end])) ++end;
    const std::string_view name = statement.substr(at + 1, end - at - 1);
    std::size_t number = 0;
    while (number < names.size() && names[number] != name) ++number;
    if (number == names.size()) {
      names.push_back(name);
      out.parameters.emplace_back();
    }
    const Element element = element_of(statement.substr(end));
    if (element != Element::one) out.parameters[number].element = element;
    out.text += '$';
    out.text += std::to_string(number + 1);
    at = end - 1;
  }
}

}  // namespace

void raise_postgresql_failure(std::string_view state, bool lost, std::string_view store) {
  const StorageFailure failure = failure_of(state, lost);
  std::string detail;
  if (failure == StorageFailure::failed) detail.append("SQLSTATE ").append(state);
  raise_storage_failure(failure, store, detail);
}

Native::Prepared& Native::prepared(const Statement& statement, Form form) {
  const std::string_view own = statement.variants.postgresql.empty() ? statement.all : statement.variants.postgresql;
  Prepared& prepared = statements_[{own.data(), form}];
  if (!prepared.name.empty()) return prepared;
  prepared.name = "mailroll_" + std::to_string(statements_.size());
  std::string text(own);
  std::vector<std::string_view> names;
  if (form == Form::named_contacts) {
    text = for_named_contacts(own, sql::of_contacts.variants.postgresql);
    number_placeholders(text, names, prepared);
    return prepared;
  }
  if (form == Form::paged) text += sql::postgresql_page;
  Prepared order;
  number_placeholders(statement.all, names, order);
  prepared.parameters.resize(names.size());
  number_placeholders(text, names, prepared);
  const RowsStatement insertion = rows_statement(statement.all);
  if (!statement.variants.postgresql.empty() && !insertion.table.empty()) {
    prepared.copy.append(sql::postgresql_copy).append(insertion.table).append(" ").append(insertion.columns);
    prepared.copy += sql::postgresql_copied;
  }
  return prepared;
}

Native::Prepared Native::prepared_once(std::string_view text) {
  Prepared prepared;
  std::vector<std::string_view> names;
  number_placeholders(text, names, prepared);
  return prepared;
}

void Native::begin_sending() {
  if (PQpipelineStatus(handle_) != PQ_PIPELINE_OFF) return;
  require_sent(PQenterPipelineMode(handle_));
}

void Native::require_sent(int done) {
  if (done == 0) raise_lost();
}

void Native::raise_lost() {
  expected_.clear();
  raise_postgresql_failure({}, true, store_);
}

std::shared_ptr<PostgresqlReply> Native::send(Prepared& prepared, const PostgresqlValues& values) {
  begin_sending();
  if (!prepared.known) {
    require_sent(PQsendPrepare(handle_, prepared.name.c_str(), prepared.text.c_str(), 0, nullptr));
    expected_.push_back({Expected::Kind::preparation, &prepared, nullptr});
    prepared.known = true;  // taken back where it turns out not to be
  }
  const std::size_t count = values.values_.size();
  std::vector<const char*> data(count);
  std::vector<int> sizes(count);
  std::vector<int> formats(count);
  for (std::size_t i = 0; i < count; ++i) {
    const PostgresqlValues::Value& value = values.values_[i];
    data[i] = value.null ? nullptr : value.data.c_str();
    sizes[i] = static_cast<int>(value.data.size());
    formats[i] = value.binary ? 1 : 0;
  }
  require_sent(PQsendQueryPrepared(handle_, prepared.name.c_str(), static_cast<int>(count), data.data(), sizes.data(),
                                   formats.data(), 1));
  expected_.push_back({Expected::Kind::answer, nullptr, std::make_shared<PostgresqlReply>()});
  return expected_.back().reply;
}

std::shared_ptr<PostgresqlReply> Native::send(std::string_view statement) {
  begin_sending();
  require_sent(PQsendQueryParams(handle_, std::string(statement).c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1));
  expected_.push_back({Expected::Kind::answer, nullptr, std::make_shared<PostgresqlReply>()});
  return expected_.back().reply;
}

void Native::end_sending() {
  if (expected_.empty() || expected_.back().kind == Expected::Kind::end) return;
  require_sent(PQpipelineSync(handle_));
  expected_.push_back({});
}

void Native::flush() {
  end_sending();
  if (PQflush(handle_) < 0) raise_lost();
}

void Native::settle() {
  end_sending();
  std::optional<std::string> failed;
  for (; !expected_.empty(); expected_.pop_front()) {
    Expected& next = expected_.front();
    PGresult* result = PQgetResult(handle_);
    if (result == nullptr) raise_lost();
    const ExecStatusType status = PQresultStatus(result);
    const bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_PIPELINE_SYNC;
    if (!good && next.prepared != nullptr) next.prepared->known = false;
    if (!good && status != PGRES_PIPELINE_ABORTED && !failed) {
      const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
      failed = state == nullptr ? "" : state;
    }
    if (next.reply) {
      next.reply->result = result;
    } else {
      PQclear(result);
    }
    if (lost()) {
      expected_.clear();
      raise_postgresql_failure(failed.value_or(""), true, store_);
    }
    // Behind each statement's answer there is an empty one; not behind the end.
    if (next.kind != Expected::Kind::end) {
      PGresult* none = PQgetResult(handle_);
      PQclear(none);
    }
  }
  if (PQpipelineStatus(handle_) != PQ_PIPELINE_OFF && PQexitPipelineMode(handle_) == 0) raise_lost();
  if (failed) raise_postgresql_failure(*failed, false, store_);
}

void Native::copy(const std::string& statement, std::string_view rows) {
  settle();  // there is no COPY among statements that are not waited for
  std::optional<std::string> failed;
  const auto take = [&](PGresult* result) {
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COPY_IN && status != PGRES_COMMAND_OK && !failed) {
      const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
      failed = state == nullptr ? "" : state;
    }
    PQclear(result);
  };
  take(PQexec(handle_, statement.c_str()));
  if (!failed) {
    // What is refused is told behind the end.
    PQputCopyData(handle_, rows.data(), static_cast<int>(rows.size()));
    PQputCopyEnd(handle_, nullptr);
    while (PGresult* result = PQgetResult(handle_)) take(result);
  }
  if (failed || lost()) raise_postgresql_failure(failed.value_or(""), lost(), store_);
}

void Native::settle_quietly() noexcept {
  try {
    settle();
  } catch (...) {  // NOLINT(bugprone-empty-catch): a failure that matters is already on its way
  }
}

}  // namespace mailroll::detail
