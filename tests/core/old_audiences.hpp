/// Random exports of old audiences, and whom those audiences reached: worked out here without a line of the library.
#pragma once

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace mailroll::testing {

inline const std::vector<std::string>& old_audience_names() {
  static const std::vector<std::string> names{"Alpha", "Beta", "Gamma"};
  return names;
}

inline std::string person_email(int person) { return "p" + std::to_string(person) + "@example.com"; }

struct OldRow {
  int audience = 0;
  int person = 0;
  bool unsubscribed = false;
  bool rejected = false;        ///< its created_at cannot be read
  std::string unsubscribed_at;  ///< "" where unknown
  std::string created_at;
  std::string updated_at;
  std::string first_name;
  std::string plan;
  std::string spelling;
};

struct OldExport {
  std::vector<OldRow> rows;

  using People = std::set<std::string>;

  /// In the audience, and no row of theirs there says unsubscribed.
  [[nodiscard]] People reached(int audience) const {
    People in;
    People left;
    for (const OldRow& row : rows) {
      if (row.audience != audience) continue;
      if (!row.rejected) in.insert(person_email(row.person));
      if (row.unsubscribed) left.insert(person_email(row.person));
    }
    for (const std::string& email : left) in.erase(email);
    return in;
  }
  [[nodiscard]] People members(int audience) const {
    People in;
    for (const OldRow& row : rows) {
      if (row.audience == audience && !row.rejected) in.insert(person_email(row.person));
    }
    return in;
  }
  /// Unsubscribed in any audience.
  [[nodiscard]] People left_any() const {
    People left;
    for (const OldRow& row : rows) {
      if (row.unsubscribed) left.insert(person_email(row.person));
    }
    return left;
  }

  /// One CSV per audience that has rows.
  template <typename Folder>
  void write(const Folder& folder, const std::string& name) const {
    std::map<int, std::string> files;
    for (const OldRow& row : rows) {
      std::string& text = files[row.audience];
      if (text.empty()) text = "email,first_name,unsubscribed,unsubscribed_at,created_at,updated_at,id,plan\n";
      text += row.spelling + ',' + row.first_name + ',' + (row.unsubscribed ? "true" : "") + ',' + row.unsubscribed_at +
              ',' + (row.rejected ? "yesterday" : row.created_at) + ',' + row.updated_at + ",old-" +
              std::to_string(row.audience) + '-' + std::to_string(row.person) + ',' + row.plan + '\n';
    }
    for (const auto& [audience, text] : files) {
      folder.write(name + '/' + old_audience_names()[static_cast<std::size_t>(audience)] + ".csv", text);
    }
  }
};

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
  bool one_in(int sides) { return below(sides) == 0; }
  std::string day() {
    const auto two_digits = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    const std::string month = two_digits(1 + below(12));
    return "2025-" + month + '-' + two_digits(1 + below(28)) + "T00:00:00Z";
  }

 private:
  std::mt19937 random_;
};

inline OldRow random_row(Dice& dice, int people) {
  OldRow row;
  row.audience = dice.below(static_cast<int>(old_audience_names().size()));
  row.person = dice.below(people);
  row.unsubscribed = dice.one_in(3);
  row.rejected = dice.one_in(12);
  if (row.unsubscribed && dice.one_in(2)) row.unsubscribed_at = dice.day();
  if (!dice.one_in(4)) row.created_at = dice.day();
  if (dice.one_in(3)) row.updated_at = dice.day();
  if (!dice.one_in(3)) row.first_name = std::string("Name") + static_cast<char>('A' + dice.below(4));
  if (!dice.one_in(3)) row.plan = dice.one_in(2) ? "pro" : "free";
  row.spelling = person_email(row.person);
  if (dice.one_in(4)) row.spelling[0] = 'P';
  return row;
}

inline OldExport random_export(Dice& dice, int people, int rows) {
  OldExport random;
  for (int i = 0; i < rows; ++i) random.rows.push_back(random_row(dice, people));
  return random;
}

/// The same people some time later: some rows changed, some new, some gone.
inline OldExport newer_export(Dice& dice, const OldExport& old, int people) {
  OldExport newer;
  for (OldRow row : old.rows) {
    if (dice.one_in(8)) continue;
    if (dice.one_in(6)) row.unsubscribed = !row.unsubscribed;
    if (!row.unsubscribed) row.unsubscribed_at.clear();
    if (dice.one_in(6)) row.updated_at = "2026-01-0" + std::to_string(1 + dice.below(9));
    newer.rows.push_back(row);
  }
  for (int i = dice.below(6); i > 0; --i) newer.rows.push_back(random_row(dice, people));
  return newer;
}

}  // namespace mailroll::testing
