/// Where a MySQL or MariaDB database is: mysql://user:password@host:port/dbname?option=value&...
#pragma once

#include <string>

namespace mailroll::detail {

struct MysqlPlace {
  std::string connection;  ///< as SOCI takes it; holds the password
  bool encrypted = false;  ///< or not at all: libmariadb by itself goes on in the clear with a server that cannot
  std::string name;        ///< the address without user, password and options, to show
};

/// Each part may be percent-encoded; host and port may be missing. Options: unix_socket, connect_timeout, read_timeout,
/// write_timeout (whole seconds), ssl_mode (disabled, required: encrypted but to whomever, verify_identity: to whom the
/// certificate names; verify_ca is the same, since libmariadb checks both or nothing), ssl_ca, ssl_cert, ssl_key (files).
/// Without ssl_mode, ssl_ca means verify_identity. Throws Error(invalid) where it is no such address; it repeats
/// nothing of it, since a password with an unescaped ? would stand among the options.
MysqlPlace mysql_place_of(const std::string& address);

}  // namespace mailroll::detail
