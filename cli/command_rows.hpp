/// The rows of the command table, by what they are about, and what several rows share.
#pragma once

#include <vector>

#include "command.hpp"
#include "mailroll/consent/event.hpp"

namespace mailroll::cli {

std::vector<Command> contact_rows();
std::vector<Command> segment_rows();
std::vector<Command> topic_rows();
std::vector<Command> permission_rows();
std::vector<Command> link_rows();
std::vector<Command> definition_rows();
std::vector<Command> suppression_rows();
std::vector<Command> answer_rows();
std::vector<Command> key_rows();
std::vector<Command> delivery_rows();
std::vector<Command> retention_rows();
std::vector<Command> store_rows();

namespace shared {
inline const Argument person{"EMAIL", "an address in any spelling, a contact's id, or an id from before the migration"};
inline const Argument new_address{"EMAIL", "the address"};
inline const Option override_reason{
    .name = "override", .value = "REASON", .help = "why it is right to go against an opt-out; kept with the event"};
inline const Option mail_people{.name = "segment",
                                .value = "EXPR",
                                .help = "the segment the mail goes to (name or id), or an expression: VIP & Newsletter",
                                .required = true};
inline const Option mail_topic{.name = "topic", .value = "NAME", .help = "the mail is about this topic (name or id)"};
inline const Option mail_no_topic{.name = "no-topic",
                                  .help = "the mail has no topic: only leaving everything stops it"};
inline std::vector<std::string> channel_words() {
  std::vector<std::string> words;
  words.reserve(spoken_channels.size());
  for (const Channel channel : spoken_channels) words.emplace_back(to_string(channel));
  return words;
}
inline std::vector<std::string> basis_words() { return {lawful_bases.begin(), lawful_bases.end()}; }

inline const Option act_time{
    .name = "at", .value = "TIME", .help = "when it happened, e.g. 2026-03-01T12:00:00Z or 2026-03-01 (default: now)"};
inline const Option act_channel{
    .name = "channel", .value = "WORD", .help = "how it came in (default: cli)", .words = channel_words()};
inline const Option act_evidence{
    .name = "evidence", .value = "TEXT", .help = "how we know, e.g. \"phoned on Monday\"; kept with the event"};
inline const Option valid_until{
    .name = "valid-until", .value = "TIME", .help = "when the consent runs out (default: never)"};
inline const Option lawful_basis{
    .name = "basis", .value = "WORD", .help = "lawful basis (default: the topic's)", .words = basis_words()};
inline const Option dry_run{.name = "dry-run", .help = "say what would happen, and write nothing"};
inline const Option rejects{
    .name = "rejects", .value = "FILE", .help = "list the rejected rows here, as NDJSON without addresses"};
}  // namespace shared

}  // namespace mailroll::cli
