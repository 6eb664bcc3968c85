#include "mailroll/transfer/json_list.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <simdjson.h>

#include "mailroll/error.hpp"
#include "transfer/json_row.hpp"
#include "transfer/text.hpp"

namespace mailroll {
namespace {

using simdjson::ondemand::json_type;

constexpr const char* expected = "; expected {\"object\": \"list\", \"data\": [...]}";
constexpr std::size_t max_document = (std::size_t{1} << 32) - 1;  // simdjson's own limit

class JsonListReader final : public RowReader {
 public:
  JsonListReader(InputFile file, ColumnMap map) : file_(std::move(file)), json_(std::move(map)) {
    load();
    try {
      start();
      find_data();
    } catch (const simdjson::simdjson_error& error) {
      broken(error.error());
    }
  }

  bool next(RawRow& row) override {
    if (!element_) return false;
    try {
      if (rows_ > 0) ++*element_;
      if (!(*element_ != *elements_end_)) {
        finish();
        element_.reset();
        return false;
      }
      clear(row);
      row.row = ++rows_;
      simdjson::ondemand::value value = **element_;
      if (value.type() != json_type::object) {
        detail::set_problem(row, RejectReason::row_shape, {});
        return true;
      }
      simdjson::ondemand::object object = value.get_object();
      if (const auto error = json_.read(object, masked_, row)) broken(error);
      return true;
    } catch (const simdjson::simdjson_error& error) {
      broken(error.error());
    }
  }

  [[nodiscard]] std::uint64_t bytes_read() const override { return file_.bytes_read(); }

 private:
  void load() {
    text_.resize(std::min<std::uint64_t>(file_.size(), max_document) + file_.block() + simdjson::SIMDJSON_PADDING);
    for (;;) {
      if (text_.size() - simdjson::SIMDJSON_PADDING - length_ < file_.block()) text_.resize(2 * text_.size());
      const std::size_t got = file_.read(text_.data() + length_, text_.size() - simdjson::SIMDJSON_PADDING - length_);
      if (got == 0) break;
      length_ += got;
      if (length_ > max_document)
        fail(" is over 4 GiB, more than can be read as one JSON document; split it", "too_large");
    }
    std::string_view all(text_.data(), length_);
    if (trimmed(all).empty()) refuse_empty(file_.shown(), file_.path());
    refuse_utf16(all, file_.shown(), file_.path());
    if (all.starts_with(utf8_bom)) begin_ = utf8_bom.size();
    if (trimmed(all.substr(begin_)).empty()) refuse_empty(file_.shown(), file_.path());
  }

  void start() {
    const auto iterate = [&] {
      return parser_.iterate(text_.data() + begin_, length_ - begin_, text_.size() - begin_).get(document_);
    };
    auto error = iterate();
    if (error == simdjson::UTF8_ERROR) {  // the rows with a bad cell are broken, the others are read
      masked_ = true;
      detail::mask_bad_utf8(text_.data() + begin_, length_ - begin_);
      error = iterate();
    }
    if (error) broken(error);
    if (document_.type() != json_type::object) wrong_shape("is not an object");
    root_ = document_.get_object();
    key_.emplace(root_.begin());
    keys_end_.emplace(root_.end());
  }

  void find_data() {
    for (; *key_ != *keys_end_; ++*key_) {
      simdjson::ondemand::field field = **key_;
      const std::string_view key = field.unescaped_key();
      simdjson::ondemand::value value = field.value();
      if (key == "object") {
        if (value.type() != json_type::string || std::string_view(value.get_string()) != "list") {
          wrong_shape("has another \"object\" than \"list\"");
        }
      } else if (key == "data") {
        if (value.type() != json_type::array) wrong_shape("has a \"data\" that is not an array");
        data_ = value.get_array();
        element_.emplace(data_.begin());
        elements_end_.emplace(data_.end());
        return;
      }
    }
    wrong_shape("has no \"data\"");
  }

  void finish() {  // what stands behind the array must be JSON too
    for (++*key_; *key_ != *keys_end_; ++*key_) {
      simdjson::ondemand::field field = **key_;
      if (std::string_view(field.unescaped_key()) == "data") wrong_shape("has \"data\" twice");
    }
    if (!detail::at_end(document_)) broken(simdjson::TRAILING_CONTENT);
  }

  [[noreturn]] void fail(const std::string& what, const char* reason, std::uint64_t line = 0) {
    ErrorDetails details{{"file", file_.path()}, {"reason", reason}};
    if (line > 0) details.emplace("line", std::to_string(line));
    throw Error(ErrorKind::invalid, file_.shown() + (line > 0 ? ", line " + std::to_string(line) + ":" : "") + what,
                std::move(details));
  }

  [[noreturn]] void wrong_shape(const std::string& what) {
    fail(" " + what + expected + ", as the API's lists of contacts are", "json_shape");
  }

  [[noreturn]] void broken(simdjson::error_code error) {
    if (error == simdjson::INCOMPLETE_ARRAY_OR_OBJECT || error == simdjson::UNCLOSED_STRING) {
      fail(std::string(" is no whole JSON document, perhaps cut off") + expected + "; fetch it again", "json_cut_off");
    }
    std::uint64_t line = 1;
    const char* at = nullptr;
    if (element_ && !document_.current_location().get(at) && at != nullptr && at >= text_.data() &&
        at <= text_.data() + length_) {
      line += static_cast<std::uint64_t>(std::count(const_cast<const char*>(text_.data()), at, '\n'));
    }
    fail(std::string(line > 0 ? " not JSON" : " is not JSON") + expected + "; fetch it again", "json_syntax", line);
  }

  InputFile file_;
  detail::JsonRow json_;
  std::vector<char> text_;
  std::size_t begin_ = 0;
  std::size_t length_ = 0;
  bool masked_ = false;
  std::uint64_t rows_ = 0;
  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document document_;
  simdjson::ondemand::object root_;
  simdjson::ondemand::array data_;
  std::optional<simdjson::ondemand::object_iterator> key_;
  std::optional<simdjson::ondemand::object_iterator> keys_end_;
  std::optional<simdjson::ondemand::array_iterator> element_;
  std::optional<simdjson::ondemand::array_iterator> elements_end_;
};

}  // namespace

std::unique_ptr<RowReader> open_json_list(InputFile file, ColumnMap map) {
  return std::make_unique<JsonListReader>(std::move(file), std::move(map));
}

}  // namespace mailroll
