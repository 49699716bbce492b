#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "answer_case.h"
#include "core/text.h"
#include "testing/cases.h"
#include "testing/paths.h"

// A line of cases/*.jsonl is a query and its answer:
//   {"id", "query", "tables"?, "now"?, "parameters"?: {name: text}, "span"?: [from, to],
//    "columns": [[name, type]], "rows": [[...]], "ordered"?, "visualization"?: {property: text}}
// or {"id", "query", "error": "QRY0001"}. With "results": [{columns, rows}] the query gives several tables.
// Rows without "ordered" may come in any order. Each case is run in memory, and all of them once more through
// the engine, where elements of arrays may come in any order; "only_memory" says why one is not.

namespace redoubt::query {
namespace {

[[maybe_unused]] const bool registered = testing::register_json_cases(
    "Query", "tests/query/cases", [](std::string_view line) { return judge_case(line, nullptr); });

TEST(QueryEngine, GivesTheAnswersOfAllCases) {
  const std::unique_ptr<store::EmbeddedEngine> engine = test_engine();
  if (engine == nullptr) return;
  std::size_t all = 0;
  for (const auto& file : std::filesystem::directory_iterator(testing::source_root() / "tests/query/cases")) {
    if (file.path().extension() != ".jsonl") continue;
    const std::string text = testing::read_file(file.path());
    for (const std::string_view line : split(text, '\n')) {
      if (trim(line).empty()) continue;
      ++all;
      const std::string wrong = judge_case(line, engine.get());
      EXPECT_TRUE(wrong.empty()) << line.substr(0, 300) << "\n" << wrong;
    }
  }
  EXPECT_GT(all, 3u);
}

}  // namespace
}  // namespace redoubt::query
