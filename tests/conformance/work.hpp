/// What another process of this program does to the store, and how it is told.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/trial.hpp"

namespace mailroll::conformance {

struct Work {
  std::string kind;  ///< import, leave, read, mail, load, rename or describe; see work.cpp
  StoreAddress store;
  std::string team;
  std::uint64_t seed = 0;
  std::string input;  ///< a file to read
  std::string log;    ///< a file to which a line is appended for each act that the store has confirmed
};

/// The command line that asks for it: options that --help does not speak of.
std::vector<std::string> words_of(const Work& work);

/// Does it. Throws Error or Broken.
void do_work(const Work& work);

/// The segment and topic that the works are about, and how many people take part: person N is pN@example.com.
inline const std::string work_name = "Alpha";
inline constexpr int work_people = 800;

/// People whom `load` writes in one transaction, in two halves.
inline constexpr int load_chunk = 100;

/// How often `rename` and `describe` change the dynamic segment and the topic, and what they call them last.
inline constexpr int work_changes = 40;
inline std::string changed_name(int change) { return "Name " + std::to_string(change); }
inline std::string changed_filter(int change) { return "created_at > now() - " + std::to_string(change + 1) + " days"; }

/// The numbers in a log: lines that were ended. None where there is no file yet.
std::vector<int> numbers_in(const std::string& log);

}  // namespace mailroll::conformance
