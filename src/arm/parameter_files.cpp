#include "arm/parameter_files.h"

#include <filesystem>
#include <span>

#include "arm/expand.h"

namespace redoubt::arm {

using doc::Value;

namespace {

namespace fs = std::filesystem;

/// Names that stand for the only or main template of a folder.
constexpr std::string_view kFolderNames[] = {"azuredeploy.parameters.json", "main.parameters.json"};

}  // namespace

std::string_view undeclared_parameter(const Value& file, const Value& template_root) {
  const Value* const values = given_parameters(file);
  const Value* const declared = template_root.find_any_case("parameters");
  for (const doc::Member& member : values == nullptr ? std::span<const doc::Member>() : values->members())
    if (declared == nullptr || declared->find_any_case(member.name) == nullptr) return member.name;
  return {};
}

std::optional<std::string> find_parameter_file(
    const std::string& template_path, const Value& template_root,
    const std::function<const Value*(const std::string& path)>& root_at) {
  const fs::path path(template_path);
  const auto file_beside = [&](std::string_view name, bool own) -> std::optional<std::string> {
    const std::string candidate = (path.parent_path() / name).string();
    std::error_code error;
    if (!fs::is_regular_file(candidate, error)) return std::nullopt;
    const Value* const root = root_at(candidate);
    if (root == nullptr || !is_parameter_file(*root)) return std::nullopt;
    if (!own && !undeclared_parameter(*root, template_root).empty()) return std::nullopt;
    return candidate;
  };
  if (auto own = file_beside(path.stem().string() + ".parameters.json", true)) return own;
  for (const std::string_view name : kFolderNames)
    if (auto shared = file_beside(name, false)) return shared;
  return std::nullopt;
}

}  // namespace redoubt::arm
