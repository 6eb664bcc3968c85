/// Random operations of the port, each made on the reference and on the store on trial.
#pragma once

#include <vector>

#include "conformance/beside_reference.hpp"
#include "conformance/random_values.hpp"

namespace mailroll::conformance {

/// Draws operations over the teams of a pair. Nothing that concerns the whole store (teams, keys) is among them.
class RandomOperations {
 public:
  explicit RandomOperations(std::uint64_t seed) : random_(seed) {}

  [[nodiscard]] RandomValues& random() { return random_; }

  /// One read; whether it ended in an error on both.
  bool read(BesideReference& pair);
  /// One change; whether it ended in an error on both.
  bool change(BesideReference& pair);

 private:
  std::string read_definitions(BesideReference& pair);
  std::string read_people(BesideReference& pair);
  std::string read_deliveries(BesideReference& pair);
  std::string change_definitions(BesideReference& pair);
  std::string change_people(BesideReference& pair);
  std::string change_deliveries(BesideReference& pair);
  std::string change_what_is_set(BesideReference& pair);
  ChangeSet of_newcomers(BesideReference& pair);

  Parts parts();
  IdRange range();

  RandomValues random_;
  std::size_t team_ = 0;  ///< index of the team that the operation at hand is about
  std::vector<Person> people_[2];
  std::vector<Candidate> candidates_[2];
  PeopleColumns columns_[2];
};

}  // namespace mailroll::conformance
