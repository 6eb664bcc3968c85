/// How far long work is, redrawn on one line of a terminal.
#pragma once

#include <cstddef>

#include "mailroll/progress.hpp"

namespace mailroll::cli {

/// Draws on standard error, and clears its line when it ends. Draws nothing where standard error is no terminal.
class ProgressBar {
 public:
  explicit ProgressBar(bool wanted);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

  void draw(const Progress& progress);

 private:
  bool is_shown_;
  bool is_drawn_ = false;
};

}  // namespace mailroll::cli
