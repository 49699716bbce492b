#include "estate/detail/parameter_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "arm/expand.h"
#include "arm/parameter_files.h"

namespace redoubt::estate::detail {

namespace {

namespace fs = std::filesystem;

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
    if (arm::undeclared_parameter(file->document.root, input->document.root).empty() || templates.size() == 1)
      given_to_.push_back(input);
  if (!given_to_.empty()) return;
  const std::string_view lacking =
      templates.empty() ? std::string_view()
                        : arm::undeclared_parameter(file->document.root, templates.front()->document.root);
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
  const auto root_at = [&](const std::string& path) {
    const Input* const file = file_at(path);
    return file == nullptr ? nullptr : &file->document.root;
  };
  const std::optional<std::string> path = arm::find_parameter_file(input.path, input.document.root, root_at);
  return path ? file_at(*path) : nullptr;
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
