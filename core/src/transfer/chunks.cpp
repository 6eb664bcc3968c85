#include "transfer/chunks.hpp"

#include <algorithm>
#include <set>

#include "mailroll/error.hpp"

namespace mailroll::detail {

Chunks::Chunks(RollState& roll) : roll_(roll), writing_(false) {}

Chunks::Chunks(RollState& roll, std::string kind, std::string source) : roll_(roll), writing_(true) {
  run_.kind = std::move(kind);
  run_.source = std::move(source);
}

Chunks::~Chunks() { give_back(); }

void Chunks::give_back() {
  if (!taken_) return;
  if (open_) taken_->session->rollback();
  run_begun_ = run_stored_;
  try {
    if (writing_) taken_->session->expect_bulk(false);
  } catch (const Error&) {
    // What was to be done is done, or why it was not is on its way to the caller already.
  }
  open_ = changed_ = false;
  taken_.reset();
}

Session& Chunks::session() {
  if (!taken_) {
    taken_ = std::make_unique<Taken>(roll_);
    if (writing_) taken_->session->expect_bulk(true);
  }
  Session& session = *taken_->session;
  if (!open_) {
    if (writing_)
      session.begin_write();
    else
      session.begin_read();
    open_ = true;
    if (writing_ && run_.id.is_nil()) find_run();
  }
  return session;
}

void Chunks::find_run() {
  run_.started_at = roll_.clock();
  run_.id = RunId(make_uuid_v7(run_.started_at));
  for (const Run& run : taken_->session->runs(roll_.team.number)) {
    if (run.finished_at || run.kind != run_.kind || run.source != run_.source) continue;
    run_ = run;
    run_begun_ = run_stored_ = true;
  }
}

void Chunks::changing() {
  changed_ = true;
  if (run_begun_) return;
  session().put_run(roll_.team.number, run_);
  run_begun_ = true;
}

void Chunks::end() {
  if (!open_) return;
  Session& session = *taken_->session;
  if (changed_)
    session.commit(Durability::bulk);
  else
    session.rollback();
  run_stored_ = run_begun_;
  open_ = changed_ = false;
  if (roll_.store->max_sessions() == 1) give_back();  // the caller's progress function may want to look
}

void Chunks::abandon() {
  if (taken_) taken_->session->rollback();
  run_begun_ = run_stored_;
  open_ = changed_ = false;
}

void Chunks::finish() {
  if (!run_begun_) {
    end();
    return;
  }
  run_.finished_at = roll_.clock();
  session().put_run(roll_.team.number, run_);
  session().commit(Durability::full);
  run_stored_ = true;
  open_ = changed_ = false;
}

void check_targets(Session& session, TeamNumber team, const MergeRules& rules) {
  std::set<SegmentNumber> segments;
  std::set<TopicNumber> topics{everything_scope};
  for (const Segment& segment : session.segments(team)) segments.insert(segment.number);
  for (const Topic& topic : session.topics(team)) topics.insert(topic.number);
  const auto has_segment = [&](SegmentNumber number) { return segments.contains(number); };
  const auto has_topic = [&](TopicNumber number) { return topics.contains(number); };
  const bool there =
      std::ranges::all_of(rules.audiences,
                          [&](const AudienceTarget& t) { return has_segment(t.segment) && has_topic(t.topic); }) &&
      std::ranges::all_of(rules.import_segments, has_segment) &&
      std::ranges::all_of(rules.import_topics, has_topic, &ImportTopic::number);
  if (there) return;
  throw Error(ErrorKind::conflict,
              "a segment or topic of this input was deleted while it was written; run the same input again",
              {{"reason", "deleted_meanwhile"}});
}

}  // namespace mailroll::detail
