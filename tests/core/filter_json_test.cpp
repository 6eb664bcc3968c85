// Filters in JSON: one to one with texts, within the same bounds, and wrong where they say so.
#include "mailroll/audience/filter_json.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "each_store.hpp"
#include "mailroll/error.hpp"
#include "random_filters.hpp"

namespace mailroll::testing {
namespace {

/// Without what says where it was read.
Filter bare(Filter filter) {
  filter.column = 0;
  filter.path.clear();
  for (FilterValue& value : filter.values) {
    value.column = 0;
    value.path.clear();
  }
  for (Filter& part : filter.parts) part = bare(std::move(part));
  return filter;
}

std::string said;

std::string path_of(const std::string& json) {
  try {
    (void)filter_from_json(json);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::invalid);
    EXPECT_EQ(error.reason(), "filter");
    said = error.what();
    return error.details().at("path");
  }
  return "none";
}

TEST(FilterJson, says_what_the_text_says) {
  for (const auto& [text, json] : std::map<std::string, std::string>{
           {"plan = 'pro' and in_segment('VIP')", R"({"and":[{"eq":[{"prop":"plan"},"pro"]},{"in_segment":"VIP"}]})"},
           {"a != 1 or b", R"({"or":[{"ne":[{"prop":"a"},1]},{"prop":"b"}]})"},
           {"not a < 1.5", R"({"not":{"lt":[{"prop":"a"},1.5]}})"},
           {"a <= true", R"({"le":[{"prop":"a"},true]})"},
           {"created_at > now() - 30 days", R"({"gt":[{"field":"created_at"},{"now":true,"plus_days":-30}]})"},
           {"updated_at >= '2026-01-01' + 90 seconds",
            R"({"ge":[{"field":"updated_at"},{"plus_seconds":90,"value":"2026-01-01"}]})"},
           {"a in ('x', 'y')", R"({"in":[{"prop":"a"},"x","y"]})"},
           {"a not between -1 and 3", R"({"not":{"between":[{"prop":"a"},-1,3]}})"},
           {"email like '%@x.org'", R"({"like":[{"field":"email"},"%@x.org"]})"},
           {"\"odd name\" starts with 'Ö'", R"({"starts_with":[{"prop":"odd name"},"Ö"]})"},
           {"a is not null", R"({"not":{"is_null":{"prop":"a"}}})"},
           {"opted_in('News') and opted_out('A') and receives('B') and unsubscribed",
            R"({"and":[{"opted_in":"News"},{"opted_out":"A"},{"receives":"B"},{"unsubscribed":true}]})"}}) {
    EXPECT_EQ(to_json(parse_filter(text)), json);
    EXPECT_EQ(to_string(filter_from_json(json)), text);
    EXPECT_EQ(to_string(read_filter("\n " + json)), text);
    EXPECT_EQ(to_string(read_filter(text)), text);
  }
  EXPECT_EQ(to_string(filter_from_json(R"({"or":[{"and":[{"prop":"a"}]}]})")), "a") << "of one condition: that one";
}

TEST(FilterJson, each_random_tree_comes_back_from_json_and_from_its_text) {
  RandomFilters random(17);
  for (int round = 0; round < 5000; ++round) {
    const Filter filter = random.filter(5);
    const std::string json = to_json(filter);
    const Filter back = bare(filter_from_json(json));
    ASSERT_EQ(back, filter) << json;
    const std::string text = to_string(filter);
    if (text.size() > max_filter_length) continue;
    ASSERT_EQ(bare(parse_filter(text)), filter) << text;
  }
}

TEST(FilterJson, a_time_of_a_checked_filter_stays_a_time) {
  const Filter checked = check_filter(parse_filter("created_at > '2026-01-01' - 1 day"), {});
  EXPECT_EQ(to_json(checked), R"({"gt":[{"field":"created_at"},{"time":"2025-12-31T00:00:00.000000Z"}]})");
  EXPECT_EQ(bare(filter_from_json(to_json(checked))), bare(checked));
  EXPECT_EQ(bare(filter_from_json(R"({"gt":[{"field":"created_at"},{"time":"2026-01-01","plus_days":-1}]})")),
            bare(checked));
}

TEST(FilterJson, an_error_points_at_its_place) {
  for (const auto& [json, path] : std::map<std::string, std::string>{
           {"", ""},
           {"{", ""},
           {"[]", ""},
           {"{}", ""},
           {"{\"prop\":\"\xFF\"}", ""},
           {R"({"eq":[{"prop":"a"},1e999]})", ""},
           {R"({"is_null":{"prop":"a","prop":"b"}})", ""},
           {R"({"equal":[{"prop":"a"},1]})", ""},
           {R"({"eq":[{"prop":"a"},1],"ne":[{"prop":"a"},1]})", ""},
           {R"({"and":[]})", "/and"},
           {R"({"and":{"prop":"a"}})", "/and"},
           {R"({"and":[{"prop":"a"},true]})", "/and/1"},
           {R"({"not":[{"prop":"a"}]})", "/not"},
           {R"({"eq":[{"prop":"a"}]})", "/eq"},
           {R"({"eq":[{"prop":"a"},1,2]})", "/eq"},
           {R"({"between":[{"prop":"a"},1]})", "/between"},
           {R"({"in":[{"prop":"a"}]})", "/in"},
           {R"({"or":[{"prop":"a"},{"not":{"eq":[{"field":"emal"},"x"]}}]})", "/or/1/not/eq/0/field"},
           {R"({"eq":[{"prop":"a"},null]})", "/eq/1"},
           {R"({"eq":[{"prop":"a"},["x"]]})", "/eq/1"},
           {R"({"eq":[{"prop":"a","field":"email"},"x"]})", "/eq/0"},
           {R"({"eq":[{"plus_days":1},"x"]})", "/eq/0"},
           {R"({"eq":[{"propp":"a"},"x"]})", "/eq/0"},
           {R"({"eq":[{"prop":1},"x"]})", "/eq/0/prop"},
           {R"({"gt":[{"field":"created_at"},{"now":false}]})", "/gt/1/now"},
           {R"({"gt":[{"field":"created_at"},{"now":true,"plus_days":1.5}]})", "/gt/1/plus_days"},
           {R"({"gt":[{"field":"created_at"},{"now":true,"plus_days":36501}]})", "/gt/1/plus_days"},
           {R"({"gt":[{"field":"created_at"},{"time":"2026-02-30"}]})", "/gt/1/time"},
           {R"({"gt":[{"field":"created_at"},{"time":"9999-12-31","plus_days":1}]})", "/gt/1"},
           {R"({"like":[{"prop":"a"},{"value":"x"}]})", "/like/1"},
           {R"({"in_segment":5})", "/in_segment"},
           {R"({"unsubscribed":false})", "/unsubscribed"},
           {R"({"opted_in":"a\u0007"})", "/opted_in"}}) {
    EXPECT_EQ(path_of(json), path) << json;
  }
  (void)path_of(R"({"or":[{"prop":"a"},{"not":{"eq":[{"field":"emal"},"x"]}}]})");
  EXPECT_EQ(said, "the filter, at /or/1/not/eq/0/field: there is no field of that name (did you mean 'email'?)");
}

TEST(FilterJson, has_the_bounds_of_a_text) {
  const auto nested = [](int times, const std::string& open, const std::string& close) {
    std::string json = R"({"prop":"a"})";
    for (int n = 0; n < times; ++n) json.insert(0, open).append(close);
    return json;
  };
  // A text that was read is read again in JSON, and nothing is read that no text could say.
  for (const auto& [open, close] :
       std::map<std::string, std::string>{{"{\"not\":", "}"},
                                          {"{\"and\":[", "]}"},
                                          {"{\"and\":[{\"prop\":\"b\"},{\"or\":[{\"prop\":\"c\"},", "]}]}"}}) {
    const Filter deepest = filter_from_json(nested(100, open, close));
    EXPECT_EQ(to_json(parse_filter(to_string(deepest))), to_json(deepest));
    EXPECT_NE(path_of(nested(101, open, close)), "none");
    EXPECT_NE(path_of(nested(10000, open, close)), "none");
  }
  std::string many;
  for (int n = 0; n < 1000; ++n) many += R"({"prop":"a"},)";
  many.pop_back();
  EXPECT_EQ(path_of("{\"or\":[" + many + "]}"), "none");
  EXPECT_EQ(path_of("{\"or\":[" + many + ",{\"prop\":\"a\"}]}"), "/or/1000");
  EXPECT_EQ(path_of("{\"in\":[" + many + ",1]}"), "/in/1000");
  EXPECT_EQ(path_of(std::string(max_filter_json_length + 1, ' ')), "");
  EXPECT_EQ(path_of(std::string(max_filter_json_length - 100, '[')), "");
}

class JsonOnStore : public EachStore {};

TEST_P(JsonOnStore, a_segment_takes_its_filter_in_json_and_shows_it_so) {
  Roll roll = open_as(Actor::operator_);
  roll.properties().define("plan", PropertyType::string);
  roll.segments().create("VIP");
  const std::string json = R"({"and":[{"eq":[{"prop":"plan"},"pro"]},{"in_segment":"VIP"}]})";
  const Segment made = roll.segments().create("Pro", json);
  EXPECT_EQ(made.filter, roll.segments().create("Same", "plan = 'pro' and in_segment('VIP')").filter);
  EXPECT_EQ(roll.segments().where(made), "plan = 'pro' and in_segment('VIP')");
  EXPECT_EQ(to_json(roll.segments().filter(made).value()), json);
  EXPECT_FALSE(roll.segments().filter("VIP").has_value());
  const auto path = [&](const std::string& where) {
    try {
      roll.segments().change_filter(made, where);
    } catch (const Error& error) {
      said = error.what();
      return error.reason() + error.details().at("path");
    }
    return std::string("done");
  };
  EXPECT_EQ(path(R"({"not":{"eq":[{"prop":"plann"},"pro"]}})"), "filter/not/eq/0");
  EXPECT_NE(said.find("did you mean 'plan'?"), std::string::npos) << said;
  EXPECT_EQ(path(R"({"or":[{"in_segment":"VIPP"},{"prop":"plan"}]})"), "filter/or/0/in_segment");
  EXPECT_EQ(path(R"({"prop":"plan"})"), "filter");
  EXPECT_EQ(path(R"({"in_segment":"Pro"})"), "filter");
  EXPECT_EQ(path(R"({"not":{"in_segment":"VIP"}})"), "done");
}

INSTANTIATE_TEST_SUITE_P(Stores, JsonOnStore, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
}  // namespace mailroll::testing
