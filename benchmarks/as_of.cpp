/// Claim: among 1,000,000 contacts, `explain` as of a time in the past takes less than 2 ms: of people with ten events, and
/// of people with a hundred. Beside it, `explain` as of now, and bare reads of the same rows by contact id.
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
constexpr int topics = 10;
constexpr std::uint64_t most_people = 4000;   // who have ten events
constexpr std::uint64_t most_talkative = 40;  // who have a hundred
constexpr int acts_of_the_talkative = 100 - topics;

std::string topic_name(int number) { return "Topic " + std::to_string(number); }

/// Whoever writes their own statements reads these rows.
class BareRows {
 public:
  explicit BareRows(const std::filesystem::path& path) : database_(path) {
    for (const char* table : {"contacts", "standings", "choices", "consent_events"}) {
      statements_.push_back(
          database_.prepare("SELECT * FROM " + std::string(table) + " WHERE team_id = 1 AND contact_id = ?"));
    }
  }
  BareRows(const BareRows&) = delete;
  BareRows& operator=(const BareRows&) = delete;
  ~BareRows() {
    for (sqlite3_stmt* statement : statements_) sqlite3_finalize(statement);
  }

  /// How many rows there are of a contact.
  int read(const mailroll::ContactId& id) {
    int rows = 0;
    database_.run("BEGIN");
    for (sqlite3_stmt* statement : statements_) {
      sqlite3_bind_blob(statement, 1, id.bytes.data(), static_cast<int>(id.bytes.size()), SQLITE_STATIC);
      for (; sqlite3_step(statement) == SQLITE_ROW; ++rows) {
        for (int column = sqlite3_column_count(statement) - 1; column >= 0; --column) {
          bytes_ += static_cast<std::uint64_t>(sqlite3_column_bytes(statement, column));
        }
      }
      database_.check(sqlite3_reset(statement));
    }
    database_.run("COMMIT");
    return rows;
  }

 private:
  BareDatabase database_;
  std::vector<sqlite3_stmt*> statements_;
  std::uint64_t bytes_ = 0;  // so that nothing that was read is left out
};

struct Person {
  std::string email;
  mailroll::ContactId id;
};

/// Answers one after the other, again and again.
class People {
 public:
  explicit People(std::vector<Person> people) : people_(std::move(people)) {}
  const Person& next() { return people_[next_++ % people_.size()]; }

 private:
  std::vector<Person> people_;
  std::size_t next_ = 0;
};

People people_of(const mailroll::Roll& roll, std::uint64_t first, std::uint64_t last) {
  std::vector<Person> people;
  people.reserve(last - first);
  for (std::uint64_t number = first; number < last; ++number) {
    const std::string email = address_of(number);
    people.push_back({email, roll.contacts().get(email).id});
  }
  return People(std::move(people));
}

}  // namespace

int main(int argc, char** argv) {
  const Settings settings = read_settings(argc, argv, "explain as of a time beside now and bare reads.", {1'000'000});
  const std::uint64_t rows = settings.rows.front();
  const std::uint64_t known = std::min(rows, most_people);
  const std::uint64_t talkative = std::min(rows / 500, most_talkative);
  const auto database = settings.folder / "as_of.db";
  remove_database(database);

  mailroll::Time now = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2);
  mailroll::OpenOptions options;
  options.clock = [&] { return now; };
  mailroll::Roll roll = mailroll::open("sqlite:///" + database.string(), options);
  roll.contacts().import_file(contacts_file(settings.folder, rows)).apply();
  for (int number = 0; number < topics; ++number) {
    roll.topics().create({.name = topic_name(number), .default_subscription = mailroll::Subscription::opt_out});
    now += std::chrono::days(1);
    mailroll::ImportOptions joined;
    joined.topics = {topic_name(number)};
    roll.contacts().import_file(contacts_file(settings.folder, known), joined).apply();
  }
  const mailroll::Time after_five = now - std::chrono::days(topics - 5) + std::chrono::hours(1);
  for (std::uint64_t person = 0; person < talkative; ++person) {
    for (int act = 0; act < acts_of_the_talkative; ++act) {
      now += std::chrono::minutes(1);
      const auto choice = act % 2 == 0 ? mailroll::Subscription::opt_out : mailroll::Subscription::opt_in;
      roll.choose(address_of(person), topic_name(act % 3), choice);
    }
  }

  BareRows bare(database);
  People some = people_of(roll, talkative, known);
  People long_known = people_of(roll, 0, talkative);
  const auto explain = [&](People& people, const std::optional<mailroll::Time>& at) {
    // The third topic was joined before that time, the seventh after it.
    const bool late = at.has_value();
    const mailroll::Verdict verdict = roll.explain(people.next().email, topic_name(late ? 7 : 5), {}, at);
    if (verdict.receives == late || verdict.as_of != at) throw std::runtime_error("another answer was right");
  };
  const auto read = [&](People& people, int least) {
    if (bare.read(people.next().id) < least) throw std::runtime_error("floor: rows are missing");
  };

  Claim ten{.name = "explain as of a time, ten events", .unit = "ms", .floor_name = {}, .bar = Bar::below, .limit = 2};
  Claim hundred = ten;
  hundred.name = "explain as of a time, a hundred events";
  Claim beside_now{.name = "explain as of a time beside now, ten events",
                   .unit = "x",
                   .floor_name = "explain as of now (ms)",
                   .bar = Bar::none};
  Claim beside_reads{.name = "explain as of a time beside bare reads, ten events",
                     .unit = "x",
                     .floor_name = "bare reads of the same rows (ms)",
                     .bar = Bar::none};
  Claim hundred_beside_reads = beside_reads;
  hundred_beside_reads.name = "explain as of a time beside bare reads, a hundred events";
  for (int pair = 0; pair < settings.pairs; ++pair) {
    const std::vector<double> took = medians_of(acts_in_a_pair, {
                                                                    [&] { explain(some, after_five); },
                                                                    [&] { explain(some, {}); },
                                                                    [&] { read(some, 12 + topics - 1); },
                                                                    [&] { explain(long_known, after_five); },
                                                                    [&] { read(long_known, 100); },
                                                                });
    ten.values.push_back(took[0]);
    hundred.values.push_back(took[3]);
    const auto add = [](Claim& claim, double ours, double floor) {
      claim.ours.push_back(ours);
      claim.floor.push_back(floor);
      claim.values.push_back(ours / floor);
    };
    add(beside_now, took[0], took[1]);
    add(beside_reads, took[0], took[2]);
    add(hundred_beside_reads, took[3], took[4]);
  }
  ten.ours = ten.values;
  hundred.ours = hundred.values;
  const std::vector<Claim> claims{ten, beside_now, beside_reads, hundred, hundred_beside_reads};
  for (const Claim& claim : claims) print(claim);
  write_json(settings, "as_of", claims);
  remove_database(database);
}
