#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "core/text.h"
#include "kql/detail/query_file.h"

namespace redoubt::kql::detail {

namespace {

constexpr std::array kLanguages = {"kusto", "kql", "csl"};
constexpr std::string_view kBlanks = " \t";

std::size_t count_of(std::string_view text, char c) {
  return std::min(text.find_first_not_of(c), text.size());
}

/// What stands in front of a fence and, but for the mark of a list, in front of its lines.
struct Prefix {
  std::size_t quotes = 0;   // `>` of a block quote
  std::size_t columns = 0;  // behind them, up to the fence
  std::size_t size = 0;     // bytes
};

std::size_t list_mark(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && size < 9 && text[size] >= '0' && text[size] <= '9')
    ++size;
  const bool marked = size < text.size() &&
                      std::string_view(size == 0 ? "-*+" : ".)").find(text[size]) != std::string_view::npos;
  return marked && text.substr(size + 1).starts_with(' ') ? size + 1 : 0;
}

Prefix read_prefix(std::string_view line) {
  Prefix out;
  while (out.size < line.size()) {
    const std::string_view rest = line.substr(out.size);
    if (const std::size_t mark = list_mark(rest); mark != 0) {
      out.size += mark;
      out.columns += mark;
    } else if (rest[0] == '>') {
      ++out.quotes;
      ++out.size;
      out.columns = 0;
    } else if (kBlanks.find(rest[0]) != std::string_view::npos) {
      out.columns += rest[0] == '\t' ? 4 : 1;
      ++out.size;
    } else {
      break;
    }
  }
  return out;
}

/// A fenced code block (CommonMark 0.31, 4.5). Wherever the text around it would end it, such as a list,
/// people mean the fence.
struct Fence {
  Prefix prefix;
  char mark = '\0';  // none
  std::size_t size = 0;
  bool query = false;
  std::size_t offset = 0;
};

bool is_query_language(std::string_view info) {
  info = trim(info);
  if (info.starts_with('{')) info.remove_prefix(1);
  info = info.substr(0, info.find_first_of(" \t,{}:="));
  if (info.starts_with('.')) info.remove_prefix(1);
  return std::ranges::any_of(kLanguages, [info](const char* name) { return equal_any_case(info, name); });
}

Fence read_fence(std::string_view line, std::size_t offset) {
  Fence out{.prefix = read_prefix(line), .offset = offset};
  const std::string_view rest = line.substr(out.prefix.size);
  if (!rest.starts_with("```") && !rest.starts_with("~~~")) return out;
  out.size = count_of(rest, rest[0]);
  const std::string_view info = rest.substr(out.size);
  if (rest[0] == '`' && info.find('`') != std::string_view::npos) return out;
  out.mark = rest[0];
  out.query = is_query_language(info);
  return out;
}

bool closes(const Fence& fence, std::string_view line) {
  const std::string_view rest = line.substr(std::min(line.find_first_not_of("> \t"), line.size()));
  const std::size_t size = count_of(rest, fence.mark);
  return size >= fence.size && trim(rest.substr(size)).empty();
}

/// The bytes of a line that belong to what is around the fence.
std::size_t prefix_of_line(const Prefix& prefix, std::string_view line) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < prefix.quotes; ++i) {
    const std::size_t mark = line.find_first_not_of(kBlanks, size);
    if (mark == std::string_view::npos || line[mark] != '>') break;
    size = mark + 1;
  }
  std::size_t columns = 0;
  while (columns < prefix.columns && size < line.size() && kBlanks.find(line[size]) != std::string_view::npos)
    columns += line[size++] == '\t' ? 4 : 1;
  return size;
}

class MarkdownQueries {
 public:
  explicit MarkdownQueries(QueryFile& file) : file_(file), text_(file.text()) {}

  void read() {
    for (std::size_t at = text_.starts_with("\xef\xbb\xbf") ? 3 : 0; at < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', at), text_.size());
      const std::size_t behind = std::min(end + 1, text_.size());
      take_line(text_.substr(at, end - at), at, behind);
      at = behind;
    }
    if (fence_.mark != '\0' && fence_.query) {
      file_.tell(Severity::Warning, "KQL0023", "the fence of the query is never closed", fence_.offset,
                 "end it with a line of " + std::string(fence_.size, fence_.mark));
      finish(text_.size());
    }
  }

 private:
  void take_line(std::string_view line, std::size_t at, std::size_t behind) {
    if (fence_.mark == '\0') {
      if (line.starts_with('#')) heading_ = trim(line.substr(count_of(line, '#')));
      fence_ = read_fence(line, at);
    } else if (closes(fence_, line)) {
      if (fence_.query) finish(at);
      fence_ = {};
    } else if (fence_.query) {
      const std::size_t start = at + prefix_of_line(fence_.prefix, line);
      steps_.push_back({static_cast<std::uint32_t>(query_.size()), static_cast<std::uint32_t>(start)});
      query_ += text_.substr(start, behind - start);
      end_ = behind;
    }
  }

  void finish(std::size_t end) {
    if (steps_.empty()) steps_.push_back({0, static_cast<std::uint32_t>(end)});
    // An empty last line gives no byte of its own.
    if (steps_.back().from == query_.size() && steps_.size() > 1) steps_.pop_back();
    const auto size = static_cast<std::uint32_t>(query_.size());
    if (size != 0) steps_.push_back({size, static_cast<std::uint32_t>(end_)});
    file_.add({.kind = QueryKind::MarkdownFence,
               .name = std::string(heading_),
               .query = std::exchange(query_, {}),
               .map = TextMap(std::exchange(steps_, {}))});
  }

  QueryFile& file_;
  std::string_view text_;
  std::string_view heading_;
  Fence fence_;
  std::string query_;
  std::vector<TextMap::Step> steps_;
  std::size_t end_ = 0;
};

}  // namespace

void find_in_markdown(QueryFile& file) { MarkdownQueries(file).read(); }

}  // namespace redoubt::kql::detail
