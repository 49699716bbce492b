#include "coverage_cases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "answer_case.h"
#include "core/arena.h"
#include "doc/json.h"
#include "doc/sources.h"
#include "kql/pattern.h"
#include "query/answer_json.h"
#include "testing/paths.h"

namespace redoubt::query {

namespace {

constexpr Instant kNow{638'400'000'000'000'000};

/// The columns that an example's last sort goes by.
using Orders = std::map<std::string, std::vector<std::string>, std::less<>>;

doc::LineDocument lines_of(doc::Sources& sources, const std::filesystem::path& file) {
  Reading<doc::LineDocument> read =
      doc::read_json_lines(sources, file.filename().string(), testing::read_file(file));
  EXPECT_FALSE(read.has_errors()) << file;
  return std::move(read.value);
}

kql::Type type_of_net(std::string_view name) {
  static const std::map<std::string_view, kql::Type> kTypes = {
      {"Int64", kql::Type::Long},    {"Int32", kql::Type::Int},         {"SByte", kql::Type::Bool},
      {"Double", kql::Type::Real},   {"DateTime", kql::Type::DateTime}, {"SqlDecimal", kql::Type::Decimal},
      {"String", kql::Type::String}, {"Guid", kql::Type::Guid},         {"TimeSpan", kql::Type::Timespan},
      {"Object", kql::Type::Dynamic}};
  return kTypes.at(name);
}

std::vector<kql::Type> types_of(const doc::Value& test_case) {
  std::vector<kql::Type> out;
  if (const doc::Value* const net = test_case.find("net_types"))
    for (const doc::Value& one : net->items())
      out.push_back(type_of_net(one.as_string()));
  else
    for (const doc::Value& one : test_case.find("types")->items())
      out.push_back(kql::find_type(one.as_string()).value_or(kql::Type::Unknown));
  return out;
}

/// The expected table in the form of answers: times have one text there.
ResultTable expected_table(const doc::Value& test_case) {
  ResultTable out;
  const std::vector<kql::Type> types = types_of(test_case);
  const auto names = test_case.find("columns")->items();
  const auto rows = test_case.find("rows")->items();
  out.rows = rows.size();
  for (std::size_t i = 0; i < types.size(); ++i) {
    out.columns.emplace_back(std::string(names[i].as_string()), types[i]);
    Cells cells;
    for (const doc::Value& row : rows)
      cells.push_back(cell_of(row.items()[i], types[i]));
    out.cells.push_back(std::move(cells));
  }
  return out;
}

/// The same table of some columns alone.
ResultTable only(const ResultTable& table, const std::vector<std::string>& names) {
  ResultTable out;
  out.rows = table.rows;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (std::find(names.begin(), names.end(), table.columns[i].first) != names.end()) {
      out.columns.push_back(table.columns[i]);
      out.cells.push_back(table.cells[i]);
    }
  return out;
}

bool same_tables(const ResultTable& got, const ResultTable& expected, bool ordered, bool arrays_ordered) {
  Arena arena;
  const std::string left = json_of(got);
  const std::string right = json_of(expected);
  const Result<doc::Value> a = doc::parse_json(arena, left);
  const Result<doc::Value> b = doc::parse_json(arena, right);
  return a && b && same_rows(*a->find("rows"), *b->find("rows"), ordered, arrays_ordered);
}

/// Whether elements of arrays have no order that is promised.
bool makes_sets(std::string_view query) {
  static constexpr std::string_view kFree[] = {"makeset",   "make_set",       "makelist",      "make_list",
                                               "set_union", "set_difference", "set_intersect", "bag_keys",
                                               "geo_",      "make_bag"};
  return std::any_of(std::begin(kFree), std::end(kFree),
                     [&](std::string_view name) { return query.find(name) != std::string_view::npos; });
}

/// Of render only the chart can be checked: without that in the case it is not.
void leave_unchecked(const doc::Value& test_case, std::set<LanguageKey>& names) {
  if (test_case.find("visualization") != nullptr) return;
  std::erase_if(names, [](const LanguageKey& one) {
    return one.first == "visualization" || one == LanguageKey("operator", "render");
  });
}

CoverageCase case_of(const doc::Value& test_case, CaseOrigin origin, std::string wrong) {
  CoverageCase out{.origin = origin,
                   .id = std::string(test_case.text_of("id").value_or("")),
                   .query = std::string(test_case.text_of("query").value_or("")),
                   .wrong = std::move(wrong)};
  kql::PatternCache patterns;
  const kql::EvaluationContext evaluation{.now = kNow, .limits = {}, .patterns = &patterns};
  MemoryTables tables;
  const doc::Value* const given = origin == CaseOrigin::Own ? test_case.find("tables") : nullptr;
  if (given != nullptr && !add_tables(*given, tables)) return out;
  kql::Environment environment = tables.schemas();
  environment.complete = true;
  kql::Analysis analysis = kql::analyze(out.query, environment);
  if (!analysis.ok()) return out;
  out.names = names_used(analysis);
  leave_unchecked(test_case, out.names);
  const std::set<LanguageKey> said = names_in_sql(analysis, tables, evaluation);
  std::set_intersection(said.begin(), said.end(), out.names.begin(), out.names.end(),
                        std::inserter(out.in_sql, out.in_sql.end()));
  return out;
}

/// What examples are sorted by.
Orders orders_of(const std::filesystem::path& file) {
  doc::Sources sources;
  Orders out;
  for (const doc::Value& one : lines_of(sources, file).rows) {
    const doc::Value* const ordered = one.find("ordered");
    const doc::Value* const by = one.find("order_by");
    if (ordered == nullptr || !ordered->as_bool() || by == nullptr || !by->is_array()) continue;
    std::vector<std::string>& columns = out[std::string(one.text_of("id").value_or(""))];
    for (const doc::Value& column : by->items())
      columns.emplace_back(column.items()[0].as_string());
  }
  return out;
}

void add_corpus(const std::filesystem::path& file, CaseOrigin origin, const Orders& orders,
                std::vector<CoverageCase>& out) {
  doc::Sources sources;
  for (const doc::Value& one : lines_of(sources, file).rows) {
    if (one.find("unstable") != nullptr) continue;
    const auto order = orders.find(one.text_of("id").value_or(""));
    const std::string wrong =
        judge_answer(one, order == orders.end() ? std::vector<std::string>() : order->second);
    out.push_back(case_of(one, origin, wrong));
  }
}

}  // namespace

std::string judge_answer(const doc::Value& test_case, const std::vector<std::string>& order_by) {
  Arena arena;
  doc::JsonWriter json;
  json.begin_object().key("query").text(test_case.text_of("query").value_or("")).end_object();
  const std::string alone = json.take();
  const Result<Answer> answer = answer_of(*doc::parse_json(arena, alone), nullptr);
  if (!answer) return answer.error().text();
  if (answer->tables.empty()) return "no table";
  const ResultTable& got = answer->tables.front();
  const ResultTable expected = expected_table(test_case);
  const doc::Value* const flag = test_case.find("ordered");
  const bool ordered = flag != nullptr && flag->as_bool();
  const bool arrays_ordered = !makes_sets(test_case.text_of("query").value_or(""));
  if (got.columns == expected.columns && same_tables(got, expected, ordered, arrays_ordered) &&
      same_tables(only(got, order_by), only(expected, order_by), true, arrays_ordered))
    return {};
  return "got " + json_of(got).substr(0, 2000);
}

std::vector<CoverageCase> own_cases() {
  std::vector<CoverageCase> out;
  std::set<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(testing::source_root() / "tests/query/cases"))
    if (file.path().extension() == ".jsonl") files.insert(file.path());
  for (const std::filesystem::path& file : files) {
    doc::Sources sources;
    for (const doc::Value& one : lines_of(sources, file).rows) {
      if (one.find("error") != nullptr) continue;
      out.push_back(case_of(one, CaseOrigin::Own, judge_case(doc::to_json(one), nullptr)));
      out.back().id = file.stem().string() + ": " + out.back().id;
    }
  }
  return out;
}

std::vector<CoverageCase> corpus_cases(const std::filesystem::path& corpora) {
  std::vector<CoverageCase> out;
  add_corpus(corpora / "kql/emulator-results.jsonl", CaseOrigin::Documented,
             orders_of(corpora / "kql/docs-examples.jsonl"), out);
  for (const std::string_view name : {"answers.jsonl", "scenarios.jsonl"})
    add_corpus(corpora / "reports/kql" / name, CaseOrigin::Reported, {}, out);
  return out;
}

}  // namespace redoubt::query
