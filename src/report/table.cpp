#include "report/table.h"

#include <algorithm>
#include <numeric>
#include <string_view>

#include "core/text.h"
#include "report/terminal_text.h"

namespace redoubt::report {

namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kGroupIndent = 2;
constexpr std::size_t kNoteIndent = 4;
constexpr std::size_t kNarrowest = 8;

class TableWriter {
 public:
  TableWriter(const Table& table, const TableStyle& style) : table_(table), style_(style) {
    bool titled = std::any_of(table.groups.begin(), table.groups.end(),
                              [](const Group& group) { return !group.title.text.empty(); });
    indent_ = titled ? kGroupIndent : 0;
    measure();
    fit();
  }

  bool fits() const { return style_.width == 0 || wanted_ <= style_.width; }

  std::string take() {
    Row titles;
    for (const Column& column : table_.columns)
      titles.cells.push_back({column.title, Tone::Heading});
    const bool headed = std::any_of(table_.columns.begin(), table_.columns.end(),
                                    [](const Column& column) { return !column.title.empty(); });
    if (headed) write_cells(titles);
    for (const Group& group : table_.groups)
      write_group(group);
    return std::move(out_);
  }

 private:
  void measure() {
    for (const Column& column : table_.columns) {
      widths_.push_back(display_width(column.title));
      words_.push_back(longest_word(column.title));
    }
    for (const Group& group : table_.groups)
      for (const Row& row : group.rows)
        for (std::size_t index = 0; index < std::min(row.cells.size(), widths_.size()); ++index)
          for (const std::string& line : wrap(printable(row.cells[index].text), 0)) {
            widths_[index] = std::max(widths_[index], display_width(line));
            words_[index] = std::max(words_[index], longest_word(line));
          }
    wanted_ = total();
  }

  static std::size_t longest_word(std::string_view line) {
    std::size_t longest = 0;
    for (const std::string_view word : split(line, ' '))
      longest = std::max(longest, display_width(word));
    return longest;
  }

  std::size_t total() const {
    return std::accumulate(widths_.begin(), widths_.end(),
                           indent_ + kGap * (std::max<std::size_t>(widths_.size(), 1) - 1));
  }

  void fit() {
    if (style_.width == 0 || widths_.empty()) return;
    shrink([this](std::size_t index) { return std::max(kNarrowest, words_[index]); });
    shrink([](std::size_t) { return kNarrowest; });
    if (wanted_ > style_.width) give_back();
  }

  /// The widest first, none below its least width.
  template <class Least>
  void shrink(const Least& least) {
    for (std::size_t all = total(); all > style_.width;) {
      std::size_t widest = widths_.size();
      for (std::size_t index = 0; index < widths_.size(); ++index)
        if (widths_[index] > least(index) && (widest == widths_.size() || widths_[index] > widths_[widest]))
          widest = index;
      if (widest == widths_.size()) return;
      const std::size_t most = std::min(all - style_.width, widths_[widest] - least(widest));
      const std::size_t step = std::max<std::size_t>(1, most / widths_.size());
      widths_[widest] -= step;
      all -= step;
    }
  }

  /// Lines seldom fill a column that was made narrow.
  void give_back() {
    for (std::size_t index = 0; index < widths_.size(); ++index)
      widths_[index] = std::min(widths_[index], used_width(index));
    for (std::size_t index = 0; index < widths_.size(); ++index) {
      const std::size_t all = total();
      if (all >= style_.width || words_[index] <= widths_[index]) continue;
      widths_[index] = std::min(words_[index], widths_[index] + style_.width - all);
    }
  }

  std::size_t used_width(std::size_t index) const {
    std::size_t used = display_width(table_.columns[index].title);
    for (const Group& group : table_.groups)
      for (const Row& row : group.rows)
        if (index < row.cells.size())
          for (const std::string& line : wrap(printable(row.cells[index].text), widths_[index]))
            used = std::max(used, display_width(line));
    return used;
  }

  void write_group(const Group& group) {
    if (!group.title.text.empty()) {
      if (!out_.empty()) out_ += '\n';
      write_block(group.title, 0);
    }
    for (const Row& row : group.rows) {
      write_cells(row);
      for (const Cell& note : row.notes)
        write_block(note, indent_ + kNoteIndent);
    }
  }

  void write_block(const Cell& cell, std::size_t indent) {
    std::size_t width = style_.width > indent + kNarrowest ? style_.width - indent : 0;
    for (const std::string& line : wrap(printable(cell.text), width)) {
      out_.append(indent, ' ');
      out_ += paint(line, cell.tone, style_.color);
      out_ += '\n';
    }
  }

  void write_cells(const Row& row) {
    std::vector<std::vector<std::string>> cells;
    std::size_t height = 1;
    for (std::size_t index = 0; index < widths_.size(); ++index) {
      std::string_view text = index < row.cells.size() ? std::string_view(row.cells[index].text) : "";
      cells.push_back(wrap(printable(text), widths_[index]));
      height = std::max(height, cells.back().size());
    }
    for (std::size_t line = 0; line < height; ++line)
      write_line(row, cells, line);
  }

  void write_line(const Row& row, const std::vector<std::vector<std::string>>& cells, std::size_t line) {
    std::size_t pending = indent_;
    for (std::size_t index = 0; index < cells.size(); ++index) {
      std::string_view text = line < cells[index].size() ? std::string_view(cells[index][line]) : "";
      std::size_t used = display_width(text);
      std::size_t padding = widths_[index] > used ? widths_[index] - used : 0;
      bool right = table_.columns[index].right_aligned;
      if (right) pending += padding;
      if (!text.empty()) {
        out_.append(pending, ' ');
        pending = 0;
        out_ += paint(text, row.cells[index].tone, style_.color);
      }
      pending += (right ? 0 : padding) + kGap;
    }
    out_ += '\n';
  }

  const Table& table_;
  TableStyle style_;
  std::size_t indent_ = 0;
  std::vector<std::size_t> widths_;
  std::vector<std::size_t> words_;  // the longest one of each column
  std::size_t wanted_ = 0;          // the table's width where nothing is wrapped
  std::string out_;
};

}  // namespace

bool fits(const Table& table, const TableStyle& style) { return TableWriter(table, style).fits(); }

void make_room(Table& table, std::size_t column, std::string_view label, const TableStyle& style) {
  if (fits(table, style)) return;
  const auto at = static_cast<std::ptrdiff_t>(column);
  table.columns.erase(table.columns.begin() + at);
  for (Group& group : table.groups) {
    for (Row& row : group.rows) {
      if (column >= row.cells.size()) continue;
      if (!row.cells[column].text.empty())
        row.notes.push_back({std::string(label) + row.cells[column].text, Tone::Muted});
      row.cells.erase(row.cells.begin() + at);
    }
  }
}

std::string to_text(const Table& table, const TableStyle& style) { return TableWriter(table, style).take(); }

}  // namespace redoubt::report
