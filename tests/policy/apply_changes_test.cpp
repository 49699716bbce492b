#include "policy/apply_changes.h"

#include <fmt/format.h>

#include "doc/json.h"
#include "testing/cases.h"

namespace redoubt::policy {
namespace {

/// `{id, body, changes: [{path, after?}], result}`: a change without `after` removes.
std::string run(std::string_view line) {
  Arena arena;
  const Result<doc::Value> row = doc::parse_json(arena, line);
  if (!row) return row.error().text();
  std::vector<Change> changes;
  for (const doc::Value& one : row->find("changes")->items()) {
    Change change{"", std::string(*one.text_of("path")), std::nullopt, std::nullopt};
    if (const doc::Value* after = one.find("after")) change.after = *after;
    changes.push_back(std::move(change));
  }
  const doc::Value& body = *row->find("body");
  const std::string before = doc::to_json(body);
  const std::string found = doc::to_json(apply(body, changes, arena));
  if (doc::to_json(body) != before) return "the body itself was changed";
  const std::string wanted = doc::to_json(*row->find("result"));
  return found == wanted ? std::string() : fmt::format("found {}\nwanted {}", found, wanted);
}

[[maybe_unused]] const bool registered =
    redoubt::testing::register_json_cases("ApplyChanges", "tests/policy/cases/apply_changes", run);

}  // namespace
}  // namespace redoubt::policy
