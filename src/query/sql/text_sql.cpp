// What a text has: `has`, `contains`, `startswith` ... and search, which asks it of many columns.

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "core/text.h"
#include "core/utf8.h"
#include "kql/pattern.h"
#include "kql/pattern_spelling.h"
#include "query/sql/scalar_sql.h"

namespace redoubt::query::sql {

using kql::TokenKind;
using kql::Type;

namespace {

struct TextOperator {
  TokenKind op;
  enum class Test : std::uint8_t { Equal, Contains, Starts, Ends, Has, HasPrefix, HasSuffix, Pattern } test;
  bool minded;  ///< case counts
  bool negated;
};
using Test = TextOperator::Test;
constexpr TextOperator kTextOperators[] = {
    {TokenKind::EqualTilde, Test::Equal, false, false},
    {TokenKind::BangTilde, Test::Equal, false, true},
    {TokenKind::ContainsKeyword, Test::Contains, false, false},
    {TokenKind::NotContainsKeyword, Test::Contains, false, true},
    {TokenKind::ContainsCsKeyword, Test::Contains, true, false},
    {TokenKind::NotContainsCsKeyword, Test::Contains, true, true},
    {TokenKind::StartsWithKeyword, Test::Starts, false, false},
    {TokenKind::NotStartsWithKeyword, Test::Starts, false, true},
    {TokenKind::StartsWithCsKeyword, Test::Starts, true, false},
    {TokenKind::NotStartsWithCsKeyword, Test::Starts, true, true},
    {TokenKind::EndsWithKeyword, Test::Ends, false, false},
    {TokenKind::NotEndsWithKeyword, Test::Ends, false, true},
    {TokenKind::EndsWithCsKeyword, Test::Ends, true, false},
    {TokenKind::NotEndsWithCsKeyword, Test::Ends, true, true},
    {TokenKind::HasKeyword, Test::Has, false, false},
    {TokenKind::NotHasKeyword, Test::Has, false, true},
    {TokenKind::HasCsKeyword, Test::Has, true, false},
    {TokenKind::NotHasCsKeyword, Test::Has, true, true},
    {TokenKind::HasPrefixKeyword, Test::HasPrefix, false, false},
    {TokenKind::NotHasPrefixKeyword, Test::HasPrefix, false, true},
    {TokenKind::HasPrefixCsKeyword, Test::HasPrefix, true, false},
    {TokenKind::NotHasPrefixCsKeyword, Test::HasPrefix, true, true},
    {TokenKind::HasSuffixKeyword, Test::HasSuffix, false, false},
    {TokenKind::NotHasSuffixKeyword, Test::HasSuffix, false, true},
    {TokenKind::HasSuffixCsKeyword, Test::HasSuffix, true, false},
    {TokenKind::NotHasSuffixCsKeyword, Test::HasSuffix, true, true},
    {TokenKind::MatchesRegexKeyword, Test::Pattern, true, false},
};

const TextOperator* text_operator(TokenKind op) {
  for (const TextOperator& row : kTextOperators)
    if (row.op == op) return &row;
  return nullptr;
}

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z'); }

/// One word that a token search finds.
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_alphanumeric);
}

/// A border of a term on each side that asks for one.
std::string term_pattern(std::string_view part, bool minded, bool front, bool back) {
  std::size_t last = part.size() - 1;
  while (last > 0 && is_inner_byte(part[last]))
    --last;
  const bool begins = front && is_letter_or_digit(decode_utf8(part, 0).code);
  const bool ends = back && is_letter_or_digit(decode_utf8(part, last).code);
  return fmt::format("{}{}{}", begins ? R"((?:^|[^\p{L}\p{Nd}]))" : "",
                     minded ? kql::quote_pattern(part) : any_case_pattern(part),
                     ends ? R"((?:$|[^\p{L}\p{Nd}]))" : "");
}

/// Of a text that is no single word: a search for it tells most rows apart. One that minds no case knows
/// ASCII only.
std::string has_phrase(const std::string& left, const std::string& part, bool minded) {
  std::string match = fmt::format("match({}, {})", left, sql_text(term_pattern(part, minded, true, true)));
  if (part.empty()) return match;
  if (minded) return fmt::format("(position({}, {}) > 0 AND {})", left, sql_text(part), match);
  return fmt::format("((positionCaseInsensitive({0}, {1}) > 0 OR length({0}) != lengthUTF8({0})) AND {2})",
                     left, sql_text(part), match);
}

std::string token_test(const SqlValue& left, const std::string& token, bool minded) {
  std::string exact =
      fmt::format("{}({}, {})", minded ? "hasToken" : "hasTokenCaseInsensitive", left.text, sql_text(token));
  if (!left.words) return exact;
  const std::string indexed =
      fmt::format("hasToken(lower({}), {})", left.text, sql_text(unicode_lower(token)));
  return minded ? fmt::format("({} AND {})", indexed, exact) : indexed;
}

/// The engine takes no more of them in one call.
constexpr std::size_t kMostTokens = 60;

std::string tokens_test(const SqlValue& left, std::span<const std::string> tokens, bool minded, bool all) {
  if (tokens.size() == 1) return token_test(left, tokens[0], minded);
  std::string list;
  for (const std::string& token : tokens)
    list += (list.empty() ? "" : ", ") + sql_text(unicode_lower(token));
  return fmt::format("{}(lower({}), [{}])", all ? "hasAllTokens" : "hasAnyTokens", left.text, list);
}

std::string tokens_match(const std::string& left, std::span<const std::string> tokens, bool minded,
                         bool all) {
  if (!all) {
    // What stands before and behind the term is the same for each of them.
    std::string any;
    for (const std::string& token : tokens)
      any += (any.empty() ? "" : "|") + (minded ? token : any_case_pattern(token));
    return fmt::format(
        "match({}, {})", left,
        sql_text(fmt::format("(?:^|[^\\p{{L}}\\p{{Nd}}])(?:{})(?:$|[^\\p{{L}}\\p{{Nd}}])", any)));
  }
  std::string out;
  for (const std::string& token : tokens)
    out += fmt::format("{}match({}, {})", out.empty() ? "" : " AND ", left,
                       sql_text(term_pattern(token, minded, true, true)));
  return out;
}

/// Whether a text has all of the words, or any of them. The search for words counts all bytes above ASCII as
/// parts of such: texts that have some are looked at with expressions.
std::string has_tokens(const SqlValue& left, const std::vector<std::string>& tokens, bool minded, bool all) {
  std::string tests;
  std::string matches;
  for (std::size_t from = 0; from < tokens.size(); from += kMostTokens) {
    const auto some = std::span(tokens).subspan(from, std::min(kMostTokens, tokens.size() - from));
    const std::string_view sign = from == 0 ? "" : all ? " AND " : " OR ";
    tests += fmt::format("{}{}", sign, tokens_test(left, some, minded, all));
    matches += fmt::format("{}{}", sign, tokens_match(left.text, some, minded, all));
  }
  // The engine looks into its indexes for what is a condition of a row.
  if (left.words)
    return fmt::format("(({1}) OR ((length({0}) - lengthUTF8({0})) != 0 AND ({2})))", left.text, tests,
                       matches);
  return fmt::format("if(length({0}) != lengthUTF8({0}), {2}, {1})", left.text, tests, matches);
}

/// A text beyond ASCII where case does not count.
std::string test_any_case(Test test, const SqlValue& left, const std::string& part) {
  const bool front = test == Test::Equal || test == Test::Starts;
  const bool back = test == Test::Equal || test == Test::Ends;
  return fmt::format(
      "match({}, {})", left.text,
      sql_text(fmt::format("{}{}{}", front ? "^" : "", any_case_pattern(part), back ? "$" : "")));
}

std::string test_text(ScalarSql& scalars, Test test, bool minded, const SqlValue& left,
                      const std::string& part) {
  const bool whole =
      test == Test::Equal || test == Test::Contains || test == Test::Starts || test == Test::Ends;
  if (!minded && whole && !is_ascii(part)) return test_any_case(test, left, part);
  const std::string text = minded ? left.text : fmt::format("lower({})", left.text);
  const std::string sought = sql_text(minded ? part : lower(part));
  switch (test) {
    case Test::Equal:
      return fmt::format("({} = {})", text, sought);
    case Test::Contains:
      if (minded) return fmt::format("(position({}, {}) > 0)", left.text, sought);
      return fmt::format("(positionCaseInsensitive({}, {}) > 0)", left.text, sql_text(part));
    case Test::Starts:
      return fmt::format("startsWith({}, {})", text, sought);
    case Test::Ends:
      return fmt::format("endsWith({}, {})", text, sought);
    case Test::Has: {
      SqlValue of = left;
      of.text = scalars.once(left);
      return is_token(part) ? has_tokens(of, {part}, minded, false) : has_phrase(of.text, part, minded);
    }
    case Test::HasPrefix:
      return fmt::format("match({}, {})", left.text, sql_text(term_pattern(part, minded, true, false)));
    case Test::HasSuffix:
      return fmt::format("match({}, {})", left.text, sql_text(term_pattern(part, minded, false, true)));
    default:
      return fmt::format("match({}, {})", left.text, pattern_text(part));
  }
}

/// The right side is a value of each row.
std::optional<std::string> test_of_rows(ScalarSql& scalars, const TextOperator& op, const SqlValue& left,
                                        const SqlValue& right) {
  const std::string a = op.minded ? left.text : in_case(scalars, left.text, true);
  const std::string b = op.minded ? right.text : in_case(scalars, right.text, true);
  switch (op.test) {
    case Test::Equal:
      return fmt::format("({} = {})", a, b);
    case Test::Contains:
      return fmt::format("(position({}, {}) > 0)", a, b);
    case Test::Starts:
      return fmt::format("startsWith({}, {})", a, b);
    case Test::Ends:
      return fmt::format("endsWith({}, {})", a, b);
    default:
      return std::nullopt;
  }
}

/// What is cheap to ask and true of each text that has the term.
std::string likely_has(const SqlValue& left, const std::string& term, bool minded) {
  if (minded && !is_token(term)) return fmt::format("position({}, {}) > 0", left.text, sql_text(term));
  const std::string ascii =
      is_token(term) ? token_test(left, term, minded)
                     : fmt::format("positionCaseInsensitive({}, {}) > 0", left.text, sql_text(term));
  return fmt::format("{0} OR length({1}) != lengthUTF8({1})", ascii, left.text);
}

}  // namespace

std::string pattern_text(std::string_view pattern) { return sql_text(fmt::format("(?-s){}", pattern)); }

std::optional<SqlValue> text_test(ScalarSql& scalars, TokenKind op, const SqlValue& left,
                                  const std::string& right) {
  const TextOperator* const row = text_operator(op);
  if (row == nullptr) return std::nullopt;
  if (row->test == Test::Pattern && !kql::is_plain_pattern(right)) return std::nullopt;
  const bool everywhere = right.empty() && row->test != Test::Equal && row->test != Test::Pattern;
  std::string text = everywhere ? "1" : test_text(scalars, row->test, row->minded, left, right);
  if (row->negated) text = fmt::format("NOT {}", text);
  return ScalarSql::made(Type::Bool, false, {&left}, fmt::format("({})", text));
}

std::optional<SqlValue> has_list(ScalarSql& scalars, const SqlValue& left,
                                 const std::vector<std::string>& parts, bool all) {
  SqlValue of = left;
  of.text = scalars.once(left);
  std::vector<std::string> tokens;
  std::string tests;
  const auto add = [&](const std::string& test) {
    tests += (tests.empty() ? "" : all ? " AND " : " OR ") + test;
  };
  for (const std::string& part : parts) {
    if (is_token(part)) {
      tokens.push_back(part);
      continue;
    }
    const std::optional<SqlValue> test = text_test(scalars, TokenKind::HasKeyword, of, part);
    if (!test) return std::nullopt;
    add(test->text);
  }
  if (!tokens.empty()) add(has_tokens(of, tokens, false, all));
  SqlValue out = ScalarSql::made(Type::Bool, false, {&left}, fmt::format("({})", tests));
  out.size += static_cast<std::uint32_t>(parts.size());
  return out;
}

bool is_text_operator(TokenKind op) { return text_operator(op) != nullptr; }

std::optional<SqlValue> text_binary(ScalarSql& scalars, TokenKind op, SqlValue left, SqlValue right) {
  const TextOperator& row = *text_operator(op);
  const std::optional<SqlValue> text = scalars.converted(std::move(left), Type::String);
  if (!text) return std::nullopt;
  if (right.constant) return text_test(scalars, op, *text, kql::to_text(*right.constant));
  const std::optional<SqlValue> other = scalars.converted(std::move(right), Type::String);
  if (!other) return std::nullopt;
  std::optional<std::string> test = test_of_rows(scalars, row, *text, *other);
  if (!test) return std::nullopt;
  return ScalarSql::made(Type::Bool, false, {&*text, &*other},
                         row.negated ? fmt::format("(NOT {})", *test) : *test);
}

std::optional<SqlValue> any_text_test(ScalarSql& scalars, TokenKind op, const std::vector<SqlValue>& values,
                                      const std::string& right) {
  const TextOperator* const row = text_operator(op);
  if (row == nullptr || row->negated || right.empty()) return std::nullopt;
  const std::optional<SqlValue> test =
      text_test(scalars, op, {.text = "rd_text", .type = Type::String}, right);
  // An expression is what takes time to prepare.
  if (!test || test->text.find("match(") == std::string::npos) return std::nullopt;
  std::string likely;
  std::string texts;
  std::string dynamics;
  SqlValue out{.type = Type::Bool, .size = test->size};
  for (const SqlValue& value : values) {
    out.size += value.size;
    if (scalars.is_short() && value.type == Type::Dynamic) {
      dynamics += (dynamics.empty() ? "" : ", ") + plain(value).text;
      continue;
    }
    std::optional<SqlValue> text = scalars.converted(value, Type::String);
    if (!text) return std::nullopt;
    text->text = scalars.once(*text);
    texts += (texts.empty() ? "" : ", ") + text->text;
    if (!scalars.is_short() && row->test == Test::Has)
      likely += (likely.empty() ? "" : " OR ") + likely_has(*text, right, row->minded);
  }
  std::string list = fmt::format("[{}]", texts);
  if (!dynamics.empty()) {
    ScalarSql inside = scalars.without_names();
    const std::optional<SqlValue> text =
        inside.converted({.text = "rd_json", .type = Type::Dynamic, .nullable = false}, Type::String);
    if (!text) return std::nullopt;
    dynamics = fmt::format("arrayMap(rd_json -> {}, [{}])", text->text, dynamics);
    list = texts.empty() ? dynamics : fmt::format("arrayConcat({}, {})", list, dynamics);
  }
  out.text = fmt::format("arrayExists(rd_text -> {}, {})", test->text, list);
  if (!likely.empty()) out.text = fmt::format("(({}) AND {})", likely, out.text);
  return out;
}

}  // namespace redoubt::query::sql
