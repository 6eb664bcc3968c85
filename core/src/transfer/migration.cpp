#include <algorithm>
#include <memory>

#include "mailroll/error.hpp"
#include "mailroll/transfer/audience_export.hpp"
#include "transfer/audience_targets.hpp"
#include "transfer/pass.hpp"
#include "transfer/plan_entry.hpp"
#include "transfer/stored_people.hpp"

namespace mailroll {

struct MigrationPlan::Work {
  Work(std::shared_ptr<detail::RollState> state, const detail::IntakeOptions& intake_options)
      : roll(std::move(state)), intake(intake_options) {}

  std::shared_ptr<detail::RollState> roll;
  detail::Intake intake;
  UnsubscribedPolicy policy{};
  bool complete = false;
  bool planned = false;
  bool applied = false;
  std::string source;  // of the run
  Time read_at{};
  MigrationSummary summary;
  std::vector<AudienceEffect> audiences;
  detail::AliasBook aliases;

  /// Rules as things stand, with pretended numbers for what is not made yet.
  detail::MergeRules rules(Session& session, UnsubscribedPolicy under) const {
    detail::MergeRules rules;
    rules.policy = under;
    rules.complete = complete;
    rules.audiences = detail::find_targets(session, roll->team.number, intake.audiences(), under);
    rules.properties = &intake.properties();
    rules.now = roll->clock();
    rules.read_at = read_at;
    rules.key_version = address_key_version();
    rules.hash_key = intake.hash_key();
    return rules;
  }

  detail::MergeRules rules_now(UnsubscribedPolicy under) const {
    const detail::PooledSession session = roll->session();
    return rules(*session, under);
  }

  /// `listing`: the rejects file is still open for what is found out only here.
  void plan(const ProgressFunction& progress, bool listing) {
    detail::PassListener listener;
    if (listing) listener.erased = [this](const detail::PreparedRow& row) { intake.reject_erased(row); };
    detail::Pace pace(progress);
    aliases.clear();
    const detail::MergeRules current = rules_now(policy);
    take(detail::Pass(*roll, intake, &aliases).look(current, listener, pace, 0));
    planned = true;
  }

  void ensure_planned() {
    if (!planned) plan({}, false);
  }

  void take(const detail::Counts& counts);
};

void MigrationPlan::Work::take(const detail::Counts& counts) {
  MigrationSummary sum;
  sum.dry_run = !applied;
  sum.policy = policy;
  sum.rows = intake.rows();
  sum.rejected_by_reason = intake.rejected();
  sum.rejected_by_reason[static_cast<std::size_t>(RejectReason::suppressed_erased)] += counts.erased_rows;
  for (const std::uint64_t rejected : sum.rejected_by_reason) sum.rejected += rejected;
  sum.duplicates = counts.duplicates;
  sum.audiences = intake.audiences().size();
  sum.contacts = counts.contacts;
  sum.contacts_created = counts.created;
  sum.contacts_updated = counts.updated;
  sum.contacts_unchanged = counts.unchanged;
  sum.memberships = counts.memberships;
  sum.segments = sum.audiences;
  sum.topics = policy == UnsubscribedPolicy::topics ? sum.audiences : 0;
  sum.opt_ins = counts.opt_ins;
  sum.opt_outs = counts.opt_outs;
  sum.unsubscribed = counts.unsubscribed;
  sum.kept_opted_out = counts.kept_opted_out;
  sum.kept_removed = counts.kept_removed;
  sum.left_to_topics = counts.left_to_topics;
  sum.name_conflicts = counts.name_conflicts;
  sum.address_spellings = counts.address_spellings;
  sum.property_conflicts = counts.property_conflicts;
  sum.alias_conflicts = aliases.conflicts();
  sum.aliases_too_long = counts.aliases_too_long;
  sum.usage_per_audience = counts.memberships;
  sum.usage_global = counts.contacts;
  summary = sum;

  audiences.clear();
  for (std::size_t i = 0; i < intake.audiences().size(); ++i) {
    const detail::AudienceSums sums = i < counts.audiences.size() ? counts.audiences[i] : detail::AudienceSums{};
    audiences.push_back({intake.audiences()[i].name, sums.members, sums.received_before, sums.receives_after,
                         sums.receives_after_everything, sums.gains, sums.loses});
  }
}

const MigrationSummary& MigrationPlan::summary() const {
  work_->ensure_planned();
  return work_->summary;
}

const std::vector<AudienceEffect>& MigrationPlan::audiences() const {
  work_->ensure_planned();
  return work_->audiences;
}

bool MigrationPlan::complete() const { return work_->complete; }

void MigrationPlan::effects(UnsubscribedPolicy policy, const std::function<bool(const Effect&)>& visit) const {
  detail::PassListener listener;
  listener.effect = visit;
  const ProgressFunction silent;
  detail::Pace pace(silent);
  const detail::MergeRules rules = work_->rules_now(policy);
  detail::Pass(*work_->roll, work_->intake, nullptr).look(rules, listener, pace, 0);
}

void MigrationPlan::conflicts(const std::function<bool(const Conflict&)>& visit) const {
  work_->ensure_planned();
  detail::PassListener listener;
  listener.conflict = visit;
  listener.alias_book = &work_->aliases;
  const ProgressFunction silent;
  detail::Pace pace(silent);
  const detail::MergeRules rules = work_->rules_now(work_->policy);
  detail::Pass(*work_->roll, work_->intake, nullptr).look(rules, listener, pace, 0);
}

const MigrationSummary& MigrationPlan::apply(const ProgressFunction& progress) {
  Work& work = *work_;
  detail::RollState& roll = *work.roll;
  const std::uint64_t expected = work.planned ? work.summary.contacts : 0;
  detail::Pace pace(progress);
  detail::Chunks chunks(roll, "migration", work.source);

  detail::MergeRules rules;
  chunks.whole([&](Session& session) {
    session.lock_shared(roll.team.number, 0);
    rules = work.rules(session, work.policy);
    bool made = detail::make_targets(session, roll.team.number, rules.now, rules.audiences);
    made |= detail::define_properties(session, roll.team.number, rules.now, work.intake.properties());
    if (made) chunks.changing();
  });

  work.aliases.clear();
  const detail::Counts counts = detail::Pass(roll, work.intake, &work.aliases).write(chunks, rules, {}, pace, expected);
  work.applied = work.planned = true;
  work.take(counts);
  return work.summary;
}

namespace detail {
MigrationPlan plan_migration(const std::shared_ptr<RollState>& roll, const std::vector<std::string>& paths,
                             const MigrationOptions& options) {
  const AudienceExport found = find_audience_export(paths);
  roll->reload_keys(*roll->session());  // another process may have added one
  IntakeOptions intake{.hash_key = roll->keys()->signing, .properties = {}};
  bool empty = false;
  {
    const PooledSession session = roll->session();
    intake.properties = session->properties(roll->team.number);
    empty = StoredPeople::none(*session, roll->team.number, IdRange{});
  }
  intake.audiences = true;
  intake.rejects = options.rejects;
  intake.bytes = found.bytes;

  auto work = std::make_shared<MigrationPlan::Work>(roll, intake);
  work->policy = options.unsubscribed;
  work->complete = found.complete || options.complete;
  work->read_at = roll->clock();

  std::vector<AudienceIndex> indices;
  indices.reserve(found.audiences.size());
  for (const AudienceExport::Audience& audience : found.audiences) {
    indices.push_back(work->intake.add_audience(audience.id, clean_name(audience.name)));
  }
  const auto digest = std::make_shared<ContentDigest>();
  Pace pace(options.progress);
  for (const AudienceExport::File& file : found.files) {
    std::optional<AudienceIndex> audience;
    if (file.audience) {
      audience = indices[*file.audience];
      const Intake::Audience& named = work->intake.audiences()[*audience];
      digest->update(named.id.empty() ? named.name : named.id);
      digest->update(std::string_view("\0", 1));
    }
    const std::unique_ptr<RowReader> reader = open_rows(InputFile::open(file.path, digest), file.format);
    work->intake.read(*reader, file.path, audience, pace);
  }
  work->source = std::string(to_string(options.unsubscribed)) + (work->complete ? ",complete:" : ":") + digest->hex();

  // Into a store that holds nobody, nothing can be found out by planning that reading has not: it is put off until asked
  // for, and whoever applies at once need not wait for it.
  if (empty)
    pace.tell("read", found.bytes, found.bytes, true);
  else
    work->plan(options.progress, true);
  work->intake.rejects().close();
  return MigrationPlan(std::move(work));
}

}  // namespace detail
}  // namespace mailroll
