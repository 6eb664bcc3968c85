/// Statements on the table sources: texts that many events share.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// Reading events: the text of a number.
inline constexpr std::string_view select_source =
    R"sql(SELECT text FROM sources WHERE team_id = :team_id AND number = :number)sql";

// Writing events, all three: the number of a text, or the next one.
inline constexpr std::string_view select_source_number =
    R"sql(SELECT number FROM sources WHERE team_id = :team_id AND text = :text)sql";
inline constexpr std::string_view select_last_source =
    R"sql(SELECT max(number) FROM sources WHERE team_id = :team_id)sql";
inline constexpr std::string_view insert_source =
    R"sql(INSERT INTO sources (team_id, number, text) VALUES (:team_id, :number, :text))sql";

}  // namespace mailroll::detail::sql
