#include "sql/error.hpp"

#include "mailroll/error.hpp"

namespace mailroll::detail {

void raise_storage_failure(StorageFailure failure, std::string_view store, std::string_view detail) {
  const auto raise = [&](const char* reason, std::string_view what) {
    std::string message = "the store ";
    message.append(store).append(" ").append(what);
    if (!detail.empty()) message.append(" (").append(detail).append(")");
    throw Error(ErrorKind::storage, message, {{"reason", reason}});
  };
  switch (failure) {
    case StorageFailure::unreachable:
      raise("unreachable",
            "cannot be opened; check its address: that file and folder may be read and written, or that the server "
            "runs and "
            "lets this user in");
      break;
    case StorageFailure::not_over_tls:
      raise("unreachable",
            "cannot be reached over TLS as its address asks; check that the server offers TLS, that its certificate "
            "names this host, and that the authority in sslrootcert or ssl_ca has signed it");
      break;
    case StorageFailure::not_a_database:
      raise("not_a_database", "is not a mailroll database, and was left as it is; check its address");
      break;
    case StorageFailure::newer_schema:
      raise("newer_schema", "was written by a newer mailroll; install that version or a later one to open it");
      break;
    case StorageFailure::busy:
      raise("busy", "has been locked by somebody else for too long; try again when they are done");
      break;
    case StorageFailure::no_connection:
      raise("busy",
            "has no connection left, or lets this user do no more for now; end programs that hold some, or raise the "
            "limit "
            "(max_connections, or what this user may do at once and in an hour)");
      break;
    case StorageFailure::timeout:
      raise("timeout",
            "takes longer than its server lets a statement take; try again, or raise that limit (statement_timeout, "
            "max_statement_time): nothing of this change was kept");
      break;
    case StorageFailure::full:
      raise("full", "has no room left on its disk; make room and try again: nothing was half-written");
      break;
    case StorageFailure::read_only:
      raise("read_only",
            "cannot be written to; check the permissions of the file and of its folder, or that the server is no "
            "replica and not set to read only");
      break;
    case StorageFailure::denied:
      raise("denied",
            "does not let this database user do that; grant SELECT, INSERT, UPDATE and DELETE on its tables, or open "
            "it once as their owner, who may make them (docs/backends.md)");
      break;
    case StorageFailure::corrupt: raise("corrupt", "is damaged; restore it from a copy"); break;
    case StorageFailure::contended:
      raise("contended", "was changed by others at the same time; try again: nothing of this change was kept");
      break;
    case StorageFailure::disconnected:
      raise("disconnected", "has closed the connection; look whether the last change was kept, or make it again");
      break;
    case StorageFailure::failed: break;
  }
  raise("failed", "failed; nothing of the last change was kept");
  throw;  // not reached: raise always throws
}

}  // namespace mailroll::detail
