/// Reads an input whole: parses, prepares on a second thread, lays the rows aside by contact id.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mailroll/transfer/rejects.hpp"
#include "mailroll/transfer/row.hpp"
#include "roll/keyring.hpp"
#include "transfer/pace.hpp"
#include "transfer/prepare.hpp"
#include "transfer/property_columns.hpp"
#include "transfer/spool.hpp"

namespace mailroll::detail {

struct IntakeOptions {
  TeamHashKey hash_key;  ///< for contact ids and the rejects file
  std::vector<PropertyDefinition> properties;
  bool strict_properties = false;
  bool audiences = false;   ///< rows belong to audiences; a row without one is rejected
  std::string rejects;      ///< path of the rejects file
  std::uint64_t bytes = 0;  ///< of the input; 0: not known
};

/// Old ids by the hash of their text, to find those that several contacts claim.
struct AliasClaim {
  std::uint64_t hash = 0;
  std::uint64_t contact = 0;  ///< the leading half of its id
};

/// The rows of an input. After read() is done with every file it only answers.
class Intake {
 public:
  struct Audience {
    std::string id;
    std::string name;
  };

  explicit Intake(const IntakeOptions& options);

  /// An audience of the input; the same one for the same id (else name).
  AudienceIndex add_audience(const std::string& id, const std::string& name);
  /// Reads a file to its end. `audience`: of all its rows; nothing: each row's own cell tells.
  void read(RowReader& reader, const std::string& path, std::optional<AudienceIndex> audience, Pace& pace);
  /// HashKey::id that the rows' contact ids are computed under.
  [[nodiscard]] std::int32_t hash_key() const { return options_.hash_key.key.id; }
  /// Lists a row that was found out late.
  void reject_erased(const PreparedRow& row);

  [[nodiscard]] const Spool& spool() const { return spool_; }
  [[nodiscard]] const std::vector<PropertyColumns::Column>& properties() const { return properties_.columns(); }
  [[nodiscard]] const std::vector<Audience>& audiences() const { return audiences_; }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  /// Counts what reading rejected, not what reject_erased() lists.
  [[nodiscard]] const std::array<std::uint64_t, reject_reason_count>& rejected() const { return rejected_; }
  [[nodiscard]] RejectsFile& rejects() { return rejects_; }
  /// Hashes of the old ids that more than one contact of the input claims. Computed at the first call.
  const std::vector<std::uint64_t>& claimed_twice();

 private:
  struct Block;
  void prepare(Block& block);
  void read_addresses(Block& block) const;
  AudienceIndex audience_of(std::string_view cell);

  IntakeOptions options_;
  Spool spool_;
  Spool claims_;
  PropertyColumns properties_;
  Preparer preparer_;
  RejectsFile rejects_;
  std::vector<Audience> audiences_;
  std::unordered_map<std::string, AudienceIndex> audience_by_alias_;
  std::vector<std::string> files_;
  std::array<std::uint64_t, reject_reason_count> rejected_{};
  std::uint64_t rows_ = 0;
  std::uint64_t bytes_ = 0;
  std::string last_audience_;
  AudienceIndex last_audience_index_ = no_audience;
  PreparedRow row_;
  std::string record_;
  std::optional<std::vector<std::uint64_t>> claimed_twice_;
};

/// An audience's name as a segment may bear it: ends trimmed, without control characters.
std::string clean_name(std::string_view name);

/// The partition that an id belongs to: ascending with the id.
std::size_t partition_of(const ContactId& id, std::size_t partitions);

}  // namespace mailroll::detail
