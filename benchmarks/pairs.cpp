#include "pairs.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string_view>
#include <thread>

#include <boost/program_options.hpp>
#include <nlohmann/json.hpp>
#include <sqlite3.h>
#include <unistd.h>

namespace mailroll::benchmark {

namespace {

std::string_view words(Bar bar) {
  switch (bar) {
    case Bar::at_most: return "at most";
    case Bar::at_least: return "at least";
    case Bar::none: return "none";
    case Bar::below: break;
  }
  return "below";
}

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

double load() {
  double last_minute = 0;
  return getloadavg(&last_minute, 1) == 1 ? last_minute : -1;
}

nlohmann::json as_json(const Claim& claim) {
  nlohmann::json answer = {{"claim", claim.name},
                           {"unit", claim.unit},
                           {"bar", words(claim.bar)},
                           {"limit", claim.limit},
                           {"met", claim.met()},
                           {"median", median(claim.values)},
                           {"lowest", *std::ranges::min_element(claim.values)},
                           {"highest", *std::ranges::max_element(claim.values)},
                           {"values", claim.values},
                           {"ours", claim.ours}};
  if (!claim.floor.empty()) {
    answer["floor"] = claim.floor;
    answer["floor_name"] = claim.floor_name;
  }
  return answer;
}

}  // namespace

Settings read_settings(int argc, char** argv, const std::string& what, std::vector<std::uint64_t> usual_rows) {
  namespace po = boost::program_options;
  Settings settings;
  std::string folder = "build/benchmarks";
  std::string json;
  settings.rows = std::move(usual_rows);
  po::options_description options(what + "\n\nOptions");
  options.add_options()("help", "this text");
  options.add_options()("pairs", po::value(&settings.pairs)->default_value(settings.pairs), "how many pairs");
  options.add_options()("rows", po::value(&settings.rows)->multitoken(), "how many rows (usually what the claim says)");
  options.add_options()("folder", po::value(&folder)->default_value(folder), "where data and databases are made");
  options.add_options()("json", po::value(&json), "where the figures are written");
  po::options_description hidden;
  hidden.add_options()("others", po::value(&settings.others));
  po::options_description all;
  all.add(options).add(hidden);
  try {
    po::variables_map given;
    po::store(po::command_line_parser(argc, argv)
                  .options(all)
                  .positional(po::positional_options_description().add("others", -1))
                  .run(),
              given);
    po::notify(given);
    if (given.contains("help")) {
      std::cout << options;
      std::exit(0);
    }
    if (settings.pairs < 1) throw std::invalid_argument("--pairs must be at least 1");
  } catch (const std::exception& error) {
    std::cerr << argv[0] << ": " << error.what() << '\n';
    std::exit(2);
  }
  settings.folder = std::filesystem::absolute(folder);
  settings.json = json;
  std::filesystem::create_directories(settings.folder);
  return settings;
}

double seconds_of(const std::function<void()>& work) {
  ::sync();
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  if (values.empty()) throw std::logic_error("the median of nothing");
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::vector<double> medians_of(int times, const std::vector<std::function<void()>>& acts) {
  std::vector<std::vector<double>> took(acts.size());
  for (int turn = 0; turn < times; ++turn) {
    for (std::size_t i = 0; i < acts.size(); ++i) {
      const std::size_t act = turn % 2 == 0 ? i : acts.size() - 1 - i;
      took[act].push_back(milliseconds_of(acts[act]));
    }
  }
  std::vector<double> medians;
  medians.reserve(took.size());
  for (const std::vector<double>& one : took) medians.push_back(median(one));
  return medians;
}

bool Claim::met() const {
  const double found = median(values);
  switch (bar) {
    case Bar::at_most: return found <= limit;
    case Bar::at_least: return found >= limit;
    case Bar::none: return true;
    case Bar::below: break;
  }
  return found < limit;
}

Claim run_pairs(std::string name, int pairs, const std::function<double()>& ours, std::string floor_name,
                const std::function<double()>& floor) {
  Claim claim{.name = std::move(name), .unit = "x", .floor_name = std::move(floor_name)};
  for (int pair = 0; pair < pairs; ++pair) {
    if (pair % 2 == 1) claim.floor.push_back(floor());
    claim.ours.push_back(ours());
    if (pair % 2 == 0) claim.floor.push_back(floor());
    claim.values.push_back(claim.ours.back() / claim.floor.back());
    std::fprintf(stderr, "  pair %d: %.4g beside %.4g: %.3f\n", pair + 1, claim.ours.back(), claim.floor.back(),
                 claim.values.back());
  }
  return claim;
}

void print(const Claim& claim) {
  std::printf("%s: median %.3g %s (%.3g to %.3g, %zu)", claim.name.c_str(), median(claim.values), claim.unit.c_str(),
              *std::ranges::min_element(claim.values), *std::ranges::max_element(claim.values), claim.values.size());
  if (claim.bar != Bar::none) {
    std::printf(", bar %s %.3g: %s", std::string(words(claim.bar)).c_str(), claim.limit,
                claim.met() ? "met" : "MISSED");
  }
  std::printf("\n");
  if (!claim.floor.empty()) {
    std::printf("  median %.4g beside %.4g of %s\n", median(claim.ours), median(claim.floor), claim.floor_name.c_str());
  }
  std::fflush(stdout);
}

void write_json(const Settings& settings, const std::string& program, const std::vector<Claim>& claims) {
  if (settings.json.empty()) return;
  nlohmann::json list = nlohmann::json::array();
  for (const Claim& claim : claims) list.push_back(as_json(claim));
  const nlohmann::json document = {
      {"program", program},
      {"rows", settings.rows},
      {"machine",
       {{"processor", processor()},
        {"cores", std::thread::hardware_concurrency()},
        {"sqlite", sqlite3_libversion()},
        {"load_at_end", load()}}},
      {"claims", list},
  };
  if (settings.json.has_parent_path()) std::filesystem::create_directories(settings.json.parent_path());
  std::ofstream file(settings.json);
  file << document.dump(2) << '\n';
  if (!file.flush()) throw std::runtime_error("cannot write " + settings.json.string());
}

}  // namespace mailroll::benchmark
