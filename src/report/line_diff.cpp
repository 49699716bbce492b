#include "report/line_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace redoubt::report {

namespace {

constexpr std::ptrdiff_t kMostEdits = 1'000;
constexpr std::size_t kAround = 3;  // lines that stay, shown on both sides of a change

enum class Edit : unsigned char { Same, Remove, Add };

using Lines = std::vector<std::string_view>;

/// With their line breaks; the last one may have none.
Lines lines_of(std::string_view text) {
  Lines out;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    out.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return out;
}

/// Source: E. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986.
class Myers {
 public:
  Myers(const Lines& before, const Lines& after)
      : before_(before), after_(after), size_(std::ssize(before)), other_(std::ssize(after)) {}

  std::vector<Edit> run() {
    const std::ptrdiff_t most = std::min(size_ + other_, kMostEdits);
    reached_.assign(static_cast<std::size_t>(2 * most + 3), 0);
    for (std::ptrdiff_t edits = 0; edits <= most; ++edits) {
      trace_.push_back(reached_);
      if (extend(edits, most + 1)) return back(edits, most + 1);
    }
    std::vector<Edit> out(before_.size(), Edit::Remove);
    out.insert(out.end(), after_.size(), Edit::Add);
    return out;
  }

 private:
  static std::ptrdiff_t at(const std::vector<std::ptrdiff_t>& row, std::ptrdiff_t i) {
    return row[static_cast<std::size_t>(i)];
  }

  /// How far the diagonals come with so many edits; true: one is at the end.
  bool extend(std::ptrdiff_t edits, std::ptrdiff_t middle) {
    for (std::ptrdiff_t k = -edits; k <= edits; k += 2) {
      std::ptrdiff_t x = comes_from_above(reached_, k, edits, middle) ? at(reached_, middle + k + 1)
                                                                      : at(reached_, middle + k - 1) + 1;
      std::ptrdiff_t y = x - k;
      while (x < size_ && y < other_ &&
             before_[static_cast<std::size_t>(x)] == after_[static_cast<std::size_t>(y)]) {
        ++x;
        ++y;
      }
      reached_[static_cast<std::size_t>(middle + k)] = x;
      if (x >= size_ && y >= other_) return true;
    }
    return false;
  }

  static bool comes_from_above(const std::vector<std::ptrdiff_t>& row, std::ptrdiff_t k, std::ptrdiff_t edits,
                               std::ptrdiff_t middle) {
    return k == -edits || (k != edits && at(row, middle + k - 1) < at(row, middle + k + 1));
  }

  /// From the end along the way that was taken.
  std::vector<Edit> back(std::ptrdiff_t edits, std::ptrdiff_t middle) const {
    std::vector<Edit> out;
    std::ptrdiff_t x = size_;
    std::ptrdiff_t y = other_;
    for (; edits > 0; --edits) {
      const std::vector<std::ptrdiff_t>& row = trace_[static_cast<std::size_t>(edits)];
      const bool above = comes_from_above(row, x - y, edits, middle);
      const std::ptrdiff_t k = x - y + (above ? 1 : -1);
      const std::ptrdiff_t from = at(row, middle + k);
      for (const std::ptrdiff_t behind = above ? from : from + 1; x > behind; --x, --y)
        out.push_back(Edit::Same);
      out.push_back(above ? Edit::Add : Edit::Remove);
      x = from;
      y = from - k;
    }
    out.insert(out.end(), static_cast<std::size_t>(x), Edit::Same);
    std::ranges::reverse(out);
    return out;
  }

  const Lines& before_;
  const Lines& after_;
  std::ptrdiff_t size_;
  std::ptrdiff_t other_;
  std::vector<std::ptrdiff_t> reached_;             // of each diagonal, in the lines before
  std::vector<std::vector<std::ptrdiff_t>> trace_;  // the same for each number of edits
};

void append_line(std::string& out, char sign, std::string_view line) {
  out += sign;
  out += line;
  if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

/// `3,7`, `3` or, where there are none, the line in front.
std::string range(std::size_t first, std::size_t count) {
  if (count == 1) return fmt::format("{}", first + 1);
  return fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

/// Where the hunk that begins with the edit at `first` ends.
std::size_t hunk_end(const std::vector<Edit>& edits, std::size_t first) {
  std::size_t last = first;  // the last change
  for (std::size_t i = first; i < edits.size() && i <= last + 2 * kAround + 1; ++i)
    if (edits[i] != Edit::Same) last = i;
  return std::min(last + 1 + kAround, edits.size());
}

}  // namespace

std::string unified_diff(std::string_view name, std::string_view before, std::string_view after) {
  if (before == after) return {};
  const Lines old_lines = lines_of(before);
  const Lines new_lines = lines_of(after);
  const std::vector<Edit> edits = Myers(old_lines, new_lines).run();
  std::string out = fmt::format("--- {0}\n+++ {0}\n", name);
  std::size_t x = 0;
  std::size_t y = 0;
  std::size_t at = 0;
  while (true) {
    std::size_t first = at;
    while (first < edits.size() && edits[first] == Edit::Same)
      ++first;
    if (first == edits.size()) return out;
    const std::size_t begin = std::max(at, first - std::min(first, kAround));
    x += begin - at;
    y += begin - at;
    const std::size_t end = hunk_end(edits, first);
    const std::size_t from_x = x;
    const std::size_t from_y = y;
    std::string body;
    for (at = begin; at < end; ++at) {
      if (edits[at] == Edit::Add) {
        append_line(body, '+', new_lines[y++]);
        continue;
      }
      append_line(body, edits[at] == Edit::Same ? ' ' : '-', old_lines[x++]);
      if (edits[at] == Edit::Same) ++y;
    }
    out += fmt::format("@@ -{} +{} @@\n{}", range(from_x, x - from_x), range(from_y, y - from_y), body);
  }
}

}  // namespace redoubt::report
