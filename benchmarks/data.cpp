#include "data.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace mailroll::benchmark {

namespace {

constexpr std::array first_names{"Ada",       "Grace", "Alan",     "Edsger",  "Barbara", "Donald", "Frances", "John",
                                 "Katherine", "Linus", "Margaret", "Niklaus", "Radia",   "Tim",    "Zoë",     "Søren"};
constexpr std::array last_names{"Lovelace", "Hopper", "Turing",     "Dijkstra", "Liskov",   "Knuth",
                                "Allen",    "Backus", "Johnson",    "Berg",     "Hamilton", "Wirth",
                                "Perlman",  "O'Hara", "Kierkegård", "de Vries"};
constexpr std::array domains{"example.com",      "example.org",  "example.net",     "mail.example.com",
                             "post.example.org", "work.example", "letters.example", "school.example.net"};
constexpr std::array plans{"free", "pro", "team", "enterprise"};
constexpr std::array countries{"DE", "FR", "GB", "NL", "PL", "ES", "US", "BR", "IN", "JP"};

/// SplitMix64's last step: one to one, so that different numbers stay different.
constexpr std::uint64_t scrambled(std::uint64_t number) {
  number += 0x9E3779B97F4A7C15U;
  number = (number ^ (number >> 30U)) * 0xBF58476D1CE4E5B9U;
  number = (number ^ (number >> 27U)) * 0x94D049BB133111EBU;
  return number ^ (number >> 31U);
}

template <typename Words>
std::string_view pick(const Words& words, std::uint64_t hash, unsigned shift) {
  return words[(hash >> shift) % words.size()];
}

/// A file that is there is whole: it gets its name when it is finished.
class WholeFile {
 public:
  explicit WholeFile(std::filesystem::path path) : path_(std::move(path)), buffer_(1U << 20U, '\0') {
    if (path_.has_parent_path()) std::filesystem::create_directories(path_.parent_path());
    file_.rdbuf()->pubsetbuf(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    file_.open(part(), std::ios::binary);
  }
  WholeFile& operator<<(std::string_view text) {
    file_ << text;
    return *this;
  }
  void finish() {
    file_.close();
    if (!file_) throw std::runtime_error("cannot write " + path_.string());
    std::filesystem::rename(part(), path_);
  }

 private:
  [[nodiscard]] std::string part() const { return path_.string() + ".part"; }
  std::filesystem::path path_;
  std::string buffer_;
  std::ofstream file_;
};

std::string uuid_text(std::uint64_t high, std::uint64_t low) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%08x-%04x-4%03x-8%03x-%012llx", static_cast<unsigned>(high >> 32U),
                static_cast<unsigned>(high >> 16U & 0xFFFFU), static_cast<unsigned>(high & 0xFFFU),
                static_cast<unsigned>(low >> 48U & 0xFFFU), static_cast<unsigned long long>(low & 0xFFFFFFFFFFFFU));
  return text.data();
}

/// Some time in 2024 or 2025.
std::string time_text(std::uint64_t hash) {
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%u-%02u-%02uT%02u:%02u:%02uZ", 2024U + static_cast<unsigned>(hash & 1U),
                1U + static_cast<unsigned>(hash >> 1U) % 12U, 1U + static_cast<unsigned>(hash >> 8U) % 28U,
                static_cast<unsigned>(hash >> 16U) % 24U, static_cast<unsigned>(hash >> 24U) % 60U,
                static_cast<unsigned>(hash >> 32U) % 60U);
  return text.data();
}

struct AudienceShape {
  std::string_view name;
  unsigned first_person;  // both in hundredths of `rows`
  unsigned members;
};
// Together 100 hundredths of rows over 70 hundredths of people, who all are somewhere.
constexpr std::array audience_shapes{AudienceShape{"Newsletter", 0, 35}, AudienceShape{"Customers", 35, 25},
                                     AudienceShape{"Product news", 50, 20}, AudienceShape{"Events", 10, 12},
                                     AudienceShape{"Partners", 15, 8}};

}  // namespace

std::string address_of(std::uint64_t number) {
  const std::uint64_t hash = scrambled(number);
  std::array<char, 80> text{};
  // The number itself makes it unique; what stands before it decides where it is sorted.
  std::snprintf(text.data(), text.size(), "%c%c%c.%c%c%c%c%llu@", 'a' + static_cast<int>(hash % 26),
                'a' + static_cast<int>(hash / 26 % 26), 'a' + static_cast<int>(hash / 676 % 26),
                'a' + static_cast<int>(hash / 17576 % 26), 'a' + static_cast<int>(hash / 456976 % 26),
                'a' + static_cast<int>(hash / 11881376 % 26), 'a' + static_cast<int>(hash / 308915776 % 26),
                static_cast<unsigned long long>(number));
  return std::string(text.data()).append(pick(domains, hash, 40));
}

void write_contacts(const std::filesystem::path& file, std::uint64_t rows, std::uint64_t first, std::uint64_t changed) {
  WholeFile csv(file);
  csv << "email,first_name,last_name,plan,country\n";
  for (std::uint64_t number = first; number < first + rows; ++number) {
    const std::uint64_t hash = scrambled(number ^ 0x5EEDU);
    const bool other = changed != 0 && number % changed == 0;
    csv << address_of(number) << "," << (other ? "Somebody" : pick(first_names, hash, 0)) << ","
        << pick(last_names, hash, 8) << "," << pick(plans, hash, 16) << "," << pick(countries, hash, 24) << "\n";
  }
  csv.finish();
}

void write_audiences(const std::filesystem::path& folder, std::uint64_t rows) {
  std::filesystem::create_directories(folder);
  if (rows % 100 != 0) throw std::invalid_argument("rows of audiences: a multiple of 100");
  std::string list;
  std::uint64_t audience_number = 0;
  for (const AudienceShape& shape : audience_shapes) {
    const std::uint64_t audience_hash = scrambled(1'000'000'000'000U + audience_number++);
    const std::string id = uuid_text(audience_hash, scrambled(audience_hash));
    if (!list.empty()) list += ",";
    list.append(R"({"id":")").append(id).append(R"(","name":")").append(shape.name);
    list.append(R"(","created_at":"2024-01-01T00:00:00Z"})");
    WholeFile csv(folder / (id + ".csv"));
    csv << "id,email,first_name,last_name,unsubscribed,created_at\n";
    const std::uint64_t members = rows / 100 * shape.members;
    for (std::uint64_t member = 0; member < members; ++member) {
      const std::uint64_t person = rows / 100 * shape.first_person + member;
      const std::uint64_t hash = scrambled(person ^ 0x5EEDU);
      const std::uint64_t row_hash = scrambled(person ^ audience_hash);
      std::string email = address_of(person);
      if (row_hash % 50 == 0) email[0] = static_cast<char>(email[0] - 'a' + 'A');
      csv << uuid_text(row_hash, hash) << "," << email << "," << pick(first_names, hash, 0) << ","
          << pick(last_names, row_hash % 40 == 0 ? row_hash : hash, 8) << ","
          << ((row_hash >> 20U) % 6 == 0 ? "true" : "false") << "," << time_text(row_hash) << "\n";
    }
    csv.finish();
  }
  // Last, so that a folder with it is whole.
  WholeFile audiences(folder / "audiences.json");
  audiences << R"({"data":[)" << list << "]}\n";
  audiences.finish();
}

std::filesystem::path contacts_file(const std::filesystem::path& folder, std::uint64_t rows, std::uint64_t first) {
  const auto file = folder / ("contacts-" + std::to_string(first) + "-" + std::to_string(rows) + ".csv");
  if (!std::filesystem::exists(file)) write_contacts(file, rows, first);
  return file;
}

std::filesystem::path changed_contacts_file(const std::filesystem::path& folder, std::uint64_t rows) {
  const auto file = folder / ("changed-contacts-" + std::to_string(rows) + ".csv");
  if (!std::filesystem::exists(file)) write_contacts(file, rows, 0, 100);
  return file;
}

std::filesystem::path leavers_file(const std::filesystem::path& folder, std::uint64_t rows) {
  auto path = folder / ("leavers-" + std::to_string(rows) + ".csv");
  if (std::filesystem::exists(path)) return path;
  WholeFile csv(path);
  csv << "email,unsubscribed\n";
  for (std::uint64_t number = 0; number < rows; ++number) csv << address_of(number) << ",true\n";
  csv.finish();
  return path;
}

std::filesystem::path audiences_folder(const std::filesystem::path& folder, std::uint64_t rows) {
  auto made = folder / ("audiences-" + std::to_string(rows));
  if (!std::filesystem::exists(made / "audiences.json")) write_audiences(made, rows);
  return made;
}

}  // namespace mailroll::benchmark
