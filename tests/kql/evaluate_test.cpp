#include "kql/evaluate.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "core/arena.h"
#include "doc/json.h"
#include "kql/json_text.h"
#include "kql/lexer.h"
#include "kql/pattern.h"
#include "kql/user_agents.h"
#include "testing/cases.h"
#include "testing/paths.h"
#include "value_case.h"

// A line of cases/evaluate/*.jsonl is an expression and its value:
//   {"id", "call": "strcat" | "operator": "+" | "literal": "1.5h", "arguments": [...], "expected": ...,
//   "source"}
// An argument is such an expression, {"type", "value"} or {"typeof"}. Expected is {"type", "value"} or
// {"error": "KQL0407"}; null is the value null. `element` is the operator of d.a and d[0].
//
// Reals agree to 1e-9 of their size, members of dynamic values may come in any order.

namespace redoubt::kql {
namespace {

const EvaluationContext& context() {
  static PatternCache patterns;
  static TimeZones zones(testing::source_root() / "tests" / "core" / "zones");
  static UserAgents agents;
  static const EvaluationContext context{.now = {638'400'000'000'000'000},
                                         .limits = {},
                                         .patterns = &patterns,
                                         .zones = &zones,
                                         .user_agents = &agents};
  return context;
}

Result<Value> literal(std::string_view text) {
  const std::vector<Token> tokens = tokenize(text);
  return read_literal(tokens.front().kind, text.substr(tokens.front().offset, tokens.front().size));
}

TokenKind operator_named(std::string_view name) {
  const std::vector<Token> tokens = tokenize(name);
  return tokens.front().kind;
}

Result<Value> value_of(const doc::Value& node);

Result<std::vector<Value>> arguments_of(const doc::Value& node) {
  std::vector<Value> out;
  for (const doc::Value& argument : node.find("arguments")->items()) {
    Value value = RD_TRY(value_of(argument));
    out.push_back(std::move(value));
  }
  return out;
}

Result<Value> apply_named(std::string_view name, const std::vector<Value>& arguments) {
  if (name == "element") return element_of(arguments[0], arguments[1]);
  const TokenKind op = operator_named(name);
  if (arguments.size() == 1) return apply(op, arguments[0]);
  const bool list = op == TokenKind::BetweenKeyword || op == TokenKind::NotBetweenKeyword;
  if (arguments.size() == 2 && !list) return apply(op, arguments[0], arguments[1], context());
  return apply(op, arguments[0], std::span(arguments).subspan(1));
}

Result<Value> value_of(const doc::Value& node) {
  if (const auto text = node.text_of("literal")) return literal(*text);
  if (const auto name = node.text_of("typeof")) return Value::null(find_type(*name).value_or(Type::Unknown));
  if (const auto name = node.text_of("type")) return typed_value(*find_type(*name), *node.find("value"));
  const std::vector<Value> arguments = RD_TRY(arguments_of(node));
  if (const auto name = node.text_of("operator")) return apply_named(*name, arguments);
  const Function* function = find_function(*node.text_of("call"), FunctionKind::Scalar);
  if (function == nullptr) return fail(Error::Kind::NotFound, "TEST", "no such function");
  return evaluate(*function, arguments, context());
}

std::string judge(std::string_view line) {
  Arena arena;
  const Result<doc::Value> node = doc::parse_json(arena, line);
  if (!node) return node.error().text();
  const Result<Value> value = value_of(*node);
  const doc::Value& expected = *node->find("expected");
  if (const auto code = expected.text_of("error"))
    return !value && value.error().code == *code ? ""
                                                 : "got " + (value ? shown(*value) : value.error().text());
  if (!value) return value.error().text();
  const Value wanted = typed_value(*find_type(*expected.text_of("type")), *expected.find("value"));
  return agrees(*value, wanted) ? "" : "got " + shown(*value) + ", expected " + shown(wanted);
}

[[maybe_unused]] const bool registered =
    testing::register_json_cases("KqlEvaluate", "tests/kql/cases/evaluate", judge);

const Function& scalar(std::string_view name) {
  const Function* function = find_function(name, FunctionKind::Scalar);
  RD_CHECK(function != nullptr);
  return *function;
}

TEST(KqlEvaluateLimits, AResultPastTheLimitIsAnErrorThatNamesIt) {
  EvaluationContext small;
  small.limits.max_bytes = 8;
  const Value five = Value::of_string("12345");
  const Value four = Value::of_string("1234");
  const Value fits[] = {four, four};
  const Value over[] = {five, four};
  EXPECT_TRUE(evaluate(scalar("strcat"), fits, small));
  const Result<Value> result = evaluate(scalar("strcat"), over, small);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "KQL0405");
  EXPECT_EQ(result.error().kind, Error::Kind::Limit);
  EXPECT_NE(result.error().message.find("8 bytes"), std::string::npos);
}

TEST(KqlEvaluateLimits, DepthOfJsonIsBounded) {
  const auto nested = [](std::size_t depth) {
    return Value::of_string(std::string(depth, '[') + std::string(depth, ']'));
  };
  const Value at[] = {nested(512)};
  const Value past[] = {nested(513)};
  const Value far_past[] = {nested(1'000'000)};
  const auto kind = [](const Result<Value>& value) { return json_kind(value->json()); };
  EXPECT_EQ(kind(evaluate(scalar("parse_json"), at, {})), JsonKind::Array);
  EXPECT_EQ(kind(evaluate(scalar("parse_json"), past, {})), JsonKind::String);
  EXPECT_EQ(kind(evaluate(scalar("parse_json"), far_past, {})), JsonKind::String);
}

TEST(KqlEvaluateLimits, PatternsThatExplodeElsewhereTakeLinearTime) {
  const Value text = Value::of_string(std::string(50'000, 'a') + "!");
  EXPECT_FALSE(apply(TokenKind::MatchesRegexKeyword, text, Value::of_string("^(a+)+$")).as_bool());
  const Result<void> large = check_pattern("((a{1000}){1000}){1000}");
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, "KQL0406");
}

TEST(KqlEvaluateLimits, ReplacementsCannotGrowWithoutBound) {
  EvaluationContext small;
  small.limits.max_bytes = 1'000;
  const Value arguments[] = {Value::of_string(std::string(900, 'a')), Value::of_string("a"),
                             Value::of_string(std::string(900, 'b'))};
  for (const std::string_view name : {"replace_string", "replace_regex"}) {
    const Result<Value> result = evaluate(scalar(name), arguments, small);
    ASSERT_FALSE(result) << name;
    EXPECT_EQ(result.error().code, "KQL0405") << name;
  }
}

TEST(KqlEvaluateLimits, SeriesOfMillionsTakeNoQuadraticTime) {
  std::string many = "[0";
  for (int i = 1; i < 200'003; ++i)  // a prime: the transform has no short way
    many += "," + std::to_string(i % 168 * (i % 7 + 1));
  const Value series = Value::of_dynamic(many + "]");
  const Value detect[] = {series, Value::of_real(0), Value::of_real(1e9), Value::of_long(1)};
  const Result<Value> periods = evaluate(scalar("series_periods_detect"), detect, {});
  ASSERT_TRUE(periods);
  EXPECT_EQ(json_element(json_element(periods->json(), 0), 0), "168.0");
  EXPECT_TRUE(evaluate(scalar("series_decompose_anomalies"), std::span(detect).first(1), {}));
  EXPECT_TRUE(evaluate(scalar("series_fit_2lines"), std::span(detect).first(1), {}));
}

TEST(KqlEvaluateLimits, FiltersTakeNoMoreStepsThanAreAllowed) {
  EvaluationContext few;
  few.limits.max_steps = 11;
  const Value three = Value::of_dynamic("[1,2,3]");
  const Value four = Value::of_dynamic("[1,2,3,4]");
  const Value fits[] = {three, three};
  const Value over[] = {three, four};
  EXPECT_TRUE(evaluate(scalar("series_fir"), fits, few));
  const Result<Value> result = evaluate(scalar("series_fir"), over, few);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "KQL0405");
  EXPECT_NE(result.error().message.find("limit of 11"), std::string::npos);
}

TEST(KqlEvaluate, WrongCallsAreErrors) {
  const Value one[] = {Value::of_long(1)};
  EXPECT_EQ(evaluate(scalar("substring"), one, {}).error().code, "KQL0404");
  EXPECT_EQ(evaluate(scalar("rand"), one, {}).error().code, "KQL0403");
  EXPECT_FALSE(can_evaluate(scalar("row_number")));
  EXPECT_TRUE(can_evaluate(scalar("strcat")));
  EXPECT_FALSE(can_evaluate(functions(FunctionKind::Aggregate).front()));
  EXPECT_EQ(read_literal(TokenKind::Bar, "|").error().code, "KQL0402");
}

TEST(KqlEvaluate, EqualValuesHashTogetherToEqualNumbers) {
  const auto many = [](const Value& a, const Value& b) {
    const Value both[] = {a, b};
    return evaluate(scalar("hash_many"), both, {})->as_long();
  };
  const Value hello = Value::of_string("Hello");
  const Value five = Value::of_long(5);
  const Value hashes[] = {*evaluate(scalar("hash"), std::span(&hello, 1), {}),
                          *evaluate(scalar("hash"), std::span(&five, 1), {})};
  EXPECT_EQ(many(hello, five), evaluate(scalar("hash_combine"), hashes, {})->as_long());
  EXPECT_NE(many(hello, five), many(five, hello));
  EXPECT_NE(many(hello, five), many(hello, Value::of_long(6)));
}

TEST(KqlEvaluateLimits, CompressedTextsCannotGrowWithoutBound) {
  EvaluationContext small;
  small.limits.max_bytes = 10'000;
  const Value zeros[] = {Value::of_string(std::string(100'000, '0'))};
  const Value packed[] = {*evaluate(scalar("gzip_compress_to_base64_string"), zeros, {})};
  ASSERT_LT(packed[0].as_string().size(), 1'000U);
  const Result<Value> result = evaluate(scalar("gzip_decompress_from_base64_string"), packed, small);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "KQL0405");
}

TEST(KqlEvaluateLimits, DepthOfXmlIsBounded) {
  const auto nested = [](std::size_t depth) {
    std::string out;
    for (std::size_t i = 0; i < depth; ++i)
      out += "<a>";
    out += "x";
    for (std::size_t i = 0; i < depth; ++i)
      out += "</a>";
    return Value::of_string(out);
  };
  const Value at[] = {nested(511)};
  const Value past[] = {nested(512)};
  EXPECT_FALSE(evaluate(scalar("parse_xml"), at, {})->is_null());
  EXPECT_TRUE(evaluate(scalar("parse_xml"), past, {})->is_null());
}

TEST(KqlEvaluate, NullsOfEveryTypeGoThroughEveryFunction) {
  std::size_t count = 0;
  for (const Function& function : functions(FunctionKind::Scalar)) {
    if (!can_evaluate(function)) continue;
    ++count;
    for (std::size_t type = 1; type < kTypes; ++type)
      for (std::size_t arguments = 0; arguments < 7; ++arguments) {
        const std::vector<Value> nulls(arguments, Value::null(static_cast<Type>(type)));
        static_cast<void>(evaluate(function, nulls, context()));
      }
  }
  EXPECT_GE(count, 304U);
  RecordProperty("functions", static_cast<int>(count));
  std::printf("functions that can be evaluated: %zu of %zu\n", count, functions(FunctionKind::Scalar).size());
}

}  // namespace
}  // namespace redoubt::kql
