/// Claim: that an address may have been hashed under another key once costs nothing while there is one key: `explain` by
/// address takes at most 1.05 times what it takes by contact id, where no key matters. Beside it, what three keys cost
/// where everybody is under the first of them: looking people up, and importing.
#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <mailroll/mailroll.hpp>

#include "bare_database.hpp"
#include "data.hpp"
#include "pairs.hpp"

namespace {

using namespace mailroll::benchmark;

constexpr int acts_in_a_pair = 200;
constexpr int more_keys = 2;
constexpr std::uint64_t most_named = 20'000;

mailroll::Roll open_new(const std::filesystem::path& path) {
  remove_database(path);
  return mailroll::open("sqlite:///" + path.string());
}

void add_keys(const mailroll::Roll& roll) {
  for (int i = 0; i < more_keys; ++i) roll.keys().add(mailroll::KeyKind::hash);
}

void import_all(const mailroll::Roll& roll, const std::filesystem::path& file, std::uint64_t created) {
  const mailroll::ImportSummary summary = roll.contacts().import_file(file).apply();
  if (summary.by_verdict[static_cast<std::size_t>(mailroll::RowVerdict::created)] != created) {
    throw std::runtime_error("not as many contacts were made as expected");
  }
}

Claim beside(const char* name, const char* floor_name) {
  return {.name = name, .unit = "x", .floor_name = floor_name, .bar = Bar::none};
}

void add(Claim& claim, double ours, double floor) {
  claim.ours.push_back(ours);
  claim.floor.push_back(floor);
  claim.values.push_back(ours / floor);
}

}  // namespace

int main(int argc, char** argv) {
  const Settings settings = read_settings(argc, argv, "What several hash keys cost.", {1'000'000});
  const std::uint64_t people = settings.rows.front();
  const std::uint64_t newcomers = people / 10;
  const auto one_path = settings.folder / "keys-one.db";
  const auto three_path = settings.folder / "keys-three.db";
  const auto new_file = contacts_file(settings.folder, newcomers, people);
  std::vector<Claim> claims;

  {
    const auto everybody = contacts_file(settings.folder, people);
    mailroll::Roll one = open_new(one_path);
    mailroll::Roll three = open_new(three_path);
    import_all(one, everybody, people);
    import_all(three, everybody, people);
    add_keys(three);
    std::uint64_t imported = people;  // the last `newcomers` of them under the key that signs
    const auto import_more = [&](const mailroll::Roll& roll) {
      const auto file = contacts_file(settings.folder, newcomers, imported);
      return seconds_of([&] { import_all(roll, file, newcomers); });
    };
    Claim more = beside("import of new people with three keys, beside the old ones", "with one key (s)");
    for (int pair = 0; pair < settings.pairs; ++pair) {
      const bool first = pair % 2 == 0;
      const double before = import_more(first ? three : one);
      const double after = import_more(first ? one : three);
      add(more, first ? before : after, first ? after : before);
      imported += newcomers;
    }

    std::uint64_t next = 0;
    const auto old = [&] { return address_of(next++ * 7919 % people); };
    const auto recent = [&] { return address_of(people + next++ * 7919 % newcomers); };
    const auto stranger = [&] { return address_of(imported + next++); };
    const auto explain = [](const mailroll::Roll& roll, const mailroll::Who& who, bool known) {
      if (roll.explain(who, mailroll::no_topic).receives != known) throw std::runtime_error("another answer was right");
    };
    // Both ways of naming the same people, so that both find as much in the cache.
    std::vector<std::string> emails;
    std::vector<std::string> ids;
    emails.reserve(most_named);
    ids.reserve(most_named);
    for (std::uint64_t number = 0; number < std::min(people, most_named); ++number) {
      emails.push_back(address_of(number));
      ids.push_back(to_string(one.contacts().get(emails.back()).id));
    }

    Claim no_cost = beside("explain by address beside by id, one key", "by contact id (ms)");
    no_cost.bar = Bar::at_most;
    no_cost.limit = 1.05;
    Claim found_now = beside("explain with three keys, under the one that signs", "with one key (ms)");
    Claim found_old = beside("explain with three keys, under the oldest", "with one key (ms)");
    Claim nobody = beside("explain with three keys, of nobody", "with one key (ms)");
    for (int pair = 0; pair < settings.pairs; ++pair) {
      const std::vector<double> took =
          medians_of(acts_in_a_pair, {
                                         [&] { explain(one, emails[next++ % emails.size()], true); },
                                         [&] { explain(one, ids[next++ % ids.size()], true); },
                                         [&] { explain(one, old(), true); },
                                         [&] { explain(one, recent(), true); },
                                         [&] { explain(three, recent(), true); },
                                         [&] { explain(three, old(), true); },
                                         [&] { explain(one, stranger(), false); },
                                         [&] { explain(three, stranger(), false); },
                                     });
      add(no_cost, took[0], took[1]);
      add(found_now, took[4], took[3]);
      add(found_old, took[5], took[2]);
      add(nobody, took[7], took[6]);
    }
    claims = {no_cost, found_now, found_old, nobody, more};
  }

  const auto import_into_new = [&](const std::filesystem::path& path, bool several) {
    mailroll::Roll roll = open_new(path);
    if (several) add_keys(roll);
    return seconds_of([&] { import_all(roll, new_file, newcomers); });
  };
  claims.push_back(run_pairs(
      "import with three keys into a new store", settings.pairs, [&] { return import_into_new(three_path, true); },
      "with one key (s)", [&] { return import_into_new(one_path, false); }));
  claims.back().bar = Bar::none;

  const auto import_again = [&](const std::filesystem::path& path) {
    const mailroll::Roll roll = mailroll::open("sqlite:///" + path.string());
    return seconds_of([&] { import_all(roll, new_file, 0); });
  };
  claims.push_back(run_pairs(
      "the same file again with three keys", settings.pairs, [&] { return import_again(three_path); },
      "with one key (s)", [&] { return import_again(one_path); }));
  claims.back().bar = Bar::none;

  for (const Claim& claim : claims) print(claim);
  write_json(settings, "keys", claims);
  remove_database(one_path);
  remove_database(three_path);
}
