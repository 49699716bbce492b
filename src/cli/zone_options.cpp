#include "cli/zone_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/data_option.h"

namespace redoubt::cli {

std::vector<Option> zone_options() {
  return {
      data_option(),
      {.flags = "--zone", .value = "FILE", .text = "the zone file: tree, assignments, exemptions, owners"},
      {.flags = "--alz",
       .value = "DIR",
       .text = "an Azure Landing Zones library: tree, archetypes and what they assign",
       .repeatable = true},
      {.flags = "--architecture",
       .value = "NAME",
       .text = "which architecture of the libraries, where they have several"},
      {.flags = "--value",
       .value = "NAME=VALUE",
       .text = "a value that the library leaves open, such as default_location=swedencentral",
       .repeatable = true},
      {.flags = "--policy",
       .value = "FILE|DIR",
       .text = "definitions and initiatives that are assigned",
       .repeatable = true},
      {.flags = "--assign",
       .value = "FILE|DIR",
       .text = "assignments and exemptions, and definitions beside them; the library then gives the tree "
               "only",
       .repeatable = true}};
}

Result<posture::ZoneFile> read_zone(const std::string& path, doc::Sources& sources,
                                    std::vector<Diagnostic>& diagnostics, bool need_sources) {
  if (path.empty()) return posture::ZoneFile();
  Result<Reading<posture::ZoneFile>> file = posture::read_zone_file(sources, path);
  if (!file)
    return fail(Error::Kind::Usage, file.error().code, file.error().message, file.error().where,
                file.error().hint);
  for (Diagnostic& diagnostic : file->diagnostics)
    diagnostics.push_back(std::move(diagnostic));
  if (need_sources)
    for (const Diagnostic& missing : file->value.missing_sources(sources))
      return fail(Error::Kind::Usage, missing.code, missing.message, missing.where, missing.hint);
  return std::move(file->value);
}

Result<std::string> zone_file_of(const Arguments& arguments) {
  const std::string& named = arguments.text("FILE");
  const std::string& option = arguments.text("--zone");
  if (!named.empty() && !option.empty())
    return fail(Error::Kind::Usage, "CLI0051",
                fmt::format("the zone file is named twice: {}, and --zone {}", named, option), {},
                "leave one of them out");
  return named.empty() ? option : named;
}

Result<posture::ZoneSources> zone_sources(const Arguments& arguments, const posture::ZoneFile& file) {
  posture::ZoneSources out = file.sources;
  out.data = data_directory(arguments);
  const auto add = [&](std::string_view option, std::vector<std::string>& to) {
    const std::span<const std::string> values = arguments.values(option);
    to.insert(to.end(), values.begin(), values.end());
  };
  add("--alz", out.alz);
  add("--policy", out.policies);
  add("--assign", out.assignments);
  out.library_assigns = !arguments.given("--assign");
  if (arguments.given("--architecture")) out.architecture = arguments.text("--architecture");
  for (const std::string& given : arguments.values("--value")) {
    const std::size_t equals = given.find('=');
    if (equals == std::string::npos || equals == 0)
      return fail(Error::Kind::Usage, "CLI0041", fmt::format("--value is not name=value: {}", given), {},
                  "write it as default_location=swedencentral");
    out.values[given.substr(0, equals)] = given.substr(equals + 1);
  }
  return out;
}

Result<std::vector<estate::Placement>> placements_of(const posture::ZoneFile& file,
                                                     const estate::ScopeTree& tree,
                                                     const arm::ExpandOptions& base,
                                                     const doc::Sources& sources) {
  std::vector<estate::Placement> out;
  for (const posture::ZoneTemplates& one : file.templates) {
    estate::Placement placement{one.path, base};
    if (!one.scope.empty()) {
      const estate::ScopeNode* node = tree.find(one.scope);
      placement.expand.scope = arm::Scope::parse(node == nullptr ? one.scope : node->id);
      if (!placement.expand.scope)
        return fail(Error::Kind::Usage, "CLI0020",
                    fmt::format("templates lie at a scope that is not in the tree: {}", one.scope),
                    sources.where(one.place), "name a subscription of the tree, or give an id");
    }
    if (!one.location.empty() || !file.location.empty())
      placement.expand.location = one.location.empty() ? file.location : one.location;
    if (!file.tenant.empty()) placement.expand.tenant = file.tenant;
    out.push_back(std::move(placement));
  }
  return out;
}

Result<const estate::ScopeNode*> find_scope(const estate::ScopeTree& tree, std::string_view name) {
  if (const estate::ScopeNode* node = tree.find(name)) return node;
  static constexpr std::size_t kShown = 20;
  std::string names;
  for (std::size_t i = 0; i < std::min(kShown, tree.nodes().size()); ++i)
    names += (names.empty() ? "" : ", ") + tree.nodes()[i].name;
  if (tree.nodes().size() > kShown) names += " ...";
  return fail(Error::Kind::Usage, "CLI0040", fmt::format("no scope of the tree is called {}", name), {},
              names.empty() ? "give a tree with --zone or --alz, or keep a library with `redoubt content add`"
                            : "its scopes: " + names);
}

}  // namespace redoubt::cli
