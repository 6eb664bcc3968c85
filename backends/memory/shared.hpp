/// A value that several states share until one of them writes.
#pragma once

#include <cstdint>
#include <memory>

namespace mailroll::detail {

template <typename Value>
class Shared {
 public:
  [[nodiscard]] const Value& operator*() const { return *value_; }
  [[nodiscard]] const Value* operator->() const { return value_.get(); }

  /// The value as the own one of the transaction with this number; numbers are never used twice.
  Value& write(std::uint64_t transaction) {
    if (owner_ != transaction) {
      value_ = std::make_shared<Value>(*value_);
      owner_ = transaction;
    }
    return *value_;
  }

 private:
  std::shared_ptr<Value> value_ = std::make_shared<Value>();
  std::uint64_t owner_ = 0;
};

}  // namespace mailroll::detail
