#include "table_printer.hpp"

#include <algorithm>

#include "display.hpp"

namespace mailroll::cli {
namespace {

// Widths are taken from the first rows; what streams after them keeps these widths, so that memory stays bounded.
constexpr std::size_t rows_looked_at = 1000;
constexpr std::string_view gap = "  ";

std::string bold(const std::string& text, bool with_colour) {
  return with_colour ? "\033[1m" + text + "\033[0m" : text;
}

class Grid {
 public:
  Grid(Output& output, bool with_colour, const Columns& columns) : output_(output), with_colour_(with_colour) {
    for (const Column& column : columns) {
      if (!column.heading.empty()) columns_.push_back(column);
    }
  }

  void add(const Json& record) {
    std::vector<std::string> cells;
    cells.reserve(columns_.size());
    for (const Column& column : columns_) {
      const auto found = record.find(column.key);
      cells.push_back(found == record.end() ? std::string() : harmless(cell_text(*found, true)));
    }
    if (started_) {
      write(cells);
      return;
    }
    waiting_.push_back(std::move(cells));
    if (waiting_.size() == rows_looked_at) start();
  }

  void finish() {
    if (!started_) start();
  }

 private:
  void start() {
    started_ = true;
    widths_.reserve(columns_.size());
    for (const Column& column : columns_) widths_.push_back(display_width(column.heading));
    for (const auto& cells : waiting_) {
      for (std::size_t i = 0; i < cells.size(); ++i) widths_[i] = std::max(widths_[i], display_width(cells[i]));
    }
    std::vector<std::string> headings;
    headings.reserve(columns_.size());
    for (const Column& column : columns_) headings.push_back(column.heading);
    output_.write(bold(line(headings), with_colour_) + "\n");
    for (const auto& cells : waiting_) write(cells);
    waiting_.clear();
  }

  void write(const std::vector<std::string>& cells) { output_.write(line(cells) + "\n"); }

  [[nodiscard]] std::string line(const std::vector<std::string>& cells) const {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::size_t width = display_width(cells[i]);
      const std::string blanks(width < widths_[i] ? widths_[i] - width : 0, ' ');
      if (i > 0) text += gap;
      text += columns_[i].is_number ? blanks + cells[i] : cells[i] + blanks;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
  }

  Output& output_;
  bool with_colour_;
  Columns columns_;
  bool started_ = false;
  std::vector<std::vector<std::string>> waiting_;
  std::vector<std::size_t> widths_;
};

class TablePrinter : public Printer {
 public:
  TablePrinter(Output& output, bool with_colour) : output_(output), with_colour_(with_colour) {}

  void record(const Json& record, const std::function<void(Sheet&)>& for_people) override {
    Sheet sheet(output_, with_colour_);
    if (for_people) {
      for_people(sheet);
      return;
    }
    std::vector<std::pair<std::string, std::string>> labelled;
    for (const auto& [key, value] : record.items()) {
      std::string label = key;
      std::replace(label.begin(), label.end(), '_', ' ');
      labelled.emplace_back(label, cell_text(value, true));
    }
    sheet.fields(labelled);
  }
  void begin(const Columns& columns) override { grid_ = std::make_unique<Grid>(output_, with_colour_, columns); }
  void row(const Json& record) override { grid_->add(record); }
  void end() override { grid_->finish(); }
  [[nodiscard]] bool is_for_people() const override { return true; }

 private:
  Output& output_;
  bool with_colour_;
  std::unique_ptr<Grid> grid_;
};

}  // namespace

void Sheet::heading(std::string_view text) { output_.write(bold(harmless(text), with_colour_) + "\n"); }
void Sheet::line(std::string_view text) { output_.write(harmless(text) + "\n"); }
void Sheet::blank() { output_.write("\n"); }

void Sheet::fields(const std::vector<std::pair<std::string, std::string>>& labelled) {
  std::size_t widest = 0;
  for (const auto& [label, value] : labelled) widest = std::max(widest, display_width(label));
  for (const auto& [label, value] : labelled) {
    std::string text =
        harmless(label) + std::string(widest - display_width(label), ' ') + std::string(gap) + harmless(value);
    text.erase(text.find_last_not_of(' ') + 1);
    output_.write(text + "\n");
  }
}

void Sheet::table(const Columns& columns, const std::vector<Json>& records) {
  Grid grid(output_, with_colour_, columns);
  for (const Json& record : records) grid.add(record);
  grid.finish();
}

std::unique_ptr<Printer> make_table_printer(Output& output, bool with_colour) {
  return std::make_unique<TablePrinter>(output, with_colour);
}

}  // namespace mailroll::cli
