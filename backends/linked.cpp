#include "mailroll/store/registry.hpp"
#include "memory/memory_store.hpp"

namespace mailroll::detail {

std::vector<Backend> linked_backends() {
  return {{"memory", "in this program's memory, gone with it", "linked in", "", open_memory_store}};
}

}  // namespace mailroll::detail
