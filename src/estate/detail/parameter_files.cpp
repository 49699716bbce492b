#include "estate/detail/parameter_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "arm/expand.h"

namespace redoubt::estate::detail {

using doc::Value;

namespace {

namespace fs = std::filesystem;

/// Names that stand for the only or main template of a folder.
constexpr std::string_view kFolderNames[] = {"azuredeploy.parameters.json", "main.parameters.json"};

/// The first parameter of the file that the template does not declare; empty when it has all.
std::string_view undeclared(const Input& file, const Input& input) {
  const Value* values = arm::given_parameters(file.document.root);
  const Value* declared = input.document.root.find_any_case("parameters");
  for (const doc::Member& member : values == nullptr ? std::span<const doc::Member>() : values->members())
    if (declared == nullptr || declared->find_any_case(member.name) == nullptr) return member.name;
  return {};
}

std::string file_name(const std::string& path) { return fs::path(path).filename().string(); }

}  // namespace

ParameterFiles::ParameterFiles(doc::Sources& sources, std::deque<Input> met, const doc::JsonLimits& limits)
    : sources_(sources), limits_(limits), files_(std::move(met)), met_(files_.size()) {
  for (const Input& file : files_)
    by_path_.emplace(canonical_path(file.path), &file);
}

/// Null when it can't be read; the first time that is reported.
const Input* ParameterFiles::file_at(const std::string& path) {
  const auto [entry, is_new] = by_path_.try_emplace(canonical_path(path), nullptr);
  if (!is_new) return entry->second;
  Result<Reading<doc::Document>> read = doc::read_json_file(sources_, path, limits_);
  if (!read) {
    diagnostics_.push_back(to_diagnostic(read.error()));
    return nullptr;
  }
  std::move(read->diagnostics.begin(), read->diagnostics.end(), std::back_inserter(diagnostics_));
  files_.push_back({path, std::move(read->value)});
  return entry->second = &files_.back();
}

void ParameterFiles::give(const std::string& path, const std::vector<const Input*>& templates) {
  const Input* file = file_at(path);
  if (file == nullptr) return;
  if (arm::given_parameters(file->document.root) == nullptr) {
    diagnostics_.push_back({Severity::Error,
                            "EST0103",
                            "this is no parameter file",
                            {path, 0, 0, {}},
                            "a parameter file is {\"parameters\": {\"name\": {\"value\": ...}}}"});
    return;
  }
  given_ = file;
  for (const Input* input : templates)
    if (undeclared(*file, *input).empty() || templates.size() == 1) given_to_.push_back(input);
  if (!given_to_.empty()) return;
  const std::string_view lacking =
      templates.empty() ? std::string_view() : undeclared(*file, *templates.front());
  std::string message = "no template here declares all its parameters, the file is not used";
  if (!lacking.empty()) message += fmt::format(": {} has no {}", file_name(templates.front()->path), lacking);
  diagnostics_.push_back({Severity::Warning,
                          "EST0104",
                          std::move(message),
                          {path, 0, 0, {}},
                          "give the template it is for as the path to scan"});
}

const Input* ParameterFiles::find_for(const Input& input) {
  const bool given = std::find(given_to_.begin(), given_to_.end(), &input) != given_to_.end();
  const Input* file = given ? given_ : by_convention(input);
  if (file != nullptr) used_with_[file].push_back(file_name(input.path));
  return file;
}

const Input* ParameterFiles::by_convention(const Input& input) {
  const fs::path path(input.path);
  const auto file_beside = [&](const std::string& name) -> const Input* {
    const std::string candidate = (path.parent_path() / name).string();
    std::error_code error;
    if (!fs::is_regular_file(candidate, error)) return nullptr;
    const Input* file = file_at(candidate);
    return file != nullptr && arm::is_parameter_file(file->document.root) ? file : nullptr;
  };
  if (const Input* own = file_beside(path.stem().string() + ".parameters.json")) return own;
  for (const std::string_view name : kFolderNames) {
    const Input* file = file_beside(std::string(name));
    if (file != nullptr && undeclared(*file, input).empty()) return file;
  }
  return nullptr;
}

std::vector<Skipped> ParameterFiles::report() const {
  std::vector<Skipped> out;
  for (std::size_t i = 0; i < met_; ++i) {
    const auto used = used_with_.find(&files_[i]);
    if (used == used_with_.end()) {
      out.push_back({files_[i].path, "parameter file of no template here",
                     "name it like its template, NAME.parameters.json, or give it with --parameters"});
      continue;
    }
    const std::size_t others = used->second.size() - 1;
    out.push_back({files_[i].path,
                   fmt::format("parameter file, used with {}{}", used->second.front(),
                               others == 0 ? "" : fmt::format(" and {} more", others)),
                   {},
                   true});
  }
  return out;
}

}  // namespace redoubt::estate::detail
