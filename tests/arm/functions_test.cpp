#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "arm/expand.h"
#include "arm/function.h"
#include "arm/ordering.h"
#include "arm/origins.h"
#include "core/text.h"

// What the cases under cases/functions can't say: codes and messages of errors, the forms of open values,
// and that no secret gets out.

namespace redoubt::arm {
namespace {

using doc::UnknownType;
using doc::Value;

constexpr std::string_view kSecretText = "hunter2";

class ArmFunctionBodies : public ::testing::Test {
 protected:
  Result<Value> call(std::string_view name, std::vector<Value> arguments) {
    const Function* function = find_function(name);
    RD_CHECK(function != nullptr);
    Call context{function->name, arena_, origins_};
    return function->body(context, arguments);
  }

  std::string form(const Result<Value>& value) {
    return value ? text_form(*value, origins_) : value.error().text();
  }

  std::string origin(const Result<Value>& value) { return origins_.at(value->unknown_id()).text; }

  Value text(std::string_view value) { return doc::make_string(arena_, value); }
  Value open(UnknownType type, std::string_view name) { return origins_.unknown(type, name); }

  Arena arena_;
  Origins origins_;
};

std::vector<const Function*> all_functions() {
  std::vector<const Function*> all;
  for (const auto table : {text_functions(), collection_functions(), number_functions(), date_functions(),
                           network_functions(), hash_functions()})
    for (const Function& function : table)
      all.push_back(&function);
  return all;
}

TEST_F(ArmFunctionBodies, TablesAreFoundByNameInAnyCase) {
  for (const Function* function : all_functions()) {
    EXPECT_EQ(find_function(function->name), function);
    std::string shouted(function->name);
    std::transform(shouted.begin(), shouted.end(), shouted.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    EXPECT_EQ(find_function(shouted), function) << function->name;
    EXPECT_LE(function->least, function->most);
    EXPECT_FALSE(function->summary.empty());
  }
  EXPECT_EQ(find_function("noSuchFunction"), nullptr);
}

TEST_F(ArmFunctionBodies, PolicyLanguageHasItsOfficialList) {
  static constexpr std::string_view kOfficial =
      "concat format base64 padLeft replace toLower toUpper length split join add sub mul div mod string int "
      "uniqueString guid trim uri substring take skip empty contains intersection union first last indexOf "
      "lastIndexOf startsWith endsWith min max range base64ToString base64ToJson uriComponentToString "
      "uriComponent dataUriToString dataUri array createArray float bool less lessOrEquals greater "
      "greaterOrEquals equals json not true false null createObject items tryGet";
  const std::vector<std::string_view> names = split(kOfficial, ' ');
  const std::set<std::string_view> both(names.begin(), names.end());
  for (const Function* function : all_functions()) {
    const bool only_policy = function->name == "addDays" || function->name == "ipRangeContains";
    const Language other = only_policy ? Language::Policy : Language::Arm;
    EXPECT_EQ(function->language, both.contains(function->name) ? Language::Both : other) << function->name;
  }
}

TEST_F(ArmFunctionBodies, ErrorsHaveCodesAndNameTheArgument) {
  const Result<Value> type = call("base64", {Value::integer(7)});
  EXPECT_EQ(type.error().code, "ARM0301");
  EXPECT_EQ(type.error().message, "base64() takes string as argument 1, not int");
  EXPECT_EQ(call("substring", {text("abc"), Value::integer(9)}).error().code, "ARM0302");
  EXPECT_EQ(call("div", {Value::integer(1), Value::integer(0)}).error().code, "ARM0302");
  const Result<Value> large = call("padLeft", {text("a"), Value::integer(1'000'000'000)});
  EXPECT_EQ(large.error().kind, Error::Kind::Limit);
  EXPECT_EQ(call("fail", {text("not in this region")}).error().message,
            "fail() was called: not in this region");
}

TEST_F(ArmFunctionBodies, KnownPartsOfOpenTextSurvive) {
  const Value prefix = open(UnknownType::String, "parameters.prefix");
  const Result<Value> name = call("concat", {prefix, text("-KV")});
  EXPECT_EQ(form(name), "{parameters.prefix}-KV");
  EXPECT_TRUE(name->not_null());
  EXPECT_EQ(form(call("toLower", {*name})), "{toLower(parameters.prefix)}-kv");
  EXPECT_EQ(form(call("format", {text("{0}/{1}/{2}"), text("a"), *name, Value::boolean(true)})),
            "a/{parameters.prefix}-KV/True");
  EXPECT_EQ(form(call("join", {doc::make_array(arena_, std::vector{text("a"), prefix}), text(".")})),
            "a.{parameters.prefix}");
  EXPECT_EQ(form(call("format", {text("vm{0:D2}"), open(UnknownType::Int, "i")})), "vm{format('{0:D2}', i)}");
  EXPECT_EQ(call("concat", {prefix})->unknown_id(), prefix.unknown_id());
}

TEST_F(ArmFunctionBodies, PartialTextsAreEqualHoweverTheyWereJoined) {
  const Value p = open(UnknownType::String, "p");
  const Value q = open(UnknownType::String, "q");
  const Value first = *call("concat", {p, text("-"), text("kv")});
  EXPECT_EQ(first.unknown_id(), call("format", {text("{0}-kv"), p})->unknown_id());
  EXPECT_EQ(first.unknown_id(), call("concat", {*call("concat", {p, text("-k")}), text("v")})->unknown_id());
  EXPECT_NE(first.unknown_id(), call("concat", {q, text("-kv")})->unknown_id());
  EXPECT_NE(first.unknown_id(), call("concat", {p, text("-kv2")})->unknown_id());
}

TEST_F(ArmFunctionBodies, DerivedOriginsStaySmallAndExact) {
  Value value = open(UnknownType::String, "p");
  Value other = open(UnknownType::String, "q");
  for (int i = 0; i < 200; ++i) {
    const Value pair[] = {value, value, text(std::string(100, 'x'))};
    value = origins_.derived(UnknownType::String, "replace", pair);
    const Value other_pair[] = {other, other, text(std::string(100, 'x'))};
    other = origins_.derived(UnknownType::String, "replace", other_pair);
  }
  EXPECT_NE(value.unknown_id(), other.unknown_id());
  EXPECT_LE(origin(value).size(), 310U);
  EXPECT_TRUE(origin(value).ends_with("\xe2\x80\xa6"));
  Value doubled = open(UnknownType::String, "p");
  for (int i = 0; i < 100; ++i)
    doubled = *call("concat", {doubled, text("-"), doubled});
  EXPECT_LE(form(doubled).size(), 2'100U);
  Value part = open(UnknownType::Object, "o");
  for (int i = 0; i < 1'000; ++i)
    part = origins_.part(part, ".member");
  EXPECT_LE(origin(part).size(), 1'010U);
}

TEST_F(ArmFunctionBodies, OriginsShowTheCall) {
  const Value p = open(UnknownType::String, "parameters.x");
  EXPECT_EQ(origin(origins_.derived(UnknownType::Int, "f", std::vector{text("it's"), p, Value::integer(3)})),
            "f('it''s', parameters.x, 3)");
  EXPECT_EQ(origin(origins_.part(p, ".a")), "parameters.x.a");
  EXPECT_EQ(origins_.part(p, ".A").unknown_id(), origins_.part(p, ".a").unknown_id());
  EXPECT_EQ(origins_.unknown(UnknownType::Int, "n").unknown_id(), open(UnknownType::Int, "n").unknown_id());
}

TEST_F(ArmFunctionBodies, JsonShowsUnknownsAndHidesSecrets) {
  const doc::Member members[] = {{"a", open(UnknownType::Int, "i")},
                                 {"b", text(kSecretText).as_secret()},
                                 {"c", origins_.unknown(UnknownType::String, "listKeys.a", true)}};
  const std::string wanted = R"({"a":{"$unknown":{"type":"int","origin":"i","secret":false}},"b":"$secret",)"
                             R"("c":{"$unknown":{"type":"string","origin":"listKeys.a","secret":true}}})";
  EXPECT_EQ(to_json(doc::make_object(arena_, members), origins_), wanted);
  EXPECT_EQ(text_form(text(kSecretText).as_secret(), origins_), "$secret");
}

TEST_F(ArmFunctionBodies, SecretsMarkWhatIsTakenOutOfThem) {
  const Value secret = text(kSecretText).as_secret();
  const Value mixed = doc::make_array(arena_, std::vector{text("open"), secret});
  EXPECT_FALSE(call("first", {mixed})->secret());
  EXPECT_TRUE(call("last", {mixed})->secret());
  const Value hidden = doc::make_array(arena_, std::vector{text("a"), text("b")}).as_secret();
  EXPECT_TRUE(call("first", {hidden})->secret());
  EXPECT_TRUE(call("concat", {mixed, hidden})->items()[3].secret());
  EXPECT_FALSE(call("concat", {mixed, hidden})->items()[0].secret());
  EXPECT_TRUE(call("split", {secret, text("t")})->items()[0].secret());
  EXPECT_TRUE(call("concat", {secret, open(UnknownType::String, "p")})->secret());
  EXPECT_FALSE(call("length", {secret})->secret());
}

/// Arguments that hold the secret in every way a template can.
Value hostile_parameters(Arena& arena, Origins& origins) {
  const auto text = [&](std::string_view value) { return doc::make_string(arena, value); };
  const Value secret = text(kSecretText).as_secret();
  const doc::Member inner[] = {{text(kSecretText).as_string(), text(kSecretText)}};
  const doc::Member members[] = {
      {"secret", secret},
      {"list", doc::make_array(arena, std::vector{text("a"), secret})},
      {"object", doc::make_object(arena, inner).as_secret()},
      {"holder", doc::make_object(arena, std::vector<doc::Member>{{"a", secret}})},
      {"open", origins.unknown(UnknownType::String, "p")},
      {"plain", text("a")},
  };
  return doc::make_object(arena, members);
}

/// Evaluates `function(arguments)` and checks everything it lets be seen.
void check_nothing_leaks(const std::string& expression, bool policy, const Value& parameters, Arena& arena,
                         Origins& origins) {
  const Result<Value> value = evaluate_text(expression, &parameters, nullptr, policy, origins, arena, {});
  const std::string seen =
      value ? to_json(*value, origins) + text_form(*value, origins) : value.error().text();
  EXPECT_EQ(seen.find(kSecretText), std::string::npos) << expression << "\n" << seen;
}

TEST_F(ArmFunctionBodies, NoFunctionLetsASecretOut) {
  static constexpr std::string_view kNames[] = {"secret", "list", "object", "holder", "open", "plain"};
  const Value parameters = hostile_parameters(arena_, origins_);
  for (const Function* function : all_functions()) {
    const bool policy = function->language == Language::Policy;
    for (int count = std::max<int>(function->least, 1); count <= std::min<int>(function->most, 3); ++count) {
      std::size_t combinations = 1;
      for (int i = 0; i < count; ++i)
        combinations *= std::size(kNames);
      for (std::size_t combination = 0; combination < combinations; ++combination) {
        std::string expression = fmt::format("[{}(", function->name);
        std::size_t rest = combination;
        for (int i = 0; i < count; ++i, rest /= std::size(kNames))
          expression +=
              fmt::format("{}parameters('{}')", i == 0 ? "" : ", ", kNames[rest % std::size(kNames)]);
        check_nothing_leaks(expression + ")]", policy, parameters, arena_, origins_);
      }
    }
  }
}

TEST(ArmOrdering, InvariantCultureOrder) {
  static constexpr std::string_view kAscending[] = {"",   "-",  "1",  "10", "2", "a", "A",
                                                    "ab", "aB", "Ab", "b",  "B", "z", "é"};
  for (std::size_t i = 0; i < std::size(kAscending); ++i)
    for (std::size_t j = 0; j < std::size(kAscending); ++j) {
      const int wanted = i < j ? -1 : static_cast<int>(i > j);
      EXPECT_EQ(compare_invariant(kAscending[i], kAscending[j]), wanted)
          << kAscending[i] << " " << kAscending[j];
    }
  EXPECT_EQ(compare_invariant("ABC", "abc", true), 0);
  EXPECT_EQ(compare_invariant("\x01"
                              "a",
                              "a"),
            0);
}

}  // namespace
}  // namespace redoubt::arm
