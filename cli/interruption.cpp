#include "interruption.hpp"

namespace mailroll::cli {
namespace {

volatile std::sig_atomic_t asked = 0;

void note_signal(int) { asked = 1; }

}  // namespace

Interruption::Interruption() {
  asked = 0;
  struct sigaction noting {};
  noting.sa_handler = note_signal;
  // The default comes back with the first signal. Without SA_RESTART, a read that waits for a terminal or pipe ends.
  noting.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&noting.sa_mask);
  sigaction(SIGINT, &noting, &before_int_);
  sigaction(SIGTERM, &noting, &before_term_);
}

Interruption::~Interruption() {
  sigaction(SIGINT, &before_int_, nullptr);
  sigaction(SIGTERM, &before_term_, nullptr);
}

bool Interruption::asked_for() { return asked != 0; }

}  // namespace mailroll::cli
