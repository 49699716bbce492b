#include "doc/json_rows.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

#include "core/arena.h"
#include "core/text.h"
#include "doc/detail/check_text.h"
#include "doc/detail/value_bounds.h"

namespace redoubt::doc {

namespace {

constexpr std::size_t kLongestKey = 64;  // of a list
constexpr std::string_view kBlanks = " \t\r\n,";

/// A line without the comma behind its record, as those of a list without its brackets have it.
std::string_view without_comma(std::string_view line) {
  line = trim(line);
  if (!line.ends_with(',')) return line;
  const std::string_view record = trim(line.substr(0, line.size() - 1));
  return record.empty() || record.ends_with('}') ? record : line;
}

/// Whether a bracket or a quote of the record that a line begins with is never closed.
bool is_open(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  return (line.starts_with('{') || line.starts_with('[')) &&
         detail::end_of_value(line) == std::string_view::npos;
}

/// Finds where rows begin and end, and parses each by itself.
class RowScanner {
 public:
  RowScanner(std::span<const std::string_view> list_keys, const TakeRow& take, const JsonRowLimits& limits)
      : list_keys_(list_keys), take_(take), limits_(limits) {}

  Result<void> feed(std::string_view chunk) {
    chunk_ = chunk;
    mark_ = 0;
    for (at_ = 0; at_ < chunk_.size(); ++at_) {
      if (lines_) {
        RD_TRY(feed_lines());
        break;
      }
      const char c = chunk_[at_];
      if (c == '\n') begin_line();
      if (in_string_)
        step_string(c);
      else
        RD_TRY(step(c));
    }
    if (collecting_) RD_TRY(keep(chunk_.size()));
    fed_ += chunk_.size();
    at_ = 0;
    return {};
  }

  Result<void> finish() {
    const bool is_cut = lines_ ? collecting_ && is_open(text_) : depth_ != 0 || collecting_;
    if (is_cut) return broken("not JSON: the file ends too early", "is it complete?");
    if (lines_) end_line();
    return {};
  }

 private:
  tl::unexpected<Error> broken(std::string message, std::string hint) const {
    return fail(Error::Kind::InvalidInput, "DOC0101", std::move(message),
                Where{{}, line_, static_cast<std::uint32_t>(fed_ + at_ - line_begin_ + 1), {}},
                std::move(hint));
  }

  /// Text up to `end` of the chunk belongs to the row at hand.
  Result<void> keep(std::size_t end) {
    text_.append(chunk_.substr(mark_, end - mark_));
    mark_ = end;
    if (text_.size() > limits_.max_row_bytes)
      return fail(Error::Kind::Limit, "DOC0103", "a row is larger than the limit", row_at_,
                  "is a bracket or a quote never closed?");
    return {};
  }

  void begin_row() {
    collecting_ = true;
    text_.clear();
    mark_ = at_;
    row_at_.line = line_;
    row_at_.column = static_cast<std::uint32_t>(fed_ + at_ - line_begin_ + 1);
  }

  Result<void> end_row(std::size_t end) {
    RD_TRY(keep(end));
    collecting_ = false;
    hand_on(text_);
    return {};
  }

  void hand_on(std::string_view text) {
    arena_.reset();
    const Result<Value> row = parse_json(arena_, text, limits_.row);
    for (const std::string_view key : list_keys_) {
      const Value* list = row ? row->find_any_case(key) : nullptr;
      if (list == nullptr || !is_page(*list)) continue;
      for (const Value& one : list->items())
        take_(one, row_at_);
      return;
    }
    take_(row, row_at_);
  }

  static bool is_page(const Value& list) {
    return list.is_array() && std::all_of(list.items().begin(), list.items().end(),
                                          [](const Value& one) { return one.is_object(); });
  }

  bool is_list_key(std::string_view key) const {
    return std::any_of(list_keys_.begin(), list_keys_.end(),
                       [&](std::string_view one) { return equal_any_case(one, key); });
  }

  void step_string(char c) {
    if (escaped_)
      escaped_ = false;
    else if (c == '\\')
      escaped_ = true;
    else if (c == '"')
      in_string_ = false;
    else if (depth_ == 1 && in_envelope_ && key_.size() <= kLongestKey)
      key_ += c;
  }

  Result<void> step(char c) {
    if (depth_ == 0) return step_top(c);
    if (list_begins_ && kBlanks.find(c) == std::string_view::npos) {
      list_begins_ = false;
      if (c == '{' || c == ']') {
        collecting_ = false;  // it is a page: what stood before its rows is not needed
        list_depth_ = 2;
      }
    }
    if (depth_ == list_depth_) return step_list(c);
    switch (c) {
      case '"':
        in_string_ = true;
        if (depth_ == 1) key_.clear();
        break;
      case '[':
        list_begins_ = depth_ == 1 && in_envelope_ && after_colon_ && is_list_key(key_);
        ++depth_;
        break;
      case '{':
        ++depth_;
        break;
      case ']':
      case '}':
        return close();
      default:
        break;
    }
    if (depth_ == 1 && kBlanks.find(c) == std::string_view::npos) after_colon_ = c == ':';
    return {};
  }

  Result<void> step_top(char c) {
    if (kBlanks.find(c) != std::string_view::npos) return {};
    if (c != '[' && c != '{') return broken("not JSON: a list or an object is expected", {});
    depth_ = 1;
    in_envelope_ = c == '{';
    after_colon_ = false;
    key_.clear();
    if (in_envelope_)
      begin_row();
    else
      list_depth_ = 1;
    return {};
  }

  /// Between the brackets of the list, where rows begin, and where those that are no objects end.
  Result<void> step_list(char c) {
    const bool blank = kBlanks.find(c) != std::string_view::npos;
    if (collecting_ && (blank || c == ']')) RD_TRY(end_row(at_));
    if (blank) return {};
    if (c == ']') {
      list_depth_ = 0;
      --depth_;
      return {};
    }
    if (!collecting_) begin_row();
    if (c == '"') in_string_ = true;
    if (c == '{' || c == '[') ++depth_;
    return {};
  }

  Result<void> close() {
    --depth_;
    if (depth_ == list_depth_ && depth_ != 0) return end_row(at_ + 1);
    if (depth_ != 0 || !collecting_) return {};
    RD_TRY(end_row(at_ + 1));
    // An object that ends in the line it began in: one row a line, whatever is wrong with single ones.
    lines_ = row_at_.line == line_;
    text_.clear();
    return {};
  }

  /// The rest of the chunk, where each line is a row.
  Result<void> feed_lines() {
    while (at_ < chunk_.size()) {
      const std::size_t end = std::min(chunk_.find('\n', at_), chunk_.size());
      if (end != at_ && !collecting_) begin_row();
      at_ = end;
      if (end == chunk_.size()) break;
      if (collecting_) RD_TRY(keep(end));
      end_line();
      begin_line();
      ++at_;
    }
    return {};
  }

  /// Behind the line break at hand.
  void begin_line() {
    ++line_;
    line_begin_ = fed_ + at_ + 1;
  }

  void end_line() {
    if (const std::string_view row = without_comma(text_); collecting_ && !row.empty()) hand_on(row);
    collecting_ = false;
    text_.clear();
  }

  std::span<const std::string_view> list_keys_;
  const TakeRow& take_;
  const JsonRowLimits& limits_;
  Arena arena_;
  std::string_view chunk_;
  std::size_t at_ = 0;
  std::size_t mark_ = 0;  // from here on the chunk is not in text_ yet
  std::string text_;      // the row at hand
  std::string key_;       // the text read last in an object that may be a page
  Where row_at_;
  std::uint64_t fed_ = 0;         // bytes of the chunks before this one
  std::uint64_t line_begin_ = 0;  // counted from the first chunk
  std::uint32_t line_ = 1;
  std::uint32_t depth_ = 0;
  std::uint32_t list_depth_ = 0;  // where rows stand; 0: none found
  bool in_string_ = false;
  bool escaped_ = false;
  bool collecting_ = false;
  bool in_envelope_ = false;  // the outermost bracket is an object's
  bool after_colon_ = false;
  bool lines_ = false;
  bool list_begins_ = false;  // behind the bracket of what may be the list of a page
};

}  // namespace

Result<void> read_json_rows(const NextPiece& next, std::span<const std::string_view> list_keys,
                            const TakeRow& take, const JsonRowLimits& limits) {
  RowScanner scanner(list_keys, take, limits);
  for (;;) {
    const std::string_view piece = RD_TRY(next());
    if (piece.empty()) return scanner.finish();
    RD_TRY(scanner.feed(piece));
  }
}

Result<void> read_json_rows(const std::string& path, std::span<const std::string_view> list_keys,
                            const TakeRow& take, const JsonRowLimits& limits) {
  std::error_code error;
  std::ifstream input(path, std::ios::binary);
  if (!input || std::filesystem::is_directory(path, error))
    return fail(Error::Kind::NotFound, "DOC0001", "cannot read the file", Where{path, 0, 0, {}},
                "check the path and its permissions");
  constexpr std::size_t kMark = 3;  // a byte order mark is in one piece
  std::string chunk(std::max(limits.chunk_bytes, kMark), '\0');
  bool first = true;
  const NextPiece next = [&]() -> Result<std::string_view> {
    while (input) {
      input.read(chunk.data(), static_cast<std::streamsize>(first ? chunk.size() : limits.chunk_bytes));
      if (input.bad()) return fail(Error::Kind::Io, "DOC0001", "cannot read the file to its end");
      std::string_view read(chunk.data(), static_cast<std::size_t>(input.gcount()));
      if (first) read.remove_prefix(detail::byte_order_mark(read));
      first = false;
      if (!read.empty()) return read;
    }
    return std::string_view();
  };
  Result<void> done = read_json_rows(
      next, list_keys,
      [&](const Result<Value>& row, const Where& where) { take(row, {path, where.line, where.column, {}}); },
      limits);
  if (!done) done.error().where.file = path;
  return done;
}

}  // namespace redoubt::doc
