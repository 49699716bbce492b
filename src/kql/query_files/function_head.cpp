#include "kql/detail/function_head.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"
#include "doc/json.h"
#include "kql/detail/query_forms.h"
#include "kql/detail/query_tree.h"

namespace redoubt::kql::detail {

namespace {

constexpr std::array kNames = {"FunctionName", "ParserName", "FunctionAlias", "EquivalentBuiltInParser",
                               "EquivalentBuiltInFunction"};
constexpr std::array kParameters = {"functionParameters", "ParserParams", "FunctionParams"};

/// A text that is put together of pieces of a file, the earlier ones first.
class Pieces {
 public:
  void add(std::string_view piece, std::size_t place) {
    const auto from = static_cast<std::uint32_t>(text_.size());
    const std::uint32_t to =
        std::max(static_cast<std::uint32_t>(place), steps_.empty() ? 0 : steps_.back().to);
    if (!steps_.empty() && steps_.back().from == from)
      steps_.back().to = to;
    else
      steps_.push_back({from, to});
    text_ += piece;
    end_ = to + static_cast<std::uint32_t>(piece.size());
  }
  /// What no file has; it stands where the piece before it ends.
  void add(std::string_view filling) { text_ += filling; }

  bool empty() const { return text_.empty(); }
  std::string take_text() { return std::exchange(text_, {}); }
  TextMap map() {
    const auto size = static_cast<std::uint32_t>(text_.size());
    if (steps_.empty()) return {};
    if (steps_.back().from < size) steps_.push_back({size, end_});
    return TextMap(std::move(steps_));
  }

 private:
  std::string text_;
  std::vector<TextMap::Step> steps_;
  std::uint32_t end_ = 0;  // of the last piece, in the file
};

std::string quoted(std::string_view text) {
  return "'" + replace_all(replace_all(text, "\\", "\\\\"), "'", "\\'") + "'";
}

bool is_quoted(std::string_view text) {
  return text.size() >= 2 && (text.front() == '\'' || text.front() == '"') && text.back() == text.front();
}

/// A default as KQL writes it: a text is written bare in YAML, everything else as in KQL.
std::string default_text(const doc::Value& value, std::string_view type) {
  const bool is_text = equal_any_case(type, "string");
  if (value.is_null()) return is_text ? "''" : std::string(type) + "(null)";
  const std::string written = value.is_string() ? std::string(value.as_string()) : doc::to_json(value);
  return is_text && !is_quoted(written) ? quoted(written) : written;
}

/// `T:(a: datetime)` as a name of type `table`, `table:(a: datetime)` as a type: both are in use.
std::string type_text(std::string_view type) {
  constexpr std::string_view kTable = "table";
  if (!type.starts_with(kTable)) return std::string(type);
  const std::string_view columns = trim(type.substr(kTable.size()));
  return columns.starts_with(':') ? std::string(trim(columns.substr(1))) : "(*)";
}

void add_parameter(const doc::Value& item, const doc::Sources& parsed, const ValuePlaces& places,
                   Pieces& out) {
  const doc::Value* const name = item.find_any_case("Name");
  const doc::Value* const type = item.find_any_case("Type");
  const std::string_view named = name != nullptr && name->is_string() ? name->as_string() : "";
  const std::string_view typed = type != nullptr && type->is_string() ? type->as_string() : "";
  if (!out.empty()) out.add(", ");
  out.add(named, places.offset(parsed, name == nullptr ? item : *name));
  if (named.find(':') == std::string_view::npos) out.add(": " + type_text(typed));
  if (const doc::Value* const otherwise = item.find_any_case("Default"))
    out.add(" = " + default_text(*otherwise, typed));
}

void read_parameters(const doc::Value& value, const doc::Sources& parsed, const ValuePlaces& places,
                     FunctionHead& out) {
  if (value.is_string() && !is_arm_expression(value.as_string())) {
    out.parameters = value.as_string();
    out.parameters_map = places.map(parsed, value);
  }
  if (!value.is_array()) return;
  Pieces pieces;
  for (const doc::Value& item : value.items())
    if (item.is_object()) add_parameter(item, parsed, places, pieces);
  out.parameters_map = pieces.map();
  out.parameters = pieces.take_text();
}

}  // namespace

std::optional<FunctionHead> function_head(const doc::Value& object, const doc::Sources& parsed,
                                          const ValuePlaces& places) {
  FunctionHead out;
  for (const char* key : kNames) {
    const doc::Value* const value = object.find_any_case(key);
    if (value == nullptr || !value->is_string()) continue;
    const std::string_view name = trim(value->as_string());
    if (name.empty() || is_arm_expression(name)) continue;
    if (std::ranges::find(out.names, name) == out.names.end()) out.names.emplace_back(name);
  }
  if (out.names.empty()) return std::nullopt;
  for (const char* key : kParameters)
    if (const doc::Value* const value = object.find_any_case(key))
      read_parameters(*value, parsed, places, out);
  return out;
}

}  // namespace redoubt::kql::detail
