/// The one list of what the program can do.
#pragma once

#include <string_view>
#include <vector>

#include "command.hpp"

namespace mailroll::cli {

/// The options that every command has; they may stand before or after noun and verb.
const std::vector<Option>& global_options();

/// All commands, in the order in which help shows them; those of one noun stand together.
const std::vector<Command>& commands();

/// The nouns that have verbs, with a line of help each.
const std::vector<Noun>& nouns();

/// nullptr where there is none.
const Command* find_command(std::string_view noun, std::string_view verb);
const Noun* find_noun(std::string_view noun);
std::vector<const Command*> commands_of(std::string_view noun);

}  // namespace mailroll::cli
