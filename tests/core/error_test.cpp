#include "mailroll/error.hpp"

#include <string>

#include <gtest/gtest.h>

using mailroll::Error;
using mailroll::ErrorKind;

TEST(Error, carries_its_kind_its_line_and_its_details) {
  const Error error(ErrorKind::invalid, "export.csv, row 3: unknown word in unsubscribed", {{"reason", "value_type"}});
  EXPECT_EQ(error.kind(), ErrorKind::invalid);
  EXPECT_STREQ(error.what(), "export.csv, row 3: unknown word in unsubscribed");
  EXPECT_EQ(error.reason(), "value_type");
}

TEST(Error, has_an_empty_reason_where_none_was_given) {
  EXPECT_EQ(Error(ErrorKind::not_found, "no such topic").reason(), "");
}

TEST(Error, crosses_the_border_of_the_shared_library_as_itself) {
  EXPECT_THROW(throw Error(ErrorKind::refused, "refused"), Error);
  EXPECT_EQ(to_string(ErrorKind::not_found), "not_found");
  EXPECT_EQ(to_string(ErrorKind::storage), "storage");
}
