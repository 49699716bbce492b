#pragma once

#include <string>
#include <vector>

#include "content/index.h"
#include "content/manifest.h"
#include "core/result.h"

namespace redoubt::content::detail {

/// Names of the packs below a content folder, sorted; none when it is not there. A pack that two renames
/// moved aside counts.
std::vector<std::string> pack_names(const std::string& content);

/// A pack with its files open: what is read is one state, whatever happens to its name.
class OpenPack {
 public:
  /// CON0102, CON0103 (InvalidInput).
  static Result<OpenPack> open(const std::string& content, const std::string& name);
  OpenPack() = default;
  OpenPack(OpenPack&& other) noexcept;
  OpenPack& operator=(OpenPack&& other) noexcept;
  ~OpenPack();

  const Manifest& manifest() const { return manifest_; }
  const std::vector<IndexEntry>& index() const { return index_; }
  /// The text of a row. CON0104 (InvalidInput) when it is not there, or not what its hash says.
  Result<std::string> row(const IndexEntry& entry) const;

 private:
  static Result<OpenPack> try_open(const std::string& folder, bool& moved);
  Result<std::string> read(std::string_view file, bool& moved) const;

  std::string folder_;
  int directory_ = -1;
  int definitions_ = -1;
  int initiatives_ = -1;
  Manifest manifest_;
  std::vector<IndexEntry> index_;
};

}  // namespace redoubt::content::detail
