#include "command_rows.hpp"
#include "commands.hpp"

namespace mailroll::cli {
namespace {

using namespace shared;

const Option about_topic{.name = "topic", .value = "NAME", .help = "the link leaves this topic (name or id)"};
const Option about_everything{.name = "everything", .help = "the link leaves everything"};
const Option base_url{.name = "base-url",
                      .value = "URL",
                      .help = "where the preference page is served, e.g. https://mail.example.com",
                      .required = true};

}  // namespace

std::vector<Command> link_rows() {
  return {
      {.noun = "link",
       .verb = "",
       .help = "print the link of a person's page, as it stands in a mail",
       .arguments = {person},
       .options = {about_everything,
                   about_topic,
                   {.name = "purpose",
                    .value = "WORD",
                    .help = "leave (default), or export: read everything held on the person",
                    .words = {"leave", "export"}},
                   base_url},
       .exactly_one = {{"everything", "topic"}},
       .more = "Whoever has the link can use it: send it to the person and to nobody else.",
       .run = link},
      {.noun = "headers",
       .verb = "",
       .help = "print the header fields of one-click unsubscribing (RFC 8058)",
       .arguments = {person},
       .options = {about_everything,
                   about_topic,
                   base_url,
                   {.name = "mailto",
                    .value = "ADDRESS",
                    .help = "an address that takes opt-outs by mail; the token is the subject"}},
       .exactly_one = {{"everything", "topic"}},
       .more = "Both fields go into the mail as they are, and the DKIM signature must cover both.",
       .run = headers},
  };
}

}  // namespace mailroll::cli
