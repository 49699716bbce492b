#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "content/detail/gather.h"
#include "core/text.h"

namespace redoubt::content::detail {

namespace {

constexpr std::string_view kMetadata = "alz_library_metadata.json";
constexpr std::string_view kDefaults = "alz_policy_default_values.json";
// What makes a folder a library, and what else belongs to one.
constexpr std::array kAlzParts = {
    std::string_view(".alz_architecture_definition.json"), std::string_view(".alz_archetype_definition.json"),
    std::string_view(".alz_archetype_override.json"), std::string_view(".alz_policy_assignment.json")};
constexpr std::array kAlzPolicies = {std::string_view(".alz_policy_definition.json"),
                                     std::string_view(".alz_policy_set_definition.json")};
constexpr std::array kBuiltIns = {std::string_view("built-in-policies/policyDefinitions/"),
                                  std::string_view("built-in-policies/policySetDefinitions/")};

template <std::size_t N>
bool ends_with_one(std::string_view path, const std::array<std::string_view, N>& endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return path.ends_with(ending); });
}

bool is_file(std::string_view path, std::string_view name) {
  return path.substr(path.rfind('/') + 1) == name;
}

bool is_built_in(const std::string& path) {
  return std::any_of(kBuiltIns.begin(), kBuiltIns.end(), [&](std::string_view folder) {
    const std::size_t at = path.find(folder);
    return at == 0 || (at != std::string::npos && path[at - 1] == '/');
  });
}

bool is_other_cloud(std::string_view path) {
  const std::vector<std::string_view> parts = split(path, '/');
  return std::find(parts.begin(), parts.end(), "Azure Government") != parts.end();
}

bool is_below(std::string_view path, std::string_view folder) {
  return folder == "." || (path.starts_with(folder) && path.substr(folder.size()).starts_with('/'));
}

std::vector<std::string> libraries_of(const std::vector<std::string>& paths) {
  std::vector<std::string> out;
  bool any = false;
  for (const std::string& path : paths) {
    any = any || ends_with_one(path, kAlzParts);
    if (!is_file(path, kMetadata)) continue;
    const std::size_t slash = path.rfind('/');
    out.push_back(slash == std::string::npos ? "." : path.substr(0, slash));
  }
  if (!any) return {};
  if (out.empty()) out.emplace_back(".");
  return out;
}

}  // namespace

Choice choose(const std::vector<std::string>& paths) {
  Choice out;
  out.alz_libraries = libraries_of(paths);
  const bool built_ins = std::any_of(paths.begin(), paths.end(), is_built_in);
  for (const std::string& path : paths) {
    bool taken = !is_other_cloud(path);
    if (out.is_alz())
      taken = (ends_with_one(path, kAlzParts) || ends_with_one(path, kAlzPolicies) ||
               is_file(path, kMetadata) || is_file(path, kDefaults)) &&
              std::any_of(out.alz_libraries.begin(), out.alz_libraries.end(),
                          [&](const std::string& library) { return is_below(path, library); });
    else if (built_ins)
      taken = taken && is_built_in(path);
    if (taken)
      out.taken.push_back(path);
    else
      ++out.passed_over;
  }
  return out;
}

namespace {

/// One file into what was gathered.
void take(const std::string& path, const std::string& name, std::string content, Gathered& out) {
  if (out.choice.is_alz()) out.alz_files.emplace_back(path, content);
  if (out.choice.is_alz() && !ends_with_one(path, kAlzPolicies)) return;
  out.library.read(out.sources, name, std::move(content));
  bool unread = false;
  for (Diagnostic& diagnostic : out.library.take_diagnostics()) {
    if (diagnostic.code == "POL0201") {
      ++out.choice.passed_over;
      continue;
    }
    unread = unread || diagnostic.severity == Severity::Error;
    out.diagnostics.push_back(std::move(diagnostic));
  }
  if (unread) ++out.unread;
}

}  // namespace

Result<void> gather(Tree& tree, const std::string& place, const ProgressCallback& progress, Gathered& out) {
  const std::vector<std::string> paths = RD_TRY(tree.paths());
  out.choice = choose(paths);
  const std::vector<std::string>& taken = out.choice.taken;
  std::uint64_t done = 0;
  RD_TRY(
      tree.visit([&](std::string_view path) { return std::binary_search(taken.begin(), taken.end(), path); },
                 [&](const std::string& path, std::string content) -> Result<void> {
                   if (progress) progress({"reading", ++done, taken.size()});
                   take(path, tree.name_of(path), std::move(content), out);
                   return {};
                 }));
  for (Diagnostic& diagnostic : tree.take_diagnostics())
    out.diagnostics.push_back(std::move(diagnostic));
  out.choice.passed_over += out.library.assignments().size() + out.library.exemptions().size();
  if (!out.choice.is_alz() && out.library.definitions().empty() && out.library.initiatives().empty()) {
    const std::string first = out.diagnostics.empty() ? std::string() : "; " + out.diagnostics.front().text();
    return fail(Error::Kind::InvalidInput, "CON0003",
                fmt::format("none of {} JSON files holds a policy definition or an initiative{}",
                            paths.size(), first),
                Where{place, 0, 0, {}},
                "give policy JSON, a clone of Azure/azure-policy, or an Azure Landing Zones library");
  }
  return {};
}

}  // namespace redoubt::content::detail
