#include <algorithm>
#include <filesystem>
#include <memory>

#include "mailroll/error.hpp"
#include "mailroll/transfer/contacts_file.hpp"
#include "transfer/audience_targets.hpp"
#include "transfer/pass.hpp"
#include "transfer/plan_entry.hpp"
#include "transfer/stored_people.hpp"

namespace mailroll {

struct ImportPlan::Work {
  Work(std::shared_ptr<detail::RollState> state, const detail::IntakeOptions& intake_options)
      : roll(std::move(state)), intake(intake_options) {}

  /// A segment to join: one that exists, or a name to make one of.
  struct Wanted {
    std::optional<SegmentNumber> number;
    std::string name;
  };

  std::shared_ptr<detail::RollState> roll;
  detail::Intake intake;
  bool keep_existing = false;
  std::vector<Wanted> segments;
  std::vector<detail::ImportTopic> topics;
  std::string digest;  // of the file's content
  Time read_at{};
  bool planned = false;
  bool applied = false;
  ImportSummary summary;

  detail::MergeRules rules() const {
    detail::MergeRules rules;
    rules.import = true;
    rules.keep_existing = keep_existing;
    rules.import_topics = topics;
    rules.import_source = "import:" + digest;
    std::int32_t pretended = 0;
    for (const Wanted& wanted : segments) {
      --pretended;
      rules.import_segments.push_back(wanted.number.value_or(SegmentNumber(pretended)));
    }
    rules.properties = &intake.properties();
    rules.now = roll->clock();
    rules.read_at = read_at;
    rules.key_version = address_key_version();
    rules.hash_key = intake.hash_key();
    return rules;
  }

  /// Of the run: the same file for other segments or topics is another one.
  std::string source() const {
    ContentDigest wanted;
    for (const Wanted& segment : segments) wanted.update(segment.name + ';');
    for (const detail::ImportTopic& topic : topics) wanted.update(std::to_string(number_of(topic.number)) + ',');
    wanted.update(keep_existing ? "keep" : "update");
    return digest + ':' + wanted.hex();
  }

  /// Makes the segments that do not exist. Somebody may have made one of that name since the input was read.
  bool make_segments(Session& session, Time now) {
    bool made = false;
    for (Wanted& wanted : segments) {
      if (wanted.number) continue;
      for (const Segment& segment : session.segments(roll->team.number)) {
        if (segment.name == wanted.name && segment.filter.empty()) wanted.number = segment.number;
      }
      if (wanted.number) continue;
      Segment segment;
      segment.id = SegmentId(make_uuid_v7(now));
      segment.number = SegmentNumber(session.take_numbers(roll->team.number, 1));
      segment.name = wanted.name;
      segment.created_at = segment.updated_at = now;
      session.put_segment(roll->team.number, segment);
      wanted.number = segment.number;
      made = true;
    }
    return made;
  }

  void find_segments_and_topics(Session& session, const ImportOptions& options) {
    for (const std::string& name : options.segments) {
      Wanted wanted;
      wanted.name = name;
      try {
        wanted.number = detail::find_static_segment(*roll, session, name).number;
      } catch (const Error& error) {
        // An id is never the name of a segment to make.
        if (error.kind() != ErrorKind::not_found || parse_uuid(name)) throw;
        wanted.name = detail::checked_name(name, max_segment_name, "segment's name");
      }
      const bool again = std::ranges::any_of(segments, [&](const Wanted& other) {
        return wanted.number ? other.number == wanted.number : other.name == wanted.name;
      });
      if (!again) segments.push_back(std::move(wanted));
    }
    for (const std::string& name : options.topics) {
      const Topic topic = detail::find_topic(*roll, session, name);
      if (std::ranges::find(topics, topic.number, &detail::ImportTopic::number) != topics.end()) continue;
      topics.push_back({topic.number, topic.basis});
    }
  }

  /// `listing`: the rejects file is still open for what is found out only here.
  void plan(const ProgressFunction& progress, bool listing) {
    detail::PassListener listener;
    if (listing) listener.erased = [this](const detail::PreparedRow& row) { intake.reject_erased(row); };
    detail::Pace pace(progress);
    const detail::MergeRules current = rules();
    take(detail::Pass(*roll, intake, nullptr).look(current, listener, pace, 0));
    planned = true;
  }

  void ensure_planned(const ProgressFunction& progress) {
    if (!planned) plan(progress, false);
  }

  void take(const detail::Counts& counts) {
    ImportSummary sum;
    sum.dry_run = !applied;
    sum.rows = intake.rows();
    sum.by_verdict = counts.rows_by_verdict;
    sum.rejected_by_reason = intake.rejected();
    for (const std::uint64_t rejected : sum.rejected_by_reason) {
      sum.by_verdict[static_cast<std::size_t>(RowVerdict::rejected)] += rejected;
    }
    sum.rejected_by_reason[static_cast<std::size_t>(RejectReason::suppressed_erased)] += counts.erased_rows;
    sum.opt_ins = counts.raised;
    sum.unsubscribed = counts.unsubscribed;
    sum.kept_opted_out = counts.kept_opted_out;
    sum.kept_removed = counts.kept_removed;
    summary = sum;
  }
};

const ImportSummary& ImportPlan::summary(const ProgressFunction& progress) const {
  work_->ensure_planned(progress);
  return work_->summary;
}

const ImportSummary& ImportPlan::apply(const ProgressFunction& progress) {
  Work& work = *work_;
  detail::RollState& roll = *work.roll;
  detail::Pace pace(progress);
  detail::Chunks chunks(roll, "import", work.source());

  const auto wanted = work.segments;
  chunks.whole([&](Session& session) {
    work.segments = wanted;
    session.lock_shared(roll.team.number, 0);
    const Time now = roll.clock();
    bool made = work.make_segments(session, now);
    made |= detail::define_properties(session, roll.team.number, now, work.intake.properties());
    if (made) chunks.changing();
  });

  const detail::MergeRules rules = work.rules();
  const detail::Counts counts = detail::Pass(roll, work.intake, nullptr).write(chunks, rules, {}, pace, 0);
  work.applied = work.planned = true;
  work.take(counts);
  return work.summary;
}

namespace detail {

namespace {

std::uint64_t size_of(const std::string& path) {
  std::error_code failed;
  if (path == "-" || !std::filesystem::is_regular_file(path, failed)) return 0;
  const std::uintmax_t size = std::filesystem::file_size(path, failed);
  return failed ? 0 : size;
}

}  // namespace

ImportPlan plan_import(const std::shared_ptr<RollState>& roll, const std::string& path, const ImportOptions& options) {
  const auto digest = std::make_shared<ContentDigest>();
  const std::unique_ptr<RowReader> reader = open_contacts_file(path, ColumnMap(options.columns), digest);

  roll->reload_keys(*roll->session());  // another process may have added one
  IntakeOptions intake{.hash_key = roll->keys()->signing, .properties = {}};
  bool empty = false;
  {
    const PooledSession session = roll->session();
    intake.properties = session->properties(roll->team.number);
    empty = StoredPeople::none(*session, roll->team.number, IdRange{});
  }
  intake.strict_properties = options.strict_properties;
  intake.rejects = options.rejects;
  intake.bytes = size_of(path);

  auto work = std::make_shared<ImportPlan::Work>(roll, intake);
  work->keep_existing = options.keep_existing;
  work->read_at = roll->clock();
  {
    const PooledSession session = roll->session();
    work->find_segments_and_topics(*session, options);
  }
  Pace pace(options.progress);
  work->intake.read(*reader, path, 0, pace);
  work->digest = digest->hex();

  // Whoever applies at once need not wait for a plan. But rows of erased people are known only by it, and the file that
  // lists them is whole when this returns.
  if (!empty && !options.rejects.empty()) work->plan(options.progress, true);
  work->intake.rejects().close();
  return ImportPlan(std::move(work));
}

}  // namespace detail
}  // namespace mailroll
