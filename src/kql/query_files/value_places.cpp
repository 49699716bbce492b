#include <algorithm>
#include <utility>

#include "core/utf8.h"
#include "kql/detail/query_tree.h"
#include "kql/detail/scalar_map.h"

namespace redoubt::kql::detail {

ValuePlaces::ValuePlaces(Format format, std::string_view text, TextMap to_file)
    : format_(format), text_(text), to_file_(std::move(to_file)), lines_{0} {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
    lines_.push_back(at + 1);
}

// Readers may have rewritten the text; lines and columns are always those of what was written.
std::size_t ValuePlaces::in_text(const Where& where) const {
  if (where.line == 0) return 0;
  const std::size_t line = std::min<std::size_t>(where.line, lines_.size()) - 1;
  const std::string_view rest = text_.substr(lines_[line]);
  return lines_[line] + bytes_of(rest.substr(0, rest.find('\n')), std::max(where.column, 1U) - 1);
}

std::size_t ValuePlaces::in_text(const doc::Sources& parsed, const doc::Value& value) const {
  return value.value_place() ? std::min<std::size_t>(parsed.offset(value.value_place()), text_.size()) : 0;
}

std::size_t ValuePlaces::offset(const Where& where) const { return to_file_[in_text(where)]; }

std::size_t ValuePlaces::offset(const doc::Sources& parsed, const doc::Value& value) const {
  return to_file_[in_text(parsed, value)];
}

TextMap ValuePlaces::map(const doc::Sources& parsed, const doc::Value& string) const {
  const std::size_t at = in_text(parsed, string);
  const TextMap map = format_ == Format::Json ? map_json_string(text_, at, string.as_string())
                                              : map_yaml_scalar(text_, at, string.as_string());
  return map.through(to_file_);
}

void tell_of_text(QueryFile& file, const ValuePlaces& places, const std::vector<Diagnostic>& diagnostics) {
  for (Diagnostic diagnostic : diagnostics) {
    if (diagnostic.where.line != 0) diagnostic.where = file.where(places.offset(diagnostic.where));
    file.tell(std::move(diagnostic));
  }
}

void search_json(QueryFile& file, std::string_view text, const TextMap& to_file, std::uint32_t embedded) {
  const doc::JsonLimits limits{.max_bytes = file.limits().max_bytes,
                               .max_depth = file.limits().max_depth,
                               .max_nodes = file.limits().max_nodes};
  doc::Sources parsed;
  const ValuePlaces places(ValuePlaces::Format::Json, text, to_file);
  const Result<Reading<doc::Document>> read = doc::read_json(parsed, file.name(), std::string(text), limits);
  if (!read) {
    Error error = read.error();
    if (error.where.line != 0) error.where = file.where(places.offset(error.where));
    return file.tell_unreadable(std::move(error));
  }
  tell_of_text(file, places, read->diagnostics);
  QueryTree(file, parsed, places, embedded).search(read->value.root);
}

void find_in_json(QueryFile& file) {
  search_json(file, file.text(), TextMap::part(0, file.text().size()), 0);
}

}  // namespace redoubt::kql::detail
