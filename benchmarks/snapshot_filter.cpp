/// Claim: a filter on two properties is evaluated over a loaded snapshot of 1,000,000 contacts at 3,000,000 rows a second, or more.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <mailroll/mailroll.hpp>
#include <mailroll/store/registry.hpp>

#include "bare_database.hpp"
#include "pairs.hpp"

namespace {

using namespace mailroll::benchmark;

constexpr std::uint32_t plans = 5;
constexpr std::uint32_t prices = 200;

std::uint32_t plan_of(std::size_t contact) { return static_cast<std::uint32_t>(contact % plans); }
double price_of(std::size_t contact) { return static_cast<double>(contact * 7 % prices); }

/// A team whose contacts have two properties; those of a tenth are not known.
mailroll::Roll make_team(const std::filesystem::path& path, std::uint64_t contacts) {
  constexpr std::size_t written_at_once = 20'000;
  const std::string url = "sqlite:///" + path.string();
  mailroll::Roll roll = mailroll::open(url);
  roll.properties().define("plan", mailroll::PropertyType::string);
  roll.properties().define("mrr", mailroll::PropertyType::number);
  const auto store = mailroll::open_store(url);
  const auto session = store->connect();
  mailroll::ChangeSet changes;
  for (std::size_t at = 0; at < contacts; ++at) {
    mailroll::Contact contact;
    for (std::size_t byte = 0; byte < sizeof(at); ++byte) {
      contact.id.bytes[sizeof(at) - 1 - byte] = static_cast<std::uint8_t>(at >> (8 * byte));
    }
    contact.email = "person" + std::to_string(at) + "@example.com";
    if (at % 10 != 0) {
      contact.properties =
          mailroll::Properties({{"plan", "plan" + std::to_string(plan_of(at))}, {"mrr", price_of(at)}});
    }
    contact.key_version = 1;
    changes.contacts.push_back(std::move(contact));
    if (changes.contacts.size() < written_at_once && at + 1 < contacts) continue;
    session->begin_write();
    session->write(mailroll::TeamNumber{1}, changes);
    session->commit();
    changes.clear();
  }
  return roll;
}

}  // namespace

int main(int argc, char** argv) {
  const Settings settings = read_settings(argc, argv, "A filter over the columns of a snapshot.", {1'000'000});
  const std::uint64_t contacts = settings.rows.front();
  const auto path = settings.folder / "snapshot-filter.db";
  remove_database(path);
  const mailroll::Roll roll = make_team(path, contacts);
  const mailroll::Snapshot snapshot = roll.snapshot({"plan", "mrr"});

  // What a loop by hand would have: a number for each plan, and the prices.
  std::vector<std::uint32_t> plan;
  std::vector<double> price;
  for (std::size_t contact = 0; contact < contacts; ++contact) {
    plan.push_back(contact % 10 == 0 ? plans : plan_of(contact));
    price.push_back(contact % 10 == 0 ? 0 : price_of(contact));
  }
  std::uint64_t ours = 0;
  std::uint64_t by_hand = 0;
  Claim claim = run_pairs(
      "snapshot filter on two properties, " + std::to_string(contacts) + " contacts", settings.pairs * 3,
      [&] { return milliseconds_of([&] { ours = snapshot.where("plan = 'plan3' and mrr > 100").size(); }); },
      "a loop by hand over two arrays (ms)",
      [&] {
        return milliseconds_of([&] {
          by_hand = 0;
          for (std::size_t contact = 0; contact < contacts; ++contact) {
            by_hand += plan[contact] == 3 && price[contact] > 100 ? 1 : 0;
          }
        });
      });
  if (ours != by_hand || ours == 0) throw std::runtime_error("the filter and the loop do not count the same");
  claim.unit = "rows/s";
  claim.bar = Bar::at_least;
  claim.limit = 3'000'000;
  claim.values.clear();
  constexpr double milliseconds = 1000;
  for (const double time : claim.ours) claim.values.push_back(static_cast<double>(contacts) * milliseconds / time);
  print(claim);
  write_json(settings, "snapshot_filter", {claim});
  remove_database(path);
}
