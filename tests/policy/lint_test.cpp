#include <gtest/gtest.h>

#include <iterator>

#include "policy/built_in.h"
#include "policy/lint.h"
#include "policy_files.h"
#include "testing/cases.h"

namespace redoubt::policy {
namespace {

/// What lint says about every definition and initiative of the case's files.
std::string render(std::string_view input) {
  const testing::PolicyFiles files(input);
  doc::Sources sources;
  Library library;
  files.load(sources, library);
  const AliasCatalogue aliases(built_in_aliases());
  const TypeTable types = built_in_types();
  arm::Origins origins;
  const CompileOptions options{&aliases, &types, &origins, false, &sources};
  std::vector<Diagnostic> found = library.take_diagnostics();
  const auto add = [&](std::vector<Diagnostic> more) {
    std::move(more.begin(), more.end(), std::back_inserter(found));
  };
  for (const Definition& definition : library.definitions())
    add(lint(definition, options, sources));
  for (const Initiative& initiative : library.initiatives())
    add(lint(initiative, library, sources));
  return found.empty() ? "no finding" : files.text(std::move(found));
}

[[maybe_unused]] const bool registered =
    redoubt::testing::register_cases("PolicyLint", "tests/policy/cases/lint", render);

/// Codes and lines of what lint says about one definition.
std::string lint_text(std::string_view json) {
  doc::Sources sources;
  Reading<doc::Document> document = doc::read_json(sources, "policy.json", std::string(json)).value();
  const Definition definition = read_definition(document.value.root).value();
  const AliasCatalogue aliases(built_in_aliases());
  const TypeTable types = built_in_types();
  arm::Origins origins;
  std::string out;
  for (const Diagnostic& one : lint(definition, {&aliases, &types, &origins, false, &sources}, sources))
    out += one.code + " line " + std::to_string(one.where.line) + "\n";
  return out;
}

TEST(Lint, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(lint_text(R"({"mode":"All","policyRule":{
"if":{"field":"type",
"equal":"x"},"then":{"effect":"deny"}}})"),
            "POL0002 line 3\n");
  EXPECT_EQ(lint_text(R"({"mode":"All","policyRule":{"if":{"field":
"Microsoft.Storage/storageAccounts/supportsHttpsTrafficOnlyy","equals":"x"},"then":{"effect":"deny"}}})"),
            "POL0301 line 2\n");
  EXPECT_EQ(lint_text(R"({"mode":"All","parameters":{
"unused":{"type":"String"}},"policyRule":{"if":{"field":"name","equals":
"[parameters('other')]"},"then":{"effect":"deny"}}})"),
            "POL0101 line 3\nPOL0105 line 2\n");
  EXPECT_EQ(lint_text(R"({"mode":"All","parameters":{"effect":{"type":"String","allowedValues":["Audit"],
"defaultValue":"Deny"}},"policyRule":{"if":{"field":"name","equals":"x"},"then":{"effect":"[parameters('effect')]"}}})"),
            "POL0103 line 2\n");
  EXPECT_EQ(
      lint_text(R"({"mode":"All","policyRule":{"if":{"field":"name","equals":"x"},"then":{"effect":"modify",
"details":{"operations":[{"operation":"add","field":"tags.a","value":"b"}]}}}})"),
      "POL0104 line 2\n");
  EXPECT_EQ(
      lint_text(
          R"({"mode":"All","policyRule":{"if":{"field":"name","equals":"x"},"then":{"effect":"deny"}}})"),
      "");
}

}  // namespace
}  // namespace redoubt::policy
