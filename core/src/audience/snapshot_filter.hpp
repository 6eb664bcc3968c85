/// Filters over the columns of a snapshot.
#pragma once

#include "audience/bits.hpp"
#include "audience/snapshot_columns.hpp"
#include "mailroll/audience/filter.hpp"

namespace mailroll::detail {

/// Those of whom evaluate() says yes as of the snapshot's time. Of a checked filter; the columns have fields. Invalid, reason
/// "not_loaded", where the filter asks for a column that there is not.
Bits people_where(const SnapshotColumns& columns, const Filter& filter);

}  // namespace mailroll::detail
