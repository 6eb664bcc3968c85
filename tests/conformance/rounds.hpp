/// Rounds of what draws at random, each with a seed of its own.
#pragma once

#include <cstdint>
#include <string>

#include "conformance/trial.hpp"

namespace mailroll::conformance {

/// Runs `round(seed)` for each round; a failure says how to see it again.
template <typename Round>
void each_round(Trial& trial, Round round) {
  for (int number = 0; number < trial.rounds(); ++number) {
    const std::string again = "\n  again with:  --seed " + std::to_string(trial.seed(number)) + " --rounds 1";
    try {
      round(trial.seed(number));
    } catch (const Broken& broken) {
      throw Broken(broken.what() + again);
    } catch (const Error& error) {
      throw Broken("an error where none is due: " + said(error) + again);
    }
  }
}

}  // namespace mailroll::conformance
