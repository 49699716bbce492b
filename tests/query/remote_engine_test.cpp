#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "answer_case.h"
#include "core/text.h"
#include "front.h"
#include "store/remote.h"
#include "testing/paths.h"

// The cases of cases/*.jsonl once more, through the client of a ClickHouse server: so many of each file as it
// has of all, evenly taken; all of them with REDOUBT_WHOLE_CORPUS=1 (make corpora).

namespace redoubt::query {
namespace {

constexpr std::size_t kCases = 100;

bool is_whole() {
  const char* const whole = std::getenv("REDOUBT_WHOLE_CORPUS");
  return whole != nullptr && std::string_view(whole) == "1";
}

/// Lines by file.
std::map<std::string, std::vector<std::string>> all_cases() {
  std::map<std::string, std::vector<std::string>> out;
  for (const auto& file : std::filesystem::directory_iterator(testing::source_root() / "tests/query/cases")) {
    if (file.path().extension() != ".jsonl") continue;
    const std::string text = testing::read_file(file.path());
    for (const std::string_view line : split(text, '\n'))
      if (!trim(line).empty()) out[file.path().stem().string()].emplace_back(line);
  }
  return out;
}

std::vector<std::string> chosen_cases() {
  const std::map<std::string, std::vector<std::string>> files = all_cases();
  std::size_t all = 0;
  for (const auto& [name, lines] : files)
    all += lines.size();
  std::vector<std::string> out;
  for (const auto& [name, lines] : files) {
    const std::size_t share =
        is_whole() ? lines.size() : std::max<std::size_t>(1, (lines.size() * kCases + all - 1) / all);
    for (std::size_t i = 0; i < share; ++i)
      out.push_back(lines[i * lines.size() / share]);
  }
  return out;
}

TEST(CorpusRemoteEngine, GivesTheAnswersOfCases) {
  // Says so where the engine is not here.
  if (test_engine() == nullptr) return;
  const auto front = front::ClickHouseFront::open({});
  ASSERT_TRUE(front) << front.error().text();
  const auto engine = store::RemoteEngine::open(*store::remote_options((*front)->url()));
  ASSERT_TRUE(engine) << engine.error().text();
  const std::vector<std::string> cases = chosen_cases();
  for (const std::string& line : cases) {
    const std::string wrong = judge_case(line, engine->get());
    EXPECT_TRUE(wrong.empty()) << line.substr(0, 300) << "\n" << wrong;
  }
  std::cout << cases.size() << " cases, " << (*front)->requests().size() << " requests\n";
  EXPECT_GE(cases.size(), kCases);
  EXPECT_GE((*front)->requests().size(), cases.size() / 2);
}

}  // namespace
}  // namespace redoubt::query
