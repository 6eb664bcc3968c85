/// Failures of a storage engine, in the words of mailroll. An engine's own text contains data, and is dropped.
#pragma once

#include <string>
#include <string_view>

namespace mailroll::detail {

enum class StorageFailure {
  unreachable,
  not_over_tls,  ///< reason unreachable: the server has no TLS where the address asks for it, or does not prove who it is
  not_a_database,
  newer_schema,
  busy,
  no_connection,  ///< reason busy: the server has none left
  timeout,        ///< a statement took longer than the server lets one take
  full,
  read_only,
  denied,  ///< the database user may not do that
  corrupt,
  contended,     ///< another transaction was in the way: the same again may succeed
  disconnected,  ///< the connection is gone, and whether a commit took place is not known
  failed,
};

/// Throws Error(storage) with the reason of that name (no_connection: busy, not_over_tls: unreachable). `store` is its address
/// without a password; `detail` is a code or a version, never data.
[[noreturn]] void raise_storage_failure(StorageFailure failure, std::string_view store, std::string_view detail = {});

}  // namespace mailroll::detail
