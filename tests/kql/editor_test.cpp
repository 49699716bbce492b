#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "kql/completion.h"
#include "kql/hover.h"
#include "testing/cases.h"

namespace redoubt::kql {
namespace {

constexpr std::string_view kMark = "§";

/// The tables that the cases know.
const Schemas& schemas() {
  static const Schemas made = [] {
    Schemas out;
    out.add_table("SigninLogs", {{"TimeGenerated", Type::DateTime},
                                 {"UserPrincipalName", Type::String},
                                 {"IPAddress", Type::String},
                                 {"Location", Type::String},
                                 {"LocationDetails", Type::Dynamic},
                                 {"ResultType", Type::String},
                                 {"odd name", Type::Long}});
    out.add_table("AzureActivity", {{"TimeGenerated", Type::DateTime},
                                    {"Caller", Type::String},
                                    {"IPAddress", Type::String},
                                    {"Properties", Type::Dynamic},
                                    {"Count", Type::Long}});
    out.add_table("Audit_CL", {{"TimeGenerated", Type::DateTime}, {"Text_s", Type::String}});
    return out;
  }();
  return made;
}

/// Without tables when the first line says so.
struct Input {
  std::string text;
  std::uint32_t position = 0;
  bool tables = true;
};

Input read(std::string_view input) {
  Input out;
  constexpr std::string_view kNone = "// no tables\n";
  if (input.starts_with(kNone)) {
    out.tables = false;
    input.remove_prefix(kNone.size());
  }
  const std::size_t mark = input.find(kMark);
  out.position = static_cast<std::uint32_t>(std::min(mark, input.size()));
  out.text = input;
  if (mark != std::string_view::npos) out.text.erase(mark, kMark.size());
  return out;
}

std::string render_completion(std::string_view input) {
  static const Schemas none;
  const Input read_input = read(input);
  const Completion answer =
      complete(read_input.text, read_input.position, read_input.tables ? schemas() : none);
  std::string out =
      fmt::format("replaces \"{}\"\n", read_input.text.substr(answer.begin, answer.end - answer.begin));
  constexpr std::size_t kShown = 14;
  for (std::size_t i = 0; i < answer.items.size() && i < kShown; ++i) {
    const CompletionItem& item = answer.items[i];
    out += fmt::format("{} {}{}{}{}\n", name_of(item.kind), item.label,
                       item.insert == item.label ? "" : " -> ", item.insert == item.label ? "" : item.insert,
                       item.detail.empty() ? "" : fmt::format("  ({})", item.detail));
  }
  if (answer.items.size() > kShown) out += "... more\n";
  return out;
}

std::string render_hover(std::string_view input) {
  static const Schemas none;
  const Input read_input = read(input);
  const Hover answer = hover(read_input.text, read_input.position, read_input.tables ? schemas() : none);
  if (answer.text.empty()) return "nothing\n";
  return fmt::format("\"{}\"\n{}\n", read_input.text.substr(answer.begin, answer.end - answer.begin),
                     answer.text);
}

[[maybe_unused]] const bool completions =
    testing::register_cases("KqlCompletion", "tests/kql/cases/completion", render_completion);
[[maybe_unused]] const bool hovers =
    testing::register_cases("KqlHover", "tests/kql/cases/hover", render_hover);

TEST(KqlEditor, AnswersAtEveryByteOfAText) {
  const std::string text =
      "let n = 5; let f = (x: long) { print y = x };\n// a comment\nSigninLogs | where TimeGenerated > "
      "ago(1d) and "
      "IPAddress in~ ('a', \"b\") | join kind=inner (AzureActivity | project-away Caller) on $left.IPAddress "
      "== "
      "$right.IPAddress | summarize make_set(Location, 5), c = count() by bin(TimeGenerated, 1h) | evaluate "
      "bag_unpack(x) | render timechart with (title='a') | mv-apply a = b on (where 1 == 1)";
  for (std::uint32_t position = 0; position <= text.size(); ++position) {
    for (const std::string& one : {text, text.substr(0, position)}) {
      const Completion completion = complete(one, position, schemas());
      EXPECT_LE(completion.begin, position);
      EXPECT_GE(completion.end, position);
      EXPECT_LE(completion.end, one.size());
      const Hover said = hover(one, position, schemas());
      EXPECT_LE(said.begin, position);
      EXPECT_GE(said.end, position);
    }
  }
}

TEST(KqlEditor, HostileTextsAreAnswered) {
  std::string deep = "T | where ";
  std::string pipes = "SigninLogs";
  std::string lets;
  for (int i = 0; i < 100'000; ++i)
    deep += '(';
  for (int i = 0; i < 20'000; ++i)
    pipes += " | where IPAddress has 'x'";
  for (int i = 0; i < 20'000; ++i)
    lets += fmt::format("let v{} = {};", i, i);
  const std::string closed = deep + "1" + std::string(100'000, ')');
  for (const std::string& text :
       {deep, closed, pipes + " | where ", lets, std::string("\xff\xfe'|\0{", 6), std::string(100'000, '\''),
        std::string(300'000, '|'), std::string("T | where a == \"")}) {
    const auto end = static_cast<std::uint32_t>(text.size());
    EXPECT_LE(complete(text, end, schemas()).end, end);
    EXPECT_LE(hover(text, end, schemas()).end, end);
    complete(text, end / 2, schemas());
    complete(text, end + 100, schemas());
    hover(text, end + 100, schemas());
  }
}

}  // namespace
}  // namespace redoubt::kql
