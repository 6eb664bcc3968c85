/// Statements on the table sources: texts that many events share.
#pragma once

#include <string_view>

#include "sql/statement.hpp"

namespace mailroll::detail::sql {

// Reading events: the text of a number. Writing them: whether the number is this text's.
inline constexpr std::string_view select_source =
    R"sql(SELECT text FROM sources WHERE team_id = :team_id AND number = :number)sql";

// Writing events: a text that may be new.
inline constexpr Statement insert_source(
    R"sql(INSERT INTO sources (team_id, number, text) VALUES (:team_id, :number, :text)
          ON CONFLICT (team_id, number) DO NOTHING)sql",
    {.postgresql = R"sql(INSERT INTO sources (team_id, number, text)
          SELECT :team_id::int, u.* FROM unnest(:number::int[], :text::text[]) u
          ON CONFLICT (team_id, number) DO NOTHING)sql"});

}  // namespace mailroll::detail::sql
