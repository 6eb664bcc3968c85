/// The people of a team in two stores, and how one is written into the other.
#pragma once

#include <cstddef>
#include <vector>

#include "mailroll/store/person.hpp"
#include "mailroll/store/store.hpp"

namespace mailroll::detail {

/// Adds to `changes` everything that makes `person`, with all parts, where nothing is under the id.
void add_person(ChangeSet& changes, const Person& person);

/// The highest number of a segment, topic or broadcast that is found under the person; 0 where there is none.
std::int32_t highest_number(const Person& person);

/// Reads two stores side by side in the order of ids, a page at a time: memory is bounded by the page.
class PeopleSideBySide {
 public:
  explicit PeopleSideBySide(TeamNumber team, std::size_t page_size = 1000) : team_(team), page_size_(page_size) {}

  [[nodiscard]] bool at_end() const { return at_end_; }
  /// Reads on: both pages hold the same stretch of ids, and at most page_size people each.
  void next(Session& source, Session& target);
  /// The pages read last.
  [[nodiscard]] const std::vector<Person>& in_source() const { return in_source_; }
  [[nodiscard]] const std::vector<Person>& in_target() const { return in_target_; }

  /// Calls `visit(const Person* in_source, const Person* in_target)` for each id of the pages, ascending; one of the two
  /// may be nullptr.
  template <typename Visit>
  void visit(Visit&& visit) const {
    auto source = in_source_.begin();
    auto target = in_target_.begin();
    while (source != in_source_.end() || target != in_target_.end()) {
      const bool from_source = source != in_source_.end() && (target == in_target_.end() || source->id <= target->id);
      const bool from_target = target != in_target_.end() && (source == in_source_.end() || target->id <= source->id);
      visit(from_source ? &*source : nullptr, from_target ? &*target : nullptr);
      if (from_source) ++source;
      if (from_target) ++target;
    }
  }

 private:
  TeamNumber team_;
  std::size_t page_size_;
  ContactId first_{};
  bool at_end_ = false;
  std::vector<Person> in_source_;
  std::vector<Person> in_target_;
};

}  // namespace mailroll::detail
