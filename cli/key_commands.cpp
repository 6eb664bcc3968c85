#include <charconv>

#include "commands.hpp"
#include "context.hpp"
#include "records.hpp"

namespace mailroll::cli {
namespace {

std::int32_t key_id(const Arguments& args) {
  const std::string text = args["ID"];
  std::int32_t id = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (problem != std::errc() || end != text.data() + text.size() || id < 1) {
    throw UsageError("ID is a whole number from 1 on; `mailroll keys list` shows them");
  }
  return id;
}

KeyKind key_kind(const Arguments& args) { return known(parse_key_kind(args["KIND"])); }

}  // namespace

int keys_list(Context& context) {
  const std::vector<KeyInfo> keys = context.roll().keys().list();
  context.out.list({{"kind", "KIND"},
                    {"id", "ID", true},
                    {"state", "STATE"},
                    {"fingerprint", "FINGERPRINT"},
                    {"in_store", "IN STORE"},
                    {"given", ""},
                    {"people", "PEOPLE", true},
                    {"created_at", "CREATED"},
                    {"changed_at", "CHANGED"}},
                   to_records(keys));
  for (const KeyInfo& key : keys) {
    if (key.given || key.state == KeyState::revoked) continue;
    context.warn(std::string(to_string(key.kind)) + " key " + std::to_string(key.id) +
                 " is given nowhere: links that it signed are not believed");
  }
  return exit_code::done;
}

int keys_add(Context& context) {
  context.out.record(to_json(context.roll().keys().add(key_kind(context.args))));
  return exit_code::done;
}

int keys_retire(Context& context) {
  context.out.record(to_json(context.roll().keys().retire(key_kind(context.args), key_id(context.args))));
  return exit_code::done;
}

int keys_revoke(Context& context) {
  context.out.record(to_json(context.roll().keys().revoke(key_kind(context.args), key_id(context.args))));
  return exit_code::done;
}

int keys_move_out(Context& context) {
  const std::string file = context.args["FILE"];
  const std::size_t moved = context.roll().keys().move_out(file);
  context.done({{"moved", moved}, {"file", moved == 0 ? Json(nullptr) : Json(file)}},
               moved == 0 ? "the store keeps no secrets: nothing to move"
                          : "moved " + std::to_string(moved) + " secrets to " + file +
                                "; name it with --key-file from now on, and keep a copy elsewhere");
  return exit_code::done;
}

int rekey(Context& context) {
  Roll& roll = context.roll();
  const RekeyReport report =
      context.long_work("whoever was moved so far stays so, and the same command completes the rest",
                        [&](const ProgressFunction& progress) { return roll.keys().rekey(progress); });
  Json collided = Json::array();
  for (const auto& [id, other] : report.collided) collided.push_back({{"id", id}, {"taken_by", other}});
  const Json record = {
      {"looked_at", report.looked_at},   {"moved", report.moved}, {"collisions", report.collisions},
      {"unreadable", report.unreadable}, {"collided", collided},  {"without_address", report.without_address}};
  context.out.record(record, [&](Sheet& sheet) {
    sheet.fields({{"under another key or Unicode version", std::to_string(report.looked_at)},
                  {"moved to a new id", std::to_string(report.moved)},
                  {"whose new id another contact has", std::to_string(report.collisions)},
                  {"whose address is no longer one", std::to_string(report.unreadable)},
                  {"ids of which nobody knows the address", std::to_string(report.without_address)}});
    for (const auto& [id, other] : report.collided) {
      std::string left = "Left as it is: ";
      left.append(id).append(", whose new id ").append(other).append(" is another contact's. If they are one person:");
      sheet.line(left);
      std::string command = "  mailroll contacts merge ";
      command.append(id).append(" ").append(other);
      sheet.line(command);
    }
  });
  return exit_code::done;
}

}  // namespace mailroll::cli
