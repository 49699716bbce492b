#include "cli/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <vector>

#include "arm/expression.h"
#include "arm/function.h"
#include "core/text.h"
#include "policy/built_in.h"
#include "policy/operators.h"
#include "policy/vocabulary.h"

namespace redoubt::cli {

namespace {

constexpr std::string_view kIntroduction =
    "<!-- made by `redoubt docs coverage`; change the tables in src/arm and src/policy instead -->\n"
    "# Coverage\n\n"
    "What Redoubt knows of the ARM template language and of the Azure Policy language, written from the "
    "tables the engine runs on.\n\n"
    "`evaluated` and `judged`: the answer is that of the documentation. `unknown`: the answer lies outside "
    "of what templates and inventories hold, so it is an unknown value or verdict with its reason. "
    "`notApplicable`: nothing to judge. A function or operator that is not listed is an error with its "
    "place, never a guess.\n";

/// Parts of the language that are no calls of a table.
constexpr policy::Word kSyntax[] = {
    {"x.name, x['name'], x[0]", "evaluated",
     "a property in any case, an element; an error when it is not there"},
    {"x.?name, x[?0]", "evaluated", "the same; null when it is not there"},
    {"namespace.name(...)", "evaluated", "a function of the template's own"},
    {"list*(...)", "unknown", "keys and secrets of a resource: secret"},
    {"[[text]", "evaluated", "text that begins with a bracket"},
};

struct CallRow {
  std::string_view name;
  std::uint8_t least;
  std::uint8_t most;
  arm::Language language;
  std::string_view summary;
};

std::vector<CallRow> calls() {
  std::vector<CallRow> rows;
  for (const arm::FormRow& form : arm::forms())
    rows.push_back({form.name, form.least, form.most, form.language, form.summary});
  for (const std::span<const arm::Function> table :
       {arm::text_functions(), arm::collection_functions(), arm::number_functions(), arm::date_functions(),
        arm::network_functions(), arm::hash_functions()})
    for (const arm::Function& one : table)
      rows.push_back({one.name, one.least, one.most, one.language, one.summary});
  std::sort(rows.begin(), rows.end(), [](const CallRow& left, const CallRow& right) {
    return compare_ignore_case(left.name, right.name) < 0;
  });
  return rows;
}

std::string arity(const CallRow& row) {
  if (row.most == arm::kAnyCount) return fmt::format("{} or more", row.least);
  return row.least == row.most ? fmt::format("{}", row.least) : fmt::format("{} to {}", row.least, row.most);
}

std::string_view languages(arm::Language language) {
  if (language == arm::Language::Both) return "templates, policies";
  return language == arm::Language::Arm ? "templates" : "policies";
}

std::string cell(std::string_view text) { return replace_all(text, "|", "\\|"); }

std::string call_table() {
  const std::vector<CallRow> rows = calls();
  std::string out = fmt::format("\n## Functions\n\n{} functions.\n\n", rows.size());
  out += "| function | arguments | in | status | what |\n| --- | --- | --- | --- | --- |\n";
  for (const CallRow& row : rows) {
    // The tables say so in their summaries: `always unknown`, `unknown, different at every call`.
    const bool open = row.summary.find("always unknown") != std::string_view::npos ||
                      row.summary.find(": unknown") != std::string_view::npos;
    out += fmt::format("| `{}` | {} | {} | {} | {} |\n", row.name, arity(row), languages(row.language),
                       open ? "unknown" : "evaluated", cell(row.summary));
  }
  return out;
}

std::string word_table(std::string_view title, std::string_view column, std::span<const policy::Word> words) {
  std::string out = fmt::format("\n## {}\n\n| {} | status | what |\n| --- | --- | --- |\n", title, column);
  for (const policy::Word& word : words)
    out += fmt::format("| `{}` | {} | {} |\n", word.name, word.status, cell(word.summary));
  return out;
}

std::string operator_table() {
  std::vector<policy::Word> words;
  for (const policy::OperatorRow& row : policy::operators())
    words.push_back({row.name, "judged", row.summary});
  return word_table("Operators of conditions", "operator", words);
}

}  // namespace

std::string coverage_reference() {
  std::string out(kIntroduction);
  out += call_table();
  out += word_table("Expression syntax", "form", kSyntax);
  out += word_table("Conditions", "word", policy::condition_words());
  out += operator_table();
  out += word_table("Fields", "field", policy::field_words());
  out += word_table("Effects", "effect", policy::effect_words());
  out += word_table("Modes", "mode", policy::mode_words());
  out += fmt::format(
      "\n"
      "## Aliases and types\n\n"
      "The program holds {} aliases with their paths and {} resource types with their newest api version. "
      "`--aliases FILE` adds newer ones.\n",
      policy::built_in_aliases().size(), policy::built_in_types().size());
  return out;
}

}  // namespace redoubt::cli
