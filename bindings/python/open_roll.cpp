#include "open_roll.hpp"

#include <new>
#include <utility>

#include <unistd.h>

namespace mailroll::python {

OpenRoll::OpenRoll(Roll roll) : roll_(std::move(roll)), process_(::getpid()) {}

OpenRoll::~OpenRoll() {
  // In a forked child the connections belong to the parent: closing them here could end its locks, so they are left.
  if (roll_ && ::getpid() != process_) static_cast<void>(new (std::nothrow) Roll(*std::move(roll_)));
}

Roll OpenRoll::get() const {
  const std::lock_guard lock(mutex_);
  if (!roll_)
    throw Error(ErrorKind::invalid, "this roll is closed; open it again with mailroll.open()", {{"reason", "closed"}});
  if (::getpid() != process_)
    throw Error(ErrorKind::invalid, "this roll was opened before fork(); call mailroll.open() in the child",
                {{"reason", "forked"}});
  return *roll_;
}

void OpenRoll::close() {
  std::optional<Roll> last;
  const std::lock_guard lock(mutex_);
  if (::getpid() == process_) roll_.swap(last);
}

}  // namespace mailroll::python
