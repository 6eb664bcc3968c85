#include "mailroll/transfer/copy.hpp"

#include <algorithm>

#include "mailroll/error.hpp"
#include "mailroll/store/registry.hpp"
#include "transfer/copied_definitions.hpp"
#include "transfer/copied_feed.hpp"
#include "transfer/copied_people.hpp"
#include "transfer/copy_comparison.hpp"
#include "transfer/copy_runs.hpp"
#include "transfer/pace.hpp"

namespace mailroll {
namespace {

/// One state of a store, for as long as this lives.
class Reading {
 public:
  explicit Reading(Session& session) : session_(session) { session_.begin_read(); }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;
  ~Reading() { session_.rollback(); }

 private:
  Session& session_;
};

class BulkLoad {
 public:
  explicit BulkLoad(Session& session) : session_(session) { session_.expect_bulk(true); }
  BulkLoad(const BulkLoad&) = delete;
  BulkLoad& operator=(const BulkLoad&) = delete;
  ~BulkLoad() {
    try {
      session_.expect_bulk(false);
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): the copy is done, or why it is not is on its way already
    }
  }

 private:
  Session& session_;
};

class Copying {
 public:
  Copying(Store& source, Store& target, const CopyOptions& options)
      : source_(source.connect()),
        one_state_(*source_),
        runs_(*source_),
        target_(target.connect()),
        options_(options),
        pace_(options.progress) {}

  CopyReport run() {
    report_.dry_run = options_.dry_run;
    report_.target_was = runs_.look_at(*target_);
    report_.keys_outside = static_cast<std::uint64_t>(
        std::ranges::count_if(runs_.keys(), [](const StoredKey& key) { return !key.secret; }));
    for (const Team& team : runs_.teams()) contacts_ += source_->counts(team.number).contacts;
    if (options_.dry_run || report_.target_was == CopyTarget::complete) {
      only_compare();
    } else {
      const BulkLoad bulk(*target_);
      writing([&] { runs_.begin(*target_, options_.clock()); }, Durability::full);
      for (const Team& team : runs_.teams()) copy_team(team.number);
      tell("copy", copied_, true);
      verify();
    }
    return report_;
  }

 private:
  void only_compare() {
    detail::CopyComparison comparison;
    {
      const Reading one_state(*target_);
      comparison.read(*source_, *target_, [&](std::uint64_t people) { tell("verify", people); });
      comparison.read_outboxes(*source_, *target_);
    }
    if (report_.target_was == CopyTarget::complete && !comparison.same()) {
      throw Error(ErrorKind::conflict,
                  "the target is a copy of this source that has ended, and one of the two has changed since (" +
                      comparison.differences() + "); nothing was written: copy into a new store",
                  {{"reason", "target_differs"}});
    }
    report_.written = comparison.people_not_alike();
    report(comparison);
  }

  void copy_team(TeamNumber team) {
    chunk(team, [&] { detail::copy_definitions(*source_, *target_, team); });
    copy_feed(team);  // before people: where it shows that somebody has opted out in the target, they stay as they are
    copy_people(team);
  }

  void copy_people(TeamNumber team) {
    detail::PeopleSideBySide people(team);
    do {
      chunk(team, [&] {
        people.next(*source_, *target_);
        ChangeSet changes;
        changes.all_new = people.in_target().empty();
        people.visit([&](const Person* in_source, const Person* in_target) {
          if (in_source != nullptr && in_target != nullptr && *in_source == *in_target) return;
          if (in_target != nullptr) changes.dropped.push_back(in_target->id);
          if (in_source != nullptr) detail::add_person(changes, *in_source);
          ++report_.written;
        });
        if (!changes.empty()) target_->write(team, changes);
      });
      copied_ += people.in_source().size();
      tell("copy", copied_);
    } while (!people.at_end());
  }

  void copy_feed(TeamNumber team) {
    std::int64_t position = 0;
    std::vector<FeedEntry> page;
    do {
      page = source_->feed(team, position, detail::feed_page);
      chunk(team, [&] {
        const std::vector<FeedEntry> there = target_->feed(team, position, detail::feed_page);
        // A feed only grows, so that one which goes another way was not written by this copy.
        if (there.size() > page.size() || !std::equal(there.begin(), there.end(), page.begin())) {
          throw Error(ErrorKind::conflict,
                      "the target's feed of opt-outs is not the source's: somebody has opted out in the target before "
                      "the copy had ended; begin again with a new target",
                      {{"reason", "target_in_use"}});
        }
        detail::append_to_feed(*target_, team, std::span(page).subspan(there.size()));
      });
      if (!page.empty()) position = page.back().position;
      if (page.size() == detail::feed_page) tell("copy", copied_);
    } while (page.size() == detail::feed_page);
  }

  void verify() {
    detail::CopyComparison comparison;
    {
      const Reading one_state(*target_);
      comparison.read(*source_, *target_, [&](std::uint64_t people) { tell("verify", people); });
    }
    require_same(comparison);
    tell("verify", comparison.source().people, true);
    // Until here the outbox was empty, so that an opt-out in the target would have been seen; it comes with the end.
    writing([&] { finish(comparison); }, Durability::full);
    report(comparison);
  }

  void finish(detail::CopyComparison& comparison) {
    for (const Team& team : runs_.teams()) {
      runs_.require_undisturbed(*target_, team.number);
      detail::copy_outbox(*source_, *target_, team.number);
      go_on_behind(team.number, comparison.highest_number(team.number));
    }
    comparison.read_outboxes(*source_, *target_);
    require_same(comparison);
    runs_.finish(*target_, options_.clock());
  }

  /// Numbers that anything still names, also of topics that are gone, are not given again.
  void go_on_behind(TeamNumber team, std::int32_t highest) {
    if (highest == 0) return;
    const std::int32_t taken = target_->take_numbers(team, 1);
    if (taken < highest) target_->take_numbers(team, highest - taken);
  }

  static void require_same(const detail::CopyComparison& comparison) {
    if (comparison.same()) return;
    throw Error(ErrorKind::storage,
                "the target does not hold what the source does (" + comparison.differences() +
                    "), so the copy is not finished; nobody else may write to the target: run the same command again",
                {{"reason", "copy_differs"}});
  }

  template <typename Work>
  void chunk(TeamNumber team, Work work) {
    writing(
        [&] {
          runs_.require_undisturbed(*target_, team);
          work();
        },
        Durability::bulk);
  }

  template <typename Work>
  void writing(Work work, Durability durability) {
    target_->begin_write();
    try {
      work();
      target_->commit(durability);
    } catch (...) {
      target_->rollback();
      throw;
    }
  }

  void tell(std::string_view phase, std::uint64_t people, bool always = false) {
    pace_.tell(phase, people, std::max(contacts_, people), always);
  }

  void report(const detail::CopyComparison& comparison) {
    report_.counts = comparison.source();
    report_.digest = comparison.digest();
  }

  std::unique_ptr<Session> source_;
  Reading one_state_;
  detail::CopyRuns runs_;
  std::unique_ptr<Session> target_;
  const CopyOptions& options_;
  detail::Pace pace_;
  CopyReport report_;
  std::uint64_t contacts_ = 0;
  std::uint64_t copied_ = 0;
};

}  // namespace

CopyReport copy(Store& source, Store& target, const CopyOptions& options) {
  return Copying(source, target, options).run();
}

CopyReport copy(const std::string& source, const std::string& target, const CopyOptions& options) {
  const std::shared_ptr<Store> from = open_store(source);
  // Before the target is opened, which may make it: a mistyped source leaves nothing behind there.
  const detail::CopyRuns whole_source(*from->connect());
  return copy(*from, *open_store(target), options);
}

}  // namespace mailroll
