#include "commands.hpp"
#include "context.hpp"
#include "property_arguments.hpp"
#include "records.hpp"

namespace mailroll::cli {
namespace {

constexpr std::size_t page_size = 1000;

void print_details(Sheet& sheet, const ContactDetails& details, const Json& record) {
  std::vector<std::pair<std::string, std::string>> fields;
  for (const char* key : {"id", "email", "first_name", "last_name"}) {
    std::string label = key;
    if (const auto blank = label.find('_'); blank != std::string::npos) label[blank] = ' ';
    fields.emplace_back(label, cell_text(record[key], true));
  }
  fields.emplace_back("permission", details.unsubscribed ? "unsubscribed from everything" : "not unsubscribed");
  fields.emplace_back("created", format_time(details.contact.created_at));
  fields.emplace_back("updated", format_time(details.contact.updated_at));
  for (const auto& [key, value] : details.contact.properties.values()) {
    fields.emplace_back("property " + key, to_string(value));
  }
  std::string names;
  for (const Segment& segment : details.segments) names += (names.empty() ? "" : ", ") + segment.name;
  fields.emplace_back("segments", names.empty() ? "none" : names);
  sheet.fields(fields);
  if (details.topics.empty()) return;
  sheet.blank();
  std::vector<Json> topics(record["topics"].begin(), record["topics"].end());
  sheet.table({{"name", "TOPIC"}, {"choice", "CHOICE"}, {"receives", "RECEIVES"}, {"reason", "REASON"}}, topics);
}

void print_contact(Context& context, const Contact& contact, const std::optional<bool>& created) {
  Json record = to_json(contact);
  if (created) record["created"] = *created;
  context.out.record(record);
}

}  // namespace

int contacts_add(Context& context) {
  const Arguments& args = context.args;
  NewContact contact{.email = args["EMAIL"], .first_name = args.get("first-name"), .last_name = args.get("last-name")};
  for (auto& [key, value] : read_properties(context.roll(), args.all("property"))) {
    if (value) contact.properties.emplace(key, std::move(*value));
  }
  contact.segments.assign(args.all("segment").begin(), args.all("segment").end());
  bool created = false;
  const Contact added = context.roll().contacts().add(contact, &created);
  print_contact(context, added, created);
  return exit_code::done;
}

int contacts_show(Context& context) {
  const ContactDetails details = context.roll().contacts().show(context.args["EMAIL"]);
  const Json record = to_json(details);
  context.out.record(record, [&](Sheet& sheet) { print_details(sheet, details, record); });
  return exit_code::done;
}

int contacts_list(Context& context) {
  const Arguments& args = context.args;
  std::optional<SegmentRef> segment;
  if (const auto name = args.get("segment")) segment = *name;
  std::optional<ContactId> after;
  if (const auto text = args.get("after")) {
    const std::optional<Uuid> id = parse_uuid(*text);
    if (!id) throw UsageError("--after wants the id of a contact");
    after = ContactId(*id);
  }
  std::uint64_t left = args.number("limit", 1).value_or(UINT64_MAX);

  const Contacts contacts = context.roll().contacts();
  std::vector<Contact> page = contacts.list(after, std::min<std::uint64_t>(page_size, left), segment);
  context.out.begin({{"id", "ID"},
                     {"email", "EMAIL"},
                     {"first_name", "FIRST NAME"},
                     {"last_name", "LAST NAME"},
                     {"created_at", "CREATED"},
                     {"updated_at", ""},
                     {"properties", ""}});
  while (!page.empty()) {
    for (const Contact& contact : page) context.out.row(to_json(contact));
    left -= page.size();
    if (left == 0) break;
    page = contacts.list(page.back().id, std::min<std::uint64_t>(page_size, left), segment);
  }
  context.out.end();
  return exit_code::done;
}

int contacts_update(Context& context) {
  const Arguments& args = context.args;
  ContactChange change{.first_name = args.get("first-name"), .last_name = args.get("last-name")};
  change.properties = read_properties(context.roll(), args.all("property"));
  if (!change.first_name && !change.last_name && change.properties.empty()) {
    throw UsageError("nothing to change: give --first-name, --last-name or --property");
  }
  print_contact(context, context.roll().contacts().update(args["EMAIL"], change), std::nullopt);
  return exit_code::done;
}

int contacts_remove(Context& context) {
  context.roll().contacts().remove(context.args["EMAIL"]);
  context.done({{"removed", true}}, "removed the contact; its opt-outs stay");
  return exit_code::done;
}

int contacts_change_address(Context& context) {
  const Arguments& args = context.args;
  print_contact(context, context.roll().contacts().change_address(args["OLD"], args["NEW"]), std::nullopt);
  return exit_code::done;
}

int contacts_merge(Context& context) {
  const Arguments& args = context.args;
  print_contact(context, context.roll().contacts().merge(args["KEEP"], args["OTHER"]), std::nullopt);
  return exit_code::done;
}

int contacts_revoke_links(Context& context) {
  const std::int32_t epoch = context.roll().contacts().revoke_links(context.args["EMAIL"]);
  context.done({{"epoch", epoch}}, "revoked: links that were sent so far are good for leaving only");
  return exit_code::done;
}

}  // namespace mailroll::cli
