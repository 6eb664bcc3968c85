// Whatever the bytes, with a right length and checksum: a snapshot whose answers add up, or a
// clear error.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <set>
#include <string>

#include <sodium.h>

#include "fuzz_file.hpp"
#include "mailroll/audience/snapshot.hpp"
#include "mailroll/error.hpp"
#include "require.hpp"

namespace {

using mailroll::fuzz::require;

// Where the head of a file has what (docs/snapshot.md).
constexpr std::size_t head_length = 128;
constexpr std::size_t size_at = 16;
constexpr std::size_t digest_at = 40;
constexpr std::size_t digest_length = 32;

std::string sealed(std::string file) {
  if (file.size() < head_length) return file;
  const std::uint64_t size = file.size();
  std::memcpy(file.data() + size_at, &size, sizeof size);
  std::memset(file.data() + digest_at, 0, digest_length);
  const std::string covered = file.substr(head_length) + file.substr(0, head_length);
  crypto_generichash(reinterpret_cast<unsigned char*>(file.data() + digest_at), digest_length,
                     reinterpret_cast<const unsigned char*>(covered.data()), covered.size(), nullptr, 0);
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailroll;
  const fuzz::File file(sealed(std::string(reinterpret_cast<const char*>(data), size)));
  try {
    const Snapshot snapshot = Snapshot::map(file.path());
    const SnapshotMatrix matrix = snapshot.matrix();
    for (const Counts& counts : matrix.cells) {
      std::uint64_t sum = 0;
      for (const std::uint64_t of_reason : counts.by_reason) sum += of_reason;
      require(sum == counts.members && counts.receives <= counts.members && counts.members <= snapshot.contacts());
    }
    for (const Segment& segment : snapshot.segments()) {
      try {
        require(snapshot.people(segment, no_topic).size() <= snapshot.contacts());
      } catch (const Error& error) {
        require(error.kind() != ErrorKind::storage);  // a name or an id that stands there twice
      }
    }
  } catch (const Error& error) {
    const std::set<std::string> clear{"corrupt", "not_a_snapshot", "newer_snapshot"};
    require(clear.contains(error.reason()));
  }
  return 0;
}
