#include <fmt/format.h>

#include <fstream>

#include "arm/unknown_json.h"
#include "core/text.h"
#include "doc/json.h"
#include "policy/alz_library.h"
#include "policy_files.h"
#include "testing/cases.h"

namespace redoubt::policy {
namespace {

using testing::PolicyFiles;

/// The files of a library and `steps.txt`: `load FOLDER`, `value NAME=VALUE`, `place NAME`.
std::string render(std::string_view input) {
  const PolicyFiles files(input);
  doc::Sources sources;
  Library definitions;
  arm::Origins origins;
  AlzLibrary alz(origins);
  estate::ScopeTree tree;
  AlzLibrary::Values values;
  std::string out;
  std::ifstream steps(files.path("steps.txt"));
  for (std::string line; std::getline(steps, line);) {
    if (line.starts_with("load ")) alz.load(sources, files.path(line.substr(5)), definitions);
    if (line.starts_with("value "))
      values[line.substr(6, line.find('=') - 6)] = line.substr(line.find('=') + 1);
    if (!line.starts_with("place")) continue;
    const Result<void> placed =
        alz.place(sources, line.size() > 6 ? line.substr(6) : std::string(), values, tree);
    if (!placed) out += fmt::format("{} {}\n", placed.error().code, placed.error().message);
  }
  for (const Diagnostic& one : tree.finish(sources))
    out += fmt::format("{} {}\n", one.code, one.message);
  for (const estate::ScopeNode& node : tree.nodes())
    out += fmt::format("group {} in {}: {}\n", node.name,
                       node.parent.empty() ? "/" : estate::management_group_name(node.parent),
                       node.display_name);
  for (const Assignment& one : alz.assignments())
    out += fmt::format("{}\n  of {}\n  {} {}\n", one.id, one.definition_id,
                       one.enforced ? "enforced" : "not enforced", arm::to_json(one.parameters, origins));
  for (const Definition& one : definitions.definitions())
    out += fmt::format("definition {}\n", one.name);
  return out + files.text(alz.take_diagnostics());
}

[[maybe_unused]] const bool registered =
    redoubt::testing::register_cases("AlzLibrary", "tests/policy/cases/alz", render);

}  // namespace
}  // namespace redoubt::policy
