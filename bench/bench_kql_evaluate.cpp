#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "kql/evaluate.h"
#include "kql/pattern.h"

namespace redoubt::kql {
namespace {

constexpr std::size_t kRows = 1'000;

/// Made-up rows of a process table: what typical filters of detection rules look at.
struct Rows {
  std::vector<Value> name, command, extra, time, port;
};

Rows make_rows() {
  Rows out;
  static constexpr const char* kNames[] = {"powershell.exe", "svchost.exe", "Chrome.exe", "cmd.exe",
                                           "python3"};
  for (std::size_t i = 0; i < kRows; ++i) {
    const std::string number = std::to_string(i * 7919 % 10'007);
    out.name.push_back(Value::of_string(kNames[i % 5]));
    out.command.push_back(Value::of_string("\"C:\\Program Files\\App" + number + "\\run.exe\" --session " +
                                           number + " -NoProfile -File C:\\Temp\\job" + number +
                                           (i % 50 == 0 ? ".ps1 -EncodedCommand SQBFAFgA" : ".ps1")));
    out.extra.push_back(
        Value::of_string(R"({"user":"u)" + number + R"(","result":"Success","a":{"b":[1,2,3]}})"));
    out.time.push_back(
        Value::of_datetime(638'400'000'000'000'000 + static_cast<std::int64_t>(i) * kTicksPerMinute));
    out.port.push_back(Value::of_long(static_cast<std::int64_t>(i % 1'024)));
  }
  return out;
}

const Function& scalar(const char* name) { return *find_function(name, FunctionKind::Scalar); }

/// Counts the rows a filter keeps; `filter(row index)` gives a bool value.
template <class Filter>
void run(benchmark::State& state, Filter filter) {
  for (auto _ : state) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < kRows; ++i) {
      const Value value = filter(i);
      kept += !value.is_null() && value.as_bool() ? 1 : 0;
    }
    benchmark::DoNotOptimize(kept);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kRows));
}

void BM_KqlFilter(benchmark::State& state, TokenKind op, const std::vector<Value> Rows::* column,
                  const Value& right) {
  const Rows rows = make_rows();
  PatternCache patterns;
  const EvaluationContext context{.now = {}, .limits = {}, .patterns = &patterns};
  run(state, [&](std::size_t i) { return apply(op, (rows.*column)[i], right, context); });
}
BENCHMARK_CAPTURE(BM_KqlFilter, equal, TokenKind::EqualEqual, &Rows::name, Value::of_string("cmd.exe"));
BENCHMARK_CAPTURE(BM_KqlFilter, equal_any_case, TokenKind::EqualTilde, &Rows::name,
                  Value::of_string("CMD.EXE"));
BENCHMARK_CAPTURE(BM_KqlFilter, has, TokenKind::HasKeyword, &Rows::command,
                  Value::of_string("encodedcommand"));
BENCHMARK_CAPTURE(BM_KqlFilter, contains, TokenKind::ContainsKeyword, &Rows::command,
                  Value::of_string("ENCODED"));
BENCHMARK_CAPTURE(BM_KqlFilter, startswith, TokenKind::StartsWithKeyword, &Rows::name,
                  Value::of_string("power"));
BENCHMARK_CAPTURE(BM_KqlFilter, matches_regex, TokenKind::MatchesRegexKeyword, &Rows::command,
                  Value::of_string(R"((?i)-enc\w*\s+[a-z0-9+/=]{4,})"));
BENCHMARK_CAPTURE(BM_KqlFilter, after, TokenKind::Greater, &Rows::time,
                  Value::of_datetime(638'400'300'000'000'000));
BENCHMARK_CAPTURE(BM_KqlFilter, number, TokenKind::Less, &Rows::port, Value::of_long(100));

void BM_KqlIn(benchmark::State& state) {
  const Rows rows = make_rows();
  const std::vector<Value> list = {Value::of_string("wscript.exe"), Value::of_string("cscript.exe"),
                                   Value::of_string("mshta.exe"), Value::of_string("cmd.exe")};
  run(state, [&](std::size_t i) { return apply(TokenKind::InCsKeyword, rows.name[i], list); });
}
BENCHMARK(BM_KqlIn);

/// tostring(parse_json(Extra).result) == "Success"
void BM_KqlMemberOfJson(benchmark::State& state) {
  const Rows rows = make_rows();
  const Function& parse_json = scalar("parse_json");
  const Function& to_string = scalar("tostring");
  const Value name = Value::of_string("result");
  const Value wanted = Value::of_string("Success");
  run(state, [&](std::size_t i) {
    const Value member = element_of(*evaluate(parse_json, {&rows.extra[i], 1}, {}), name);
    return apply(TokenKind::EqualEqual, *evaluate(to_string, {&member, 1}, {}), wanted);
  });
}
BENCHMARK(BM_KqlMemberOfJson);

}  // namespace
}  // namespace redoubt::kql
