#pragma once

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "doc/sources.h"
#include "estate/detail/inputs.h"

namespace redoubt::estate::detail {

/// Parameter files and the templates they belong to.
class ParameterFiles {
 public:
  /// Takes over the files met so far; others are read when a template asks for them.
  ParameterFiles(doc::Sources& sources, std::deque<Input> met, const doc::JsonLimits& limits);

  /// The file the user named.
  /// Diagnostics: EST0103 it is no parameter file, EST0104 no template has all its parameters; then it is not
  /// used.
  void give(const std::string& path, const std::vector<const Input*>& templates);

  /// The file for a template: the given one if it fits, else by convention; null when there is none.
  const Input* find_for(const Input& input);

  /// The files met, with what they were used for.
  std::vector<Skipped> report() const;
  std::vector<Diagnostic> take_diagnostics() { return std::move(diagnostics_); }
  /// The documents, which expansions refer into.
  std::deque<Input> take() { return std::move(files_); }

 private:
  const Input* file_at(const std::string& path);
  const Input* by_convention(const Input& input);

  doc::Sources& sources_;
  doc::JsonLimits limits_;
  std::deque<Input> files_;
  std::size_t met_ = 0;                                    // the first files_ were met, the rest asked for
  std::unordered_map<std::string, const Input*> by_path_;  // canonical; null: it can't be read
  std::unordered_map<const Input*, std::vector<std::string>> used_with_;
  const Input* given_ = nullptr;
  std::vector<const Input*> given_to_;
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace redoubt::estate::detail
