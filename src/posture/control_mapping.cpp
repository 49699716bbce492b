#include "posture/control_mapping.h"

#include <fmt/format.h>

#include "core/embedded.h"
#include "core/text.h"
#include "doc/yaml.h"
#include "posture/detail/entry_reader.h"

extern "C" const redoubt::EmbeddedFile control_mappings_begin[], control_mappings_end[];

namespace redoubt::posture {

using detail::EntryReader;
using doc::Value;

namespace {

constexpr std::string_view kSchema = "redoubt.mapping/1";
constexpr std::string_view kOurs = "redoubt";

void read_checks(EntryReader& reader, const Value& entry, const std::string& why,
                 std::vector<MappedCheck>& out) {
  const Value* checks = entry.find("checks");
  if (checks == nullptr || !checks->is_array() || checks->items().empty())
    return reader.tell("POS0064", "an entry has no checks", checks == nullptr ? entry : *checks,
                       "list names of definitions");
  for (const Value& check : checks->items()) {
    if (!check.is_string() || trim(check.as_string()).empty()) {
      reader.tell("POS0061",
                  fmt::format("a check is the name of a definition, not {}", doc::name_of(check.kind())),
                  check);
      continue;
    }
    out.push_back({std::string(trim(check.as_string())), why, reader.where(check)});
  }
}

}  // namespace

Reading<ControlMapping> read_mapping(const Value& root, const doc::Sources& sources,
                                     const Frameworks& frameworks, std::string source) {
  Reading<ControlMapping> out;
  out.value.source = std::move(source);
  EntryReader reader(frameworks, sources, out.diagnostics);
  const Value* entries = reader.entries(root, kSchema, "controls", {"schema", "framework", "controls"});
  if (!root.is_object()) return out;
  const std::optional<std::size_t> framework = reader.framework(root);
  if (!framework || entries == nullptr) return out;
  out.value.framework = *framework;
  for (const Value& entry : entries->items()) {
    if (!reader.has_form(entry, "an entry", {"control", "why", "checks"}) && !entry.is_object()) continue;
    const std::optional<std::size_t> control = reader.control(entry, frameworks.all()[*framework]);
    const std::string why = reader.needed(entry, "why", "say in one line what a failing check means here");
    std::vector<MappedCheck> checks;
    read_checks(reader, entry, why, checks);
    if (!control) continue;
    std::vector<MappedCheck>& of = out.value.controls[*control];
    of.insert(of.end(), checks.begin(), checks.end());
  }
  return out;
}

std::vector<ControlMapping> built_in_mappings(const Frameworks& frameworks) {
  std::vector<ControlMapping> out;
  for (const EmbeddedFile* file = control_mappings_begin; file != control_mappings_end; ++file) {
    doc::Sources sources;
    const Result<Reading<doc::Document>> document =
        doc::read_yaml(sources, std::string(file->path()), std::string(file->content()));
    RD_CHECK(document.has_value());
    Reading<ControlMapping> mapping =
        read_mapping(document->value.root, sources, frameworks, std::string(kOurs));
    RD_CHECK(mapping.diagnostics.empty());
    out.push_back(std::move(mapping.value));
  }
  return out;
}

}  // namespace redoubt::posture
