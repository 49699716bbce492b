#include "doc/yaml.h"

#include <algorithm>
#include <charconv>

#include "kql/detail/query_tree.h"

namespace redoubt::kql::detail {

namespace {

constexpr std::string_view kBlanks = " \t\r";

bool is_marker(std::string_view line, std::string_view marker) {
  return line.starts_with(marker) && (line.size() == 3 || kBlanks.find(line[3]) != std::string_view::npos);
}

/// The documents of a YAML text (YAML 1.2.2, 9.1): `---` begins one, `...` ends it; comments and directives
/// in front belong to it.
class Documents {
 public:
  explicit Documents(std::string_view text) : text_(text) {}

  bool at_end() const { return begin_ >= text_.size(); }
  std::size_t begin() const { return begin_; }

  /// The next document; the last one is what is left.
  std::string_view next() {
    const std::size_t begin = begin_;
    bool content = false;
    for (std::size_t at = begin; at < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', at), text_.size());
      std::string_view line = text_.substr(at, end - at);
      if (at == 0 && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
      const std::size_t behind = std::min(end + 1, text_.size());
      if (is_marker(line, "---") && content) return take(begin, at);
      if (is_marker(line, "...")) return take(begin, behind);
      const std::size_t first = line.find_first_not_of(kBlanks);
      content = content || (first != std::string_view::npos && line[first] != '#' && line[0] != '%');
      at = behind;
    }
    return take(begin, text_.size());
  }

 private:
  std::string_view take(std::size_t begin, std::size_t end) {
    begin_ = end;
    return text_.substr(begin, end - begin);
  }

  std::string_view text_;
  std::size_t begin_ = 0;
};

/// The reader counts the lines of a document from its own first one; in messages, too.
void move_line(std::string& message, std::size_t lines) {
  constexpr std::string_view kBefore = " that begins in line ";
  const std::size_t before = message.find(kBefore);
  if (before == std::string::npos) return;
  const std::size_t begin = before + kBefore.size();
  const std::size_t end = std::min(message.find_first_not_of("0123456789", begin), message.size());
  std::size_t line = 0;
  std::from_chars(message.data() + begin, message.data() + end, line);
  message.replace(begin, end - begin, std::to_string(line + lines));
}

void search_yaml(QueryFile& file, std::string_view text, std::size_t begin) {
  const doc::YamlLimits limits{.max_bytes = file.limits().max_bytes,
                               .max_depth = file.limits().max_depth,
                               .max_nodes = file.limits().max_nodes,
                               .max_alias_nodes = 100'000};
  doc::Sources parsed;
  const ValuePlaces places(ValuePlaces::Format::Yaml, text, TextMap::part(begin, text.size()));
  const Result<Reading<doc::Document>> read = doc::read_yaml(parsed, file.name(), std::string(text), limits);
  if (!read) {
    Error error = read.error();
    if (error.where.line != 0) error.where = file.where(places.offset(error.where));
    move_line(error.message, file.where(begin).line - 1);
    return file.tell_unreadable(std::move(error));
  }
  tell_of_text(file, places, read->diagnostics);
  QueryTree(file, parsed, places, 0).search(read->value.root);
}

}  // namespace

void find_in_yaml(QueryFile& file) {
  Documents documents(file.text());
  for (std::size_t count = 0; !documents.at_end(); ++count) {
    const std::size_t begin = documents.begin();
    if (count == file.limits().max_documents)
      return file.tell(Severity::Error, "KQL0024",
                       "more YAML documents than " + std::to_string(count) + ", the others are not read",
                       begin);
    search_yaml(file, documents.next(), begin);
  }
}

}  // namespace redoubt::kql::detail
