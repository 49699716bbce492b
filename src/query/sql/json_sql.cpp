#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "query/sql/scalar_sql.h"

namespace redoubt::query::sql {

using kql::Type;

namespace {

// The engine's JSON functions write numbers in their own way (1.0 as 1, 1E+300 as 1e300), and some characters
// as escapes. Where a value has such, its reals are hidden from them: a real becomes a text that begins with
// the character 1 and an R, a text that begins with that character gets a second one.

/// A string, a number or what is between them.
constexpr std::string_view kTokens =
    R"("(?:[^"\\]|\\.)*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|[^"0-9-]+)";
constexpr std::string_view kStrings = R"("(?:[^"\\]|\\.)*"|[^"]+)";
/// Whether JSON as people write it may have a real, or a number past 64 bits.
constexpr std::string_view kMayHaveReal = R"((?:^|[:,\[])\s*-?(?:[0-9]+[.eE]|[0-9]{19}))";

/// The shortest digits that read back as the real, with a point or exponent.
constexpr std::string_view kRealText =
    "(rd_f -> multiIf(isNaN(rd_f), 'NaN', isInfinite(rd_f), if(rd_f < 0, '-Infinity', 'Infinity'), "
    "rd_f = 0 OR (abs(rd_f) >= 1e-4 AND abs(rd_f) < 1e16), "
    "concat(toString(rd_f), if(position(toString(rd_f), '.') = 0, '.0', '')), "
    "concat(if(rd_f < 0, '-', ''), "
    "replaceRegexpOne(replaceRegexpAll(replaceOne(splitByChar('e', toString(abs(rd_f)))[1], '.', ''), "
    R"('^0+|0+$', ''), '^(.)(.+)$', '\\1.\\2'), if(abs(rd_f) < 1, 'E-', 'E+'), )"
    "replaceRegexpOne(toString(multiIf(position(toString(rd_f), 'e') > 0, "
    "abs(toInt32OrZero(splitByChar('e', toString(rd_f))[2])), abs(rd_f) < 1, "
    R"(toInt32(length(extract(toString(abs(rd_f)), '^0\\.0*'))) - 1, )"
    R"(toInt32(length(toString(abs(rd_f)))) - 1)), '^(.)$', '0\\1')))))";

std::string real_text(ScalarSql& scalars) { return scalars.named(std::string(kRealText)); }

/// Hides the reals of JSON; of one that is not in its short form they get that first.
std::string hide_reals(ScalarSql& scalars, bool short_form) {
  const std::string number =
      short_form
          ? std::string("concat('\"\\\\u0001R', rd_t, '\"')")
          : fmt::format(
                "concat(if(isInfinite(toFloat64(rd_t)), '\"', '\"\\\\u0001R'), {}(toFloat64(rd_t)), '\"')",
                real_text(scalars));
  return scalars.named(fmt::format(
      "(rd_j -> arrayStringConcat(arrayMap(rd_t -> multiIf(startsWith(rd_t, '\"\\\\u0001'), "
      "concat('\"\\\\u0001', substring(rd_t, 2)), "
      "match(rd_t, '^-?[0-9]+[.eE]') OR (match(rd_t, '^-?[0-9]{{19}}') AND isNull(toInt64OrNull(rd_t))), "
      "{}, rd_t), extractAll(rd_j, {}))))",
      number, sql_text(kTokens)));
}

std::string show_reals(ScalarSql& scalars) {
  return scalars.named(
      fmt::format("(rd_j -> arrayStringConcat(arrayMap(rd_t -> multiIf(startsWith(rd_t, '\"\\\\u0001R'), "
                  "substring(rd_t, 9, length(rd_t) - 9), startsWith(rd_t, '\"\\\\u0001\\\\u0001'), "
                  "concat('\"\\\\u0001', substring(rd_t, 14)), rd_t), extractAll(rd_j, {}))))",
                  sql_text(kStrings)));
}

std::string short_escapes(ScalarSql& scalars) {
  return scalars.named(
      fmt::format("(rd_j -> if(position(rd_j, '\\\\u') = 0, rd_j, {}))", with_short_escapes("rd_j")));
}

/// An expression of a value that may stand in it several times: the engine writes names out, and a large
/// value would grow with every use.
constexpr std::uint32_t kSmall = 8;
template <class Body>
std::string with_value(ScalarSql& scalars, const SqlValue& value, Body body) {
  if (value.size <= kSmall) return body(scalars.once(value));
  return fmt::format("arrayMap(rd_b -> {}, [{}])[1]", body("rd_b"), value.text);
}

/// Nodes of what extracted() makes.
constexpr std::uint32_t kExtractedSize = 300;
constexpr std::uint32_t kWrittenSize = 800;

/// Whether the engine's functions would write JSON in another way than it is, or should be. `short_form`: it
/// is as Kusto writes it.
std::string differs_in(std::string_view json, bool short_form) {
  const std::string_view reals = short_form ? "'.0,', '.0}', '.0]', 'E+', 'E-', " : "";
  std::string out =
      fmt::format("multiSearchAny({}, [{}'\\\\u', unhex('E280A8'), unhex('E280A9')])", json, reals);
  return short_form ? out : fmt::format("({} OR match({}, {}))", out, json, sql_text(kMayHaveReal));
}

/// `JSONExtractRaw(json, steps)`, exactly.
std::string extracted(ScalarSql& scalars, const std::string& json, bool short_form, const JsonSteps& steps) {
  const std::string differs = differs_in(json, short_form);
  const std::string lambda =
      fmt::format("rd_x -> {}({}(JSONExtractRaw({}(rd_x){})))", short_escapes(scalars), show_reals(scalars),
                  hide_reals(scalars, short_form), steps.where_hidden);
  return fmt::format("if({}, {}, JSONExtractRaw({}{}))", differs, only_where(differs, json, lambda), json,
                     steps.text);
}

/// Of an array its elements, of a bag its members as bags, of anything else itself.
std::string raw_elements(std::string_view json) {
  return fmt::format(
      "multiIf({0} IN ('', 'null'), [''], startsWith({0}, '['), JSONExtractArrayRaw({0}), startsWith({0}, "
      "'{{'), arrayMap(rd_m -> concat('{{', toJSONString(rd_m.1), ':', rd_m.2, '}}'), "
      "JSONExtractKeysAndValuesRaw(if(startsWith({0}, '{{'), {0}, ''))), [{0}])",
      json);
}

}  // namespace

std::string is_null_json(const std::string& json) { return fmt::format("({} IN ('', 'null'))", json); }

std::string text_of_real(ScalarSql& scalars, const SqlValue& real) {
  const std::string text = fmt::format("{}({})", real_text(scalars), scalars.once(real));
  return real.nullable ? fmt::format("ifNull({}, '')", text) : text;
}

namespace {

/// A text that the engine takes for no JSON, since a number in it is past all reals, which is an infinity, or
/// a whole one past 64 bits, which is a real.
std::string with_large_numbers(ScalarSql& scalars, const std::string& text) {
  const std::string tokens = fmt::format("arrayStringConcat(extractAll({}, {}))", text, sql_text(kTokens));
  const std::string hidden = fmt::format("{}({})", hide_reals(scalars, false), text);
  return fmt::format(
      "if(match({0}, '[0-9][eE]\\\\+?[0-9]{{3}}|[0-9]{{19}}') AND {1} = {0}, arrayMap(rd_h -> "
      "if(isValidJSON(rd_h), "
      "{3}(rd_h), toJSONString({0})), [{2}])[1], toJSONString({0}))",
      text, tokens, hidden, show_reals(scalars));
}

/// A text as JSON: one that is none as a text in JSON.
std::string written_of(ScalarSql& scalars, const std::string& name) {
  const std::string none = fmt::format("(NOT isValidJSON({0}) AND {0} != '')", name);
  return fmt::format("if({1}, {2}, {0})", name, none,
                     only_where(none, name, "rd_y -> " + with_large_numbers(scalars, "rd_y")));
}

}  // namespace

std::string elements_of_json(ScalarSql& scalars, const std::string& json) {
  const std::string differs = differs_in(json, true);
  const std::string lambda = fmt::format(
      "rd_x -> arrayMap(rd_i -> {}({}(rd_i)), arrayMap(rd_h -> {}, [{}(rd_x)])[1])", short_escapes(scalars),
      show_reals(scalars), raw_elements("rd_h"), hide_reals(scalars, true));
  return fmt::format("if({}, {}, {})", differs, only_where(differs, json, lambda), raw_elements(json));
}

std::string elements_of_text(ScalarSql& scalars, const std::string& text) {
  const std::string quick = scalars.named(fmt::format("JSONExtractArrayRaw({})", text));
  const std::string other = scalars.named(fmt::format(
      "(empty({1}) AND {0} != '') OR NOT isValidASCII({0}) OR position({0}, '\\\\u') > 0 OR match({0}, {2})",
      text, quick, sql_text(kMayHaveReal)));
  const std::string lambda = fmt::format("rd_o -> arrayMap(rd_v -> {}, arrayMap(rd_u -> {}, [{}]))[1]",
                                         elements_of_json(scalars, "rd_v"),
                                         extracted(scalars, "rd_u", false, {}), written_of(scalars, "rd_o"));
  return fmt::format("multiIf({0}, {1}, {2} = '', [''], {3})", other, only_where(other, text, lambda), text,
                     quick);
}

/// A text without its quotes, anything else as its JSON.
SqlValue text_of_json(ScalarSql& scalars, const SqlValue& json) {
  if (!json.ways.as_text.empty()) return ScalarSql::made(Type::String, false, {&json}, json.ways.as_text);
  const SqlValue value = plain(json);
  SqlValue out = ScalarSql::made(
      Type::String, false, {&value}, with_value(scalars, value, [](const std::string& name) {
        return fmt::format("multiIf(startsWith({0}, '\"'), JSONExtractString({0}), {0} = 'null', '', {0})",
                           name);
      }));
  out.size += 8;
  return out;
}

namespace {

std::optional<SqlValue> exact_scalar(ScalarSql& scalars, const SqlValue& json, Type type);

/// The most frequent forms of a value, which are read as they are, whether they are texts or not; all others
/// exactly.
std::optional<SqlValue> quick_scalar(ScalarSql& scalars, const SqlValue& json, Type type) {
  struct Row {
    Type type;
    std::string_view is_quick;
    std::string_view quick;
  };
  static constexpr Row kRows[] = {
      {Type::Bool, "{0} IN ('true', 'false')", "toNullable({0} = 'true')"},
      {Type::Real,
       "((ascii({0}) BETWEEN 48 AND 57 OR ascii({0}) = 45) AND ifNull(isFinite(toFloat64OrNull({0})), 0))",
       "toFloat64OrNull({0})"},
      {Type::Int, "match({0}, '^-?[0-9]{{1,9}}$')", "toInt32OrNull({0})"},
      {Type::Long, "match({0}, '^-?[0-9]{{1,9}}$')", "toInt64OrNull({0})"}};
  for (const Row& row : kRows) {
    if (row.type != type) continue;
    ScalarSql inside = scalars.without_names();
    const std::optional<SqlValue> exact = exact_scalar(inside, {.text = "rd_v", .type = Type::Dynamic}, type);
    if (!exact) return std::nullopt;
    const std::string is_quick = scalars.named(fmt::format(fmt::runtime(row.is_quick), json.ways.quick));
    std::string other = fmt::format("(NOT {} AND {} != '')", is_quick, json.ways.quick);
    if (json.ways.of_text)
      other += fmt::format(" OR ({0} = '' AND {1} != '' AND NOT isValidJSON({1}))", json.ways.quick,
                           json.ways.exact_of);
    other = scalars.named(other);
    const std::string lambda =
        fmt::format("rd_o -> arrayMap(rd_v -> {}, [{}])[1]", exact->text, json.ways.exact);
    SqlValue out = ScalarSql::made(
        type, true, {&json},
        fmt::format("if({}, {}, {})", is_quick, fmt::format(fmt::runtime(row.quick), json.ways.quick),
                    only_where(other, json.ways.exact_of, lambda)));
    out.size += 40;
    return out;
  }
  return std::nullopt;
}

std::optional<SqlValue> exact_scalar(ScalarSql& scalars, const SqlValue& json, Type type) {
  const SqlValue value = plain(json);
  const std::string name = scalars.once(value);
  const SqlValue text{.text = scalars.named(fmt::format("JSONExtractString({})", name)),
                      .type = Type::String};
  const std::optional<SqlValue> read = value_of_text(scalars, text, type == Type::Int ? Type::Long : type);
  const std::string real = fmt::format("toFloat64OrNull({})", name);
  std::string number = real;
  if (type == Type::Bool) number += " != 0";
  if (type == Type::Long || type == Type::Int)
    number = fmt::format("ifNull(toInt64OrNull({}), accurateCastOrNull(trunc({}), 'Int64'))", name, real);
  std::string out = fmt::format("multiIf(startsWith({0}, '\"'), {1}, {0} = 'true', 1, {0} = 'false', 0, {2})",
                                name, read->text, number);
  if (type == Type::Int) out = fmt::format("accurateCastOrNull({}, 'Int32')", out);
  return ScalarSql::made(type, true, {&value, &value, &value, &value, &value, &value, &*read, &*read},
                         std::move(out));
}

}  // namespace

std::optional<SqlValue> scalar_of_json(ScalarSql& scalars, const SqlValue& json, Type type) {
  if (type != Type::Long && type != Type::Int && type != Type::Real && type != Type::Bool)
    return std::nullopt;
  return json.ways.quick.empty() ? exact_scalar(scalars, json, type) : quick_scalar(scalars, json, type);
}

SqlValue json_of_text(ScalarSql& scalars, const SqlValue& text) {
  const std::string written = scalars.named(
      with_value(scalars, text, [&](const std::string& name) { return written_of(scalars, name); }));
  SqlValue named = ScalarSql::made(Type::Dynamic, false, {&text}, written);
  named.size += kWrittenSize;
  SqlValue out = named;
  out.text = with_value(scalars, named, [&](const std::string& name) {
    return fmt::format("if({0} = '', '', {1})", name, extracted(scalars, name, false, {}));
  });
  out.size += kWrittenSize;
  out.ways.written = written;
  out.ways.source = scalars.once(text);
  return out;
}

namespace {

void add_step(JsonSteps& steps, const PathStep& step) {
  if (!step.name) {
    const std::string index = fmt::format(", {}", step.index < 0 ? step.index : step.index + 1);
    steps.text += index;
    steps.where_hidden += index;
    return;
  }
  const bool is_marked = step.name->starts_with('\1');
  steps.text += ", " + sql_text(*step.name);
  steps.where_hidden += ", " + sql_text(is_marked ? '\1' + std::string(*step.name) : std::string(*step.name));
}

/// A part of a dynamic that names lead to. `base`: a name of JSON in its short form or, with `of_text`, of a
/// text, of so many nodes where it is written out.
SqlValue named_part(ScalarSql& scalars, const std::string& base, std::uint32_t base_size, bool of_text,
                    const JsonSteps& steps) {
  std::string exact = extracted(scalars, of_text ? "rd_u" : "rd_o", !of_text, steps);
  if (of_text) exact = fmt::format("arrayMap(rd_u -> {}, [{}])[1]", exact, written_of(scalars, "rd_o"));
  const std::string quick = scalars.named(fmt::format("JSONExtractString({}{})", base, steps.text));
  // What may be a number (`-` to `9`), an array or a bag is looked at again; so is a text with numbers that
  // the engine can't read.
  std::string other = fmt::format("ascii({0}) BETWEEN 45 AND 57 OR ascii({0}) IN (91, 123)", quick);
  if (of_text) other += fmt::format(" OR ({0} = '' AND {1} != '' AND NOT isValidJSON({1}))", quick, base);
  other = scalars.named(other);
  SqlValue out{.text = of_text ? fmt::format("arrayMap(rd_o -> {}, [{}])[1]", exact, base)
                               : extracted(scalars, base, true, steps),
               .type = Type::Dynamic,
               .size = (of_text ? kWrittenSize : kExtractedSize) + base_size};
  const std::string text =
      "multiIf(startsWith(rd_v, '\"'), JSONExtractString(rd_v), rd_v = 'null', '', rd_v)";
  out.ways.as_text = fmt::format(
      "if({}, {}, {})", other,
      only_where(other, base, fmt::format("rd_o -> arrayMap(rd_v -> {}, [{}])[1]", text, exact)), quick);
  out.ways.quick = quick;
  out.ways.exact = std::move(exact);
  out.ways.exact_of = base;
  out.ways.steps = steps;
  out.ways.of_text = of_text;
  return out;
}

/// Where parts are looked for: the same as of a part of it.
bool has_base(const SqlValue& json) {
  return !json.ways.quick.empty() || !json.ways.source.empty() || json.size <= kSmall;
}

}  // namespace

SqlValue part_of_json(ScalarSql& scalars, const SqlValue& json, const std::vector<PathStep>& path) {
  const bool names_only =
      std::all_of(path.begin(), path.end(), [](const PathStep& step) { return step.name.has_value(); });
  if (names_only && json.form == Form::Plain && has_base(json)) {
    JsonSteps steps = json.ways.steps;
    for (const PathStep& step : path)
      add_step(steps, step);
    if (!json.ways.quick.empty())
      return named_part(scalars, json.ways.exact_of, json.size, json.ways.of_text, steps);
    const bool of_text = !json.ways.source.empty();
    return named_part(scalars, of_text ? json.ways.source : scalars.once(json), json.size, of_text, steps);
  }
  const bool written = !json.ways.written.empty();
  SqlValue value = plain(json);
  if (written) value.text = json.ways.written;
  SqlValue out = ScalarSql::made(
      Type::Dynamic, false, {&value}, with_value(scalars, value, [&](const std::string& name) {
        JsonSteps steps;
        std::string arrays;
        for (const PathStep& step : path) {
          // The engine counts the members of bags, too.
          if (!step.name)
            arrays +=
                fmt::format("{}JSONType({}{}) = 'Array'", arrays.empty() ? "" : " AND ", name, steps.text);
          add_step(steps, step);
        }
        const std::string part = extracted(scalars, name, !written, steps);
        return arrays.empty() ? part : fmt::format("if({}, {}, '')", arrays, part);
      }));
  out.size += written ? kWrittenSize : kExtractedSize;
  return out;
}

}  // namespace redoubt::query::sql
