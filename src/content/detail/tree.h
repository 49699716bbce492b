#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "files/archive.h"

namespace redoubt::content::detail {

/// The JSON files of a source: a folder, one file, or an archive.
class Tree {
 public:
  virtual ~Tree() = default;

  /// Paths of all .json and .jsonl files, relative, sorted.
  virtual Result<std::vector<std::string>> paths() = 0;
  /// Hands over the contents of those that are wanted.
  virtual Result<void> visit(const files::WantedFile& wanted, const files::TakeFile& take) = 0;
  /// How messages call a file.
  virtual std::string name_of(const std::string& path) const = 0;

  /// Hash of an archive; empty for others.
  const std::string& sha256() const { return sha256_; }
  /// The one folder that an archive's files lie in; empty where there is none.
  const std::string& top() const { return top_; }
  std::vector<Diagnostic> take_diagnostics() { return std::move(diagnostics_); }

 protected:
  std::string sha256_;
  std::string top_;
  std::vector<Diagnostic> diagnostics_;
};

/// `archive`: the file is one, whatever its name. `kept`: a folder that is left out, the one that content is
/// kept in, where it lies in the path. CON0002 (Usage) when the path can't be read or is no JSON
/// and no archive.
Result<std::unique_ptr<Tree>> open_tree(const std::string& path, bool archive,
                                        const files::ArchiveLimits& limits, const std::string& kept);

}  // namespace redoubt::content::detail
