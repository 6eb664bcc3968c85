#include "mysql/mysql_error.hpp"

#include <string>

#include <errmsg.h>
#include <mysqld_error.h>

#include "sql/error.hpp"

namespace mailroll::detail {
namespace {

// Numbers that only one of MySQL and MariaDB has.
constexpr unsigned mysql_query_timeout = 3024;
constexpr unsigned mysql_lock_nowait = 3572;
constexpr unsigned mariadb_statement_timeout = 1969;
constexpr unsigned mariadb_connection_killed = 1927;

StorageFailure failure_of(unsigned number, bool opening) {
  if (opening) {
    switch (number) {
      case ER_CON_COUNT_ERROR:
      case ER_TOO_MANY_USER_CONNECTIONS:
      case ER_USER_LIMIT_REACHED: return StorageFailure::no_connection;
      case CR_SSL_CONNECTION_ERROR: return StorageFailure::not_over_tls;
      default: return StorageFailure::unreachable;
    }
  }
  if (is_connection_lost(number)) return StorageFailure::disconnected;
  switch (number) {
    // A row that was not there is there: somebody else wrote it meanwhile. Done again, it is found.
    case ER_DUP_ENTRY:
    case ER_DUP_ENTRY_WITH_KEY_NAME:
    case ER_LOCK_DEADLOCK:
    case ER_CHECKREAD: return StorageFailure::contended;
    case ER_LOCK_WAIT_TIMEOUT:
    case mysql_lock_nowait: return StorageFailure::busy;
    case ER_CON_COUNT_ERROR:
    case ER_TOO_MANY_USER_CONNECTIONS:
    case ER_USER_LIMIT_REACHED: return StorageFailure::no_connection;  // also of statements in an hour
    case ER_QUERY_INTERRUPTED:
    case mysql_query_timeout:
    case mariadb_statement_timeout: return StorageFailure::timeout;
    case ER_DISK_FULL:
    case ER_RECORD_FILE_FULL: return StorageFailure::full;
    case ER_OPTION_PREVENTS_STATEMENT:
    case ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION:
    case ER_READ_ONLY_MODE:
    case ER_OPEN_AS_READONLY: return StorageFailure::read_only;
    case ER_DBACCESS_DENIED_ERROR:
    case ER_TABLEACCESS_DENIED_ERROR:
    case ER_COLUMNACCESS_DENIED_ERROR:
    case ER_SPECIFIC_ACCESS_DENIED_ERROR: return StorageFailure::denied;
    case ER_NOT_KEYFILE:
    case ER_CRASHED_ON_USAGE:
    case ER_CRASHED_ON_REPAIR:
    case ER_INDEX_CORRUPT:
    case ER_TABLE_CORRUPT: return StorageFailure::corrupt;
    default: return StorageFailure::failed;
  }
}

}  // namespace

bool is_connection_lost(unsigned number) {
  switch (number) {
    case CR_CONNECTION_ERROR:
    case CR_CONN_HOST_ERROR:
    case CR_SERVER_GONE_ERROR:
    case CR_SERVER_LOST:
    case CR_SERVER_LOST_EXTENDED:
    case CR_SSL_CONNECTION_ERROR:
    case CR_MALFORMED_PACKET:
    case CR_COMMANDS_OUT_OF_SYNC:
    case CR_ERR_NET_READ:
    case CR_ERR_NET_WRITE:
    case ER_SERVER_SHUTDOWN:
    case ER_NORMAL_SHUTDOWN:
    case ER_NET_READ_ERROR:
    case ER_NET_READ_INTERRUPTED:
    case ER_NET_ERROR_ON_WRITE:
    case ER_NET_WRITE_INTERRUPTED:
    case mariadb_connection_killed: return true;
    default: return false;
  }
}

void raise_mysql_error(unsigned number, std::string_view store, bool opening) {
  const StorageFailure failure = failure_of(number, opening);
  const bool says_nothing = failure == StorageFailure::failed || failure == StorageFailure::unreachable;
  raise_storage_failure(failure, store, says_nothing ? "MySQL error " + std::to_string(number) : std::string());
}

}  // namespace mailroll::detail
