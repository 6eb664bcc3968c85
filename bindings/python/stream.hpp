/// Iterators of Python over answers that are read page by page.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "bind.hpp"

namespace mailroll::python {

/// An iterator of Python. Its own C slot gives the next object, so that a row costs no look-up of a method.
class Stream {
 public:
  virtual ~Stream() = default;
  /// The next object, a new reference; null at the end, and null with an exception set where it failed. Never throws.
  PyObject* next() noexcept;

 protected:
  virtual PyObject* make_next() = 0;

 private:
  bool reading_ = false;  ///< guarded by the GIL: pages are fetched without it
};

/// Fetches pages without the GIL, converts rows one by one when they are asked for.
template <typename Row>
class PageStream final : public Stream {
 public:
  /// The rows after `last` (nothing: from the start), at most `limit`; none at the end.
  using Fetch = std::function<std::vector<Row>(const Row* last, std::size_t limit)>;
  using Convert = PyObject* (*)(const Row& row);

  PageStream(Fetch fetch, Convert convert) : fetch_(std::move(fetch)), convert_(convert) {}

 private:
  // A first page small enough that looking at a few rows is cheap, then pages that make the cost of asking vanish.
  static constexpr std::size_t first_page = 256;
  static constexpr std::size_t later_pages = 4096;

  PyObject* make_next() override {
    if (place_ == page_.size()) {
      if (ended_) return nullptr;
      const std::size_t limit = page_.empty() ? first_page : later_pages;
      py::gil_scoped_release release;
      std::vector<Row> rows = fetch_(page_.empty() ? nullptr : &page_.back(), limit);
      ended_ = rows.empty();
      if (!ended_) page_ = std::move(rows);
      place_ = ended_ ? page_.size() : 0;
    }
    return ended_ ? nullptr : convert_(page_[place_++]);
  }

  Fetch fetch_;
  Convert convert_;
  std::vector<Row> page_;
  std::size_t place_ = 0;
  bool ended_ = false;
};

/// Gives out what is already there.
template <typename Row>
class ListStream final : public Stream {
 public:
  explicit ListStream(std::vector<Row> rows) : rows_(std::move(rows)) {}

 private:
  PyObject* make_next() override {
    return place_ == rows_.size() ? nullptr : py::cast(std::move(rows_[place_++])).release().ptr();
  }

  std::vector<Row> rows_;
  std::size_t place_ = 0;
};

/// The conversion of rows that are bound classes.
template <typename Row>
PyObject* as_object(const Row& row) {
  return py::cast(row).release().ptr();
}

}  // namespace mailroll::python
