/// What every claim's program shares: the thing and its floor run in turns, and the median of their ratios is the answer.
///
/// Machines are noisy, and drift; two runs right after each other mostly see the same machine. So each pair gives one
/// ratio, every other pair begins with the floor, and what is said is the median of the ratios with the lowest and the
/// highest.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace mailroll::benchmark {

/// What a program is told. Every program takes --pairs, --rows, --folder and --json.
struct Settings {
  int pairs = 7;
  std::vector<std::uint64_t> rows;  ///< several only where the program says so
  std::filesystem::path folder;     ///< data that is made once, and databases that are made and removed; made if needed
  std::filesystem::path json;       ///< empty: no file
  std::vector<std::string> others;  ///< words that are not options
};

/// Reads the command line; ends the program after --help or a mistake. `what` is the claim, in a sentence.
Settings read_settings(int argc, char** argv, const std::string& what, std::vector<std::uint64_t> usual_rows);

/// Seconds that `work` takes, after what earlier work left to be written has been written.
double seconds_of(const std::function<void()>& work);

template <typename Work>
double milliseconds_of(Work&& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values);

/// Does each act `times` times, in turns, every other turn backwards; answers the median of each, in milliseconds.
std::vector<double> medians_of(int times, const std::vector<std::function<void()>>& acts);

/// How a bar is to be read. None: nobody promised anything, and it is only to be known.
enum class Bar { at_most, at_least, below, none };

/// A claim as it was measured: the ratio of each pair, or a plain figure where there is no floor.
struct Claim {
  std::string name;        ///< a few words, the row of the table
  std::string unit;        ///< of `ours` and `floor`, e.g. "s"; of `values`: "x" for ratios
  std::string floor_name;  ///< "" where there is none
  Bar bar = Bar::at_most;
  double limit = 0;
  std::vector<double> ours;    ///< one for each pair
  std::vector<double> floor;   ///< empty where there is none
  std::vector<double> values;  ///< what is compared with the limit, one for each pair

  [[nodiscard]] bool met() const;
};

/// Runs `ours` and `floor` in turns, each giving its own figure; the values are ours / floor.
Claim run_pairs(std::string name, int pairs, const std::function<double()>& ours, std::string floor_name,
                const std::function<double()>& floor);

/// Prints a claim with its bar, as it is known.
void print(const Claim& claim);

/// Writes machine and claims to the file that the settings name, if they do.
void write_json(const Settings& settings, const std::string& program, const std::vector<Claim>& claims);

}  // namespace mailroll::benchmark
