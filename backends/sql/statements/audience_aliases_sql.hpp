/// Statements on the table audience_aliases: what an old audience has become.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// Session::audience_aliases().
inline constexpr std::string_view select_audience_aliases =
    R"sql(SELECT alias, segment, topic FROM audience_aliases WHERE team_id = :team_id ORDER BY alias)sql";

// Session::put_audience_alias().
inline constexpr std::string_view upsert_audience_alias =
    R"sql(INSERT INTO audience_aliases (team_id, alias, segment, topic) VALUES (:team_id, :alias, :segment, :topic)
          ON CONFLICT (team_id, alias) DO UPDATE SET segment = excluded.segment, topic = excluded.topic)sql";

// Session::remove_segment().
inline constexpr std::string_view delete_aliases_of_segment =
    R"sql(DELETE FROM audience_aliases WHERE team_id = :team_id AND segment = :segment)sql";

// Session::remove_topic().
inline constexpr std::string_view clear_topic_of_aliases =
    R"sql(UPDATE audience_aliases SET topic = 0 WHERE team_id = :team_id AND topic = :topic)sql";

}  // namespace mailroll::detail::sql
