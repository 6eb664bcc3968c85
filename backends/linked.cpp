#include "mailroll/store/registry.hpp"
#include "memory/memory_store.hpp"
#include "postgresql/postgresql_store.hpp"
#include "sqlite/sqlite_store.hpp"

namespace mailroll::detail {

std::vector<Backend> linked_backends() {
  return {
      {"memory", "in this program's memory, gone with it", "linked in", "", open_memory_store},
      {"postgresql", postgresql_description(), "linked in", "", open_postgresql_store},
      {"sqlite", sqlite_description(), "linked in", "", open_sqlite_store},
  };
}

}  // namespace mailroll::detail
