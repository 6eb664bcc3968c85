/// What the store holds of the contacts of an input, read in ascending order of id.
#pragma once

#include <cstdint>
#include <vector>

#include "mailroll/store/store.hpp"

namespace mailroll::detail {

class StoredPeople {
 public:
  static constexpr Parts parts{
      .contact = true, .permission = true, .segments = true, .events = true, .suppressions = false, .aliases = true};

  /// Walks the range page by page, or asks for each id where the input is but a fraction (`few`) of what is stored.
  StoredPeople(Session& session, TeamNumber team, const IdRange& range, bool few)
      : session_(session), team_(team), rest_(range), few_(few) {}

  /// What is stored of this id, which is greater than that of the call before; a Person with nothing in it where nothing is.
  const Person& find(const ContactId& id);

  /// Whether nothing at all is stored of any id in the range.
  static bool none(Session& session, TeamNumber team, const IdRange& range);

 private:
  Session& session_;
  TeamNumber team_;
  IdRange rest_;
  bool few_;
  bool done_ = false;
  std::vector<Person> page_;
  std::size_t at_ = 0;
  Person asked_;
};

}  // namespace mailroll::detail
