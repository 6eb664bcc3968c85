#include <algorithm>

#include <nlohmann/json.hpp>

#include "audience/people_meant.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "mailroll/transfer/csv_writer.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

constexpr std::size_t page_size = 4096;

struct ExportedRow {
  const Contact& contact;
  std::string id;
  std::string created_at;
  std::string updated_at;
  bool unsubscribed;
  std::map<std::string, PropertyValue> values;

  explicit ExportedRow(const Person& person)
      : contact(*person.contact),
        id(to_string(contact.id)),
        created_at(format_time(contact.created_at)),
        updated_at(format_time(contact.updated_at)),
        unsubscribed(person.permission.standing.unsubscribed()),
        values(contact.properties.values()) {}
};

void append_csv(std::string& out, const ExportedRow& row, const std::vector<PropertyDefinition>& columns) {
  std::vector<std::string> texts;
  texts.reserve(columns.size());
  for (const PropertyDefinition& column : columns) {
    const auto value = row.values.find(column.key);
    texts.push_back(value == row.values.end() ? std::string() : to_string(value->second));
  }
  std::vector<std::string_view> cells{row.id,
                                      row.contact.email,
                                      row.contact.first_name,
                                      row.contact.last_name,
                                      row.unsubscribed ? "true" : "false",
                                      row.created_at,
                                      row.updated_at};
  cells.insert(cells.end(), texts.begin(), texts.end());
  append_csv_row(out, cells);
}

void append_ndjson(std::string& out, const ExportedRow& row) {
  nlohmann::ordered_json line{{"id", row.id},
                              {"email", row.contact.email},
                              {"first_name", row.contact.first_name},
                              {"last_name", row.contact.last_name},
                              {"unsubscribed", row.unsubscribed},
                              {"created_at", row.created_at},
                              {"updated_at", row.updated_at}};
  for (const auto& [key, value] : row.values) {
    nlohmann::ordered_json& property = line["properties"][key];
    if (const auto* number = std::get_if<double>(&value))
      property = *number;
    else if (const auto* boolean = std::get_if<bool>(&value))
      property = *boolean;
    else
      property = to_string(value);
  }
  out += line.dump();
  out += '\n';
}

}  // namespace

std::uint64_t Contacts::export_to(const std::function<void(std::string_view)>& sink, ExportFormat format,
                                  const std::optional<SegmentRef>& segment, const ProgressFunction& progress) const {
  std::vector<PropertyDefinition> columns;
  std::optional<detail::People> only;
  std::uint64_t total = 0;
  const Time now = roll_->clock();
  {
    const detail::PooledSession session = roll_->session();
    columns = session->properties(roll_->team.number);
    if (segment) only = detail::find_people_meant(*roll_, *session, *segment);
    total = session->counts(roll_->team.number).contacts;
  }
  std::string out;
  if (format == ExportFormat::csv) {
    std::vector<std::string_view> header{"id",           "email",      "first_name", "last_name",
                                         "unsubscribed", "created_at", "updated_at"};
    for (const PropertyDefinition& column : columns) header.emplace_back(column.key);
    append_csv_row(out, header);
  }
  std::uint64_t written = 0;
  std::uint64_t read = 0;
  IdRange range;
  std::vector<Person> page;
  do {
    roll_->session()->people(roll_->team.number, range,
                             {.contact = true, .permission = true, .segments = only.has_value()}, page_size, page);
    for (const Person& person : page) {
      if (!person.contact) continue;
      ++read;
      if (only && !only->contains(person, now)) continue;
      const ExportedRow row(person);
      if (format == ExportFormat::csv)
        append_csv(out, row, columns);
      else
        append_ndjson(out, row);
      ++written;
    }
    if (!page.empty()) range.first = next_id(page.back().id);
    sink(out);
    out.clear();
    if (progress && !progress({"write", read, std::max(read, total)})) {
      throw Error(ErrorKind::cancelled, "the export was stopped; what was written so far is not whole",
                  {{"reason", "cancelled"}});
    }
  } while (page.size() == page_size);
  return written;
}

}  // namespace mailroll
