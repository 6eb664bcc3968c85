/// Makes the data by itself: `benchmark_make_data --folder DIR [--rows N]`.
#include <cstdio>

#include "data.hpp"
#include "pairs.hpp"

int main(int argc, char** argv) {
  using namespace mailroll::benchmark;
  const Settings settings =
      read_settings(argc, argv, "Makes the CSV of contacts and the export of audiences.", {1'000'000});
  for (const std::uint64_t rows : settings.rows) {
    std::puts(contacts_file(settings.folder, rows).c_str());
    std::puts(audiences_folder(settings.folder, rows).c_str());
  }
}
