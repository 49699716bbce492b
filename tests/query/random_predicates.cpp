#include "random_predicates.h"

#include <vector>

#include "hostile_values.h"
#include "kql/evaluate.h"
#include "kql/pattern.h"

namespace redoubt::query {

namespace {

using kql::Type;
using kql::Value;

/// A condition over one column. `@c` is the column, `@v` a value of it, `@w` one word of its text, `@p` that
/// word as a pattern.
struct PredicateTemplate {
  Type type;
  std::string_view text;
};
constexpr PredicateTemplate kTemplates[] = {
    {Type::String, "@c == @v"},
    {Type::String, "@c != @v"},
    {Type::String, "@c =~ @v"},
    {Type::String, "@c !~ @v"},
    {Type::String, "@c has @w"},
    {Type::String, "@c !has @w"},
    {Type::String, "@c has_cs @w"},
    {Type::String, "@c contains @w"},
    {Type::String, "@c !contains_cs @w"},
    {Type::String, "@c startswith @w"},
    {Type::String, "@c !endswith @w"},
    {Type::String, "@c hasprefix @w"},
    {Type::String, "@c hassuffix @w"},
    {Type::String, "@c matches regex @p"},
    {Type::String, "@c in (@v, @v, @w)"},
    {Type::String, "@c !in (@v, @v)"},
    {Type::String, "@c in~ (@v, @v)"},
    {Type::String, "@c !in~ (@v, @w)"},
    {Type::String, "@c has_any (@w, @w)"},
    {Type::String, "@c has_all (@w, @w)"},
    {Type::String, "isempty(@c)"},
    {Type::String, "isnotempty(@c)"},
    {Type::String, "strlen(@c) > 5"},
    {Type::String, "tolower(@c) == tolower(@v)"},
    {Type::String, "tolong(@c) > 3"},
    {Type::String, "todatetime(@c) > datetime(2024-01-01)"},
    {Type::String, "substring(@c, 0, 3) == substring(@v, 0, 3)"},
    {Type::String, "extract(@p, 0, @c) == @w"},
    {Type::String, "tostring(parse_json(@c).a) == '1'"},
    {Type::Long, "@c > @v"},
    {Type::Long, "@c <= @v"},
    {Type::Long, "@c == @v"},
    {Type::Long, "@c != @v"},
    {Type::Long, "@c between (@v .. @v)"},
    {Type::Long, "@c !between (@v .. @v)"},
    {Type::Long, "@c in (@v, @v)"},
    {Type::Long, "@c !in (@v, 5)"},
    {Type::Long, "isnull(@c)"},
    {Type::Long, "isnotnull(@c)"},
    {Type::Long, "@c % 3 == 1"},
    {Type::Long, "@c / 2 < @v - 1"},
    {Type::Long, "@c * 1.5 > @v + 1"},
    {Type::Long, "tostring(@c) startswith '4'"},
    {Type::Long, "bin(@c, 10) == bin(@v, 10)"},
    {Type::Real, "@c > @v"},
    {Type::Real, "@c == @v"},
    {Type::Real, "@c != @v"},
    {Type::Real, "@c between (@v .. @v)"},
    {Type::Real, "isnan(@c)"},
    {Type::Real, "isnull(@c)"},
    {Type::Real, "@c / 2 < @v"},
    {Type::Real, "tolong(@c) >= 1"},
    {Type::DateTime, "@c > @v"},
    {Type::DateTime, "@c == @v"},
    {Type::DateTime, "@c != @v"},
    {Type::DateTime, "@c between (@v .. 1d)"},
    {Type::DateTime, "@c between (@v .. @v)"},
    {Type::DateTime, "@c !between (@v .. @v)"},
    {Type::DateTime, "@c - @v > 2h"},
    {Type::DateTime, "@c + 1d < @v"},
    {Type::DateTime, "@c > ago(7d)"},
    {Type::DateTime, "bin(@c, 1d) == bin(@v, 1d)"},
    {Type::DateTime, "startofday(@c) <= @v"},
    {Type::DateTime, "startofweek(@c) == startofweek(@v)"},
    {Type::DateTime, "hourofday(@c) > 12"},
    {Type::DateTime, "dayofweek(@c) in (0d, 6d)"},
    {Type::DateTime, "datetime_diff('hour', @c, @v) > 5"},
    {Type::DateTime, "isnull(@c)"},
    {Type::Timespan, "@c > @v"},
    {Type::Timespan, "@c == @v"},
    {Type::Timespan, "@c / 2 < 1h"},
    {Type::Timespan, "@c / 1h > 1.5"},
    {Type::Timespan, "isnull(@c)"},
    {Type::Guid, "@c == @v"},
    {Type::Guid, "@c != @v"},
    {Type::Guid, "isempty(@c)"},
    {Type::Guid, "tostring(@c) has '0000'"},
    {Type::Bool, "@c"},
    {Type::Bool, "@c == @v"},
    {Type::Bool, "@c != true"},
    {Type::Bool, "isnull(@c)"},
    {Type::Bool, "iff(@c, false, true)"},
    {Type::Dynamic, "isnull(@c)"},
    {Type::Dynamic, "isnotempty(@c)"},
    {Type::Dynamic, "@c == @w"},
    {Type::Dynamic, "@c != @w"},
    {Type::Dynamic, "@c has @w"},
    {Type::Dynamic, "tostring(@c) contains @w"},
    {Type::Dynamic, "tostring(@c) == 'text'"},
    {Type::Dynamic, "@c.a == 1"},
    {Type::Dynamic, "@c.displayName =~ 'X'"},
    {Type::Dynamic, "tostring(@c[0].displayName) == 'n'"},
    {Type::Dynamic, "@c[0] == 'a'"},
    {Type::Dynamic, "isempty(@c.a)"},
    {Type::Dynamic, "array_length(@c) > 1"},
    {Type::Dynamic, "tolong(@c) >= 5"},
    {Type::Dynamic, "tolong(@c.a) < 2"},
    {Type::Dynamic, "@c in ('text', 'other')"},
};

/// int is tested as long is.
Type type_of_tests(Type type) {
  return type == Type::Int ? Type::Long : type == Type::Decimal ? Type::Real : type;
}

/// A part of a text between two characters that belong to no word.
std::string word_of(std::string_view text, std::size_t number) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    const bool inside = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (inside) word += c;
    if (!inside && !word.empty()) words.push_back(std::exchange(word, {}));
  }
  if (!word.empty()) words.push_back(word);
  return words.empty() ? std::string(text) : words[number % words.size()];
}

}  // namespace

Value PredicateMaker::value_of(std::size_t column) {
  const Type type = table_.columns[column].second;
  if (table_.rows > 0 && one_of(6) != 0) {
    const Value& value = table_.cells[column][one_of(table_.rows)];
    // The last digits of a sum hang on the order of its rows: no condition may ask for them.
    const bool is_real = value.is(Type::Real) && !value.is_null();
    return is_real ? Value::of_real(value.as_real() * 1.0009765625) : value;
  }
  const std::vector<Value>& values = hostile_values(type);
  return values[one_of(values.size())];
}

std::string PredicateMaker::filled(std::string_view text, std::size_t column) {
  const Type type = table_.columns[column].second;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '@') {
      out += text[i];
      continue;
    }
    const char part = text[++i];
    if (part == 'c') {
      out += "[" + text_literal(table_.columns[column].first) + "]";
      continue;
    }
    const Value value = value_of(column);
    const std::string word = word_of(kql::to_text(value), one_of(16));
    if (part == 'v')
      out += literal_of(type == Type::Decimal ? kql::convert(value, Type::Real) : value);
    else
      out += text_literal(part == 'p' ? kql::quote_pattern(word) : word);
  }
  return out;
}

std::string PredicateMaker::leaf() {
  const std::size_t column = one_of(table_.columns.size());
  const Type type = type_of_tests(table_.columns[column].second);
  std::vector<std::string_view> fitting;
  for (const PredicateTemplate& one : kTemplates)
    if (one.type == type) fitting.push_back(one.text);
  if (fitting.empty()) return "true";
  return filled(fitting[one_of(fitting.size())], column);
}

std::string PredicateMaker::make(int depth) {
  if (depth <= 0) return leaf();
  switch (one_of(4)) {
    case 0:
      return "(" + make(depth - 1) + " and " + make(depth - 1) + ")";
    case 1:
      return "(" + make(depth - 1) + " or " + make(depth - 1) + ")";
    case 2:
      return "not(" + make(depth - 1) + ")";
    default:
      return leaf();
  }
}

}  // namespace redoubt::query
