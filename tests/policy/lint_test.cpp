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

}  // namespace
}  // namespace redoubt::policy
