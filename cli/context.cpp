#include "context.hpp"

#include <cstdlib>
#include <iostream>

#include <unistd.h>

#include "display.hpp"

namespace mailroll::cli {

std::string Context::store_url() const {
  if (const auto url = args.get("db")) return *url;
  const char* url = std::getenv("MAILROLL_DB");
  return url != nullptr && *url != '\0' ? url : "sqlite:///mailroll.db";
}

Roll& Context::roll() {
  if (!roll_) {
    OpenOptions options;
    options.actor = Actor::operator_;
    if (const auto team = args.get("team")) options.team = *team;
    options.key_file = args["key-file"];
    roll_ = open(store_url(), options);
  }
  return *roll_;
}

void Context::note(std::string_view text) const {
  if (!args.has("quiet")) std::cerr << harmless(text) << "\n";
}

void Context::warn(std::string_view text) const { std::cerr << "mailroll: warning: " << harmless(text) << "\n"; }

bool Context::agreed(std::string_view question) const {
  if (::isatty(STDIN_FILENO) != 1) return true;  // a script knows what it does
  std::cerr << question << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

void Context::done(const Json& record, std::string_view text) const {
  if (out.is_for_people()) {
    note(text);
  } else {
    out.record(record);
  }
}

void Context::warn_if_incomplete(bool incomplete) const {
  if (incomplete) {
    warn(
        "an import, migration, rekey or copy has not finished, so people may be missing from this answer, or be in it "
        "who are to be suppressed; run that command again (mailroll check names it)");
  }
}

TopicRef topic_of(const Arguments& args) {
  if (const auto name = args.get("topic")) return *name;
  return no_topic;
}

Scope scope_of(const Arguments& args) {
  if (const auto name = args.get("topic")) return TopicRef(*name);
  return everything;
}

}  // namespace mailroll::cli
