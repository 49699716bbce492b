#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/time.h"
#include "query/sql/scalar_sql.h"

namespace redoubt::query::sql {

using kql::Expression;
using kql::Type;
using kql::Value;

// Source: Kusto Query Language reference, "format_datetime()".

namespace {

/// A letter of a format with its count, or a text between such.
struct Piece {
  char letter = 0;
  std::size_t count = 0;
  std::string text;
};

std::vector<Piece> pieces_of(std::string_view format) {
  std::vector<Piece> out;
  for (std::size_t i = 0; i < format.size();) {
    std::size_t end = i + 1;
    while (end < format.size() && format[end] == format[i])
      ++end;
    const bool letter = std::isalpha(static_cast<unsigned char>(format[i])) != 0;
    out.push_back({letter ? format[i] : '\0', end - i, std::string(format.substr(i, end - i))});
    i = end;
  }
  return out;
}

/// How the engine writes the same of a time of its own; empty: it does not.
std::string_view code_of(const Piece& piece) {
  struct Row {
    char letter;
    std::string_view code;
  };
  static constexpr Row kRows[] = {{'M', "%m"}, {'d', "%d"}, {'H', "%H"}, {'m', "%i"}, {'s', "%S"}};
  if (piece.letter == 'y') return piece.count > 2 ? "%Y" : "%y";
  for (const Row& row : kRows)
    if (row.letter == piece.letter && piece.count > 1) return row.code;
  return {};
}

/// The format in the engine's own codes; nothing: it has no such for a part of it.
std::optional<std::string> engine_format(const std::vector<Piece>& pieces) {
  std::string out;
  for (const Piece& piece : pieces) {
    if (piece.letter == 0) {
      for (const char c : piece.text)
        out += c == '%' ? std::string("%%") : std::string(1, c);
      continue;
    }
    const std::string_view code = code_of(piece);
    if (code.empty()) return std::nullopt;
    out += code;
  }
  return out;
}

std::string padded(const std::string& number, std::size_t width) {
  return width < 2 ? fmt::format("toString({})", number)
                   : fmt::format("leftPad(toString({}), {}, '0')", number, width);
}

std::string part_of_day(const std::string& ticks, std::int64_t unit, std::int64_t bound) {
  return fmt::format("intDiv(positiveModulo({}, {}), {})", ticks, unit * bound, unit);
}

/// A piece of a time in ticks; empty: there is no such.
std::string piece_text(const Piece& piece, const std::string& ticks, const Civil& date) {
  const std::size_t width = piece.count > 1 ? 2 : 1;
  const std::string hour = part_of_day(ticks, kTicksPerHour, 24);
  switch (piece.letter) {
    case 'y':
      return piece.count > 2 ? padded(date.year, 4) : padded(fmt::format("({} % 100)", date.year), 2);
    case 'M':
      return padded(date.month, width);
    case 'd':
      return padded(date.day, width);
    case 'H':
      return padded(hour, width);
    case 'h':
      return padded(fmt::format("(({} + 11) % 12 + 1)", hour), width);
    case 'm':
      return padded(part_of_day(ticks, kTicksPerMinute, 60), width);
    case 's':
      return padded(part_of_day(ticks, kTicksPerSecond, 60), width);
    case 'f':
      return fmt::format("substring({}, 1, {})",
                         padded(fmt::format("positiveModulo({}, {})", ticks, kTicksPerSecond), 7),
                         std::min<std::size_t>(piece.count, 7));
    case 't':
      return fmt::format("if({} < 12, 'AM', 'PM')", hour);
    default:
      return {};
  }
}

std::optional<SqlValue> formatted(ScalarSql& scalars, const SqlValue& time, std::string_view format) {
  const std::vector<Piece> pieces = pieces_of(format);
  if (time.form == Form::Time)
    if (const std::optional<std::string> codes = engine_format(pieces))
      return ScalarSql::made(Type::String, false, {&time},
                             fmt::format("formatDateTime({}, {})", time.text, sql_text(*codes)));
  const SqlValue ticks = plain(time);
  const std::string of = scalars.once(ticks);
  const Civil date = civil(scalars, of);
  std::string parts;
  for (const Piece& piece : pieces) {
    const std::string text = piece.letter == 0 ? sql_text(piece.text) : piece_text(piece, of, date);
    if (text.empty()) return std::nullopt;
    parts += ", " + text;
  }
  SqlValue out = ScalarSql::made(Type::String, false, {&ticks}, fmt::format("concat(''{})", parts));
  if (ticks.nullable) out.text = fmt::format("ifNull({}, '')", out.text);
  out.size += static_cast<std::uint32_t>(pieces.size() * 8);
  return out;
}

}  // namespace

SqlValue text_of_time(ScalarSql& scalars, const SqlValue& time) {
  const std::optional<SqlValue> date = formatted(scalars, time, "yyyy-MM-dd");
  const std::optional<SqlValue> clock = formatted(scalars, time, "HH:mm:ss");
  const SqlValue ticks = plain(time);
  const std::string of = scalars.once(ticks);
  const std::string fraction = padded(fmt::format("positiveModulo({}, {})", of, kTicksPerSecond), 7);
  std::string text = fmt::format("concat({}, 'T', {}, '.', {}, 'Z')", date->text, clock->text, fraction);
  if (ticks.nullable) text = fmt::format("if(isNull({}), '', ifNull({}, ''))", of, text);
  return ScalarSql::made(Type::String, false, {&*date, &*clock, &ticks}, std::move(text));
}

/// [-][d.]hh:mm:ss[.fffffff]
SqlValue text_of_span(ScalarSql& scalars, const SqlValue& span) {
  const std::string of = scalars.once(span);
  const std::string ticks = scalars.named(fmt::format("abs({})", of));
  const std::string days = fmt::format("intDiv({}, {})", ticks, kTicksPerDay);
  const std::string fraction = fmt::format("({} % {})", ticks, kTicksPerSecond);
  const auto part = [&ticks](std::int64_t unit, std::int64_t bound) {
    return padded(fmt::format("(intDiv({}, {}) % {})", ticks, unit, bound), 2);
  };
  std::string text = fmt::format(
      "concat(if({} < 0, '-', ''), if({} > 0, concat(toString({}), '.'), ''), {}, ':', {}, ':', {}, if({} > "
      "0, concat('.', {}), ''))",
      of, days, days, part(kTicksPerHour, 24), part(kTicksPerMinute, 60), part(kTicksPerSecond, 60), fraction,
      padded(fraction, 7));
  if (span.nullable) text = fmt::format("ifNull({}, '')", text);
  SqlValue out = ScalarSql::made(Type::String, false, {&span}, std::move(text));
  out.size += 20;
  return out;
}

std::optional<SqlValue> time_text_call(ScalarSql& scalars, std::string_view name, const Expression& call) {
  if (name != "format_datetime" || call.operands.size() != 2) return std::nullopt;
  const std::optional<SqlValue> time = scalars.of(*call.operands[0]);
  const std::optional<Value> format = scalars.known(*call.operands[1]);
  if (!time || !format || time->type != Type::DateTime || format->is_null()) return std::nullopt;
  return formatted(scalars, *time, kql::to_text(*format));
}

}  // namespace redoubt::query::sql
