#include <fmt/format.h>

#include "doc/json.h"
#include "posture/detail/conflicts.h"
#include "testing/cases.h"

namespace redoubt::posture {
namespace {

std::vector<policy::Change> changes_of(const doc::Value& list) {
  std::vector<policy::Change> out;
  for (const doc::Value& one : list.items()) {
    policy::Change change{"", std::string(*one.text_of("path")), std::nullopt, std::nullopt};
    if (const doc::Value* before = one.find("before")) change.before = *before;
    if (const doc::Value* after = one.find("after")) change.after = *after;
    out.push_back(std::move(change));
  }
  return out;
}

/// `{id, wanted: [{denies?, changes: [{path, before?, after?}]}], settled: ["applies", "gives way to 1 over
/// a", "denied by 0 over a"]}`.
std::string run(std::string_view line) {
  Arena arena;
  const Result<doc::Value> row = doc::parse_json(arena, line);
  if (!row) return row.error().text();
  std::vector<std::vector<policy::Change>> changes;
  std::vector<Wanted> wanted;
  const std::span<const doc::Value> list = row->find("wanted")->items();
  changes.reserve(list.size());
  for (const doc::Value& one : list)
    changes.push_back(changes_of(*one.find("changes")));
  wanted.reserve(list.size());
  for (std::size_t i = 0; i < list.size(); ++i)
    wanted.push_back({&changes[i], list[i].find("denies") != nullptr});
  std::string found;
  for (const Settled& one : settle_conflicts(wanted)) {
    if (!found.empty()) found += ", ";
    if (one.what == Settled::What::Applies)
      found += "applies";
    else
      found += fmt::format("{} {} over {}", one.what == Settled::What::Denied ? "denied by" : "gives way to",
                           one.other, one.path);
  }
  const std::string_view expected = *row->text_of("settled");
  return found == expected ? std::string() : fmt::format("found {}\nwanted {}", found, expected);
}

[[maybe_unused]] const bool registered =
    redoubt::testing::register_json_cases("Conflicts", "tests/posture/cases/conflicts", run);

}  // namespace
}  // namespace redoubt::posture
