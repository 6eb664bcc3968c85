/// Counting what a store holds, for comparing a copy with its source.
#pragma once

#include "mailroll/store/person.hpp"
#include "mailroll/transfer/copy.hpp"

namespace mailroll::detail {

/// Counts a person, who has all parts.
void count_person(CopyCounts& counts, const Person& person);

}  // namespace mailroll::detail
