#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/result.h"
#include "kql/query_files.h"

namespace redoubt::kql::detail {

/// Goes through the files below a folder, in the order of their paths. Hidden folders, node_modules and links
/// to folders are passed over; pipes and devices are never opened.
class FolderWalk {
 public:
  /// Whether a file is to be taken, by its path.
  using Wants = std::function<bool(const std::string& path)>;
  using Take = std::function<void(const std::string& path)>;

  FolderWalk(const QueryFileLimits& limits, QueryFileCounts& counts, std::vector<Diagnostic>& diagnostics)
      : limits_(limits), counts_(counts), diagnostics_(diagnostics) {}

  void run(const std::filesystem::path& folder, const Wants& wants, const Take& take) {
    wants_ = &wants;
    take_ = &take;
    visit(folder, 0);
  }

 private:
  void tell(std::string_view code, std::string message, std::string path, std::string hint) {
    diagnostics_.push_back({Severity::Error, std::string(code), std::move(message),
                            Where{std::move(path), 0, 0, {}}, std::move(hint)});
  }
  void visit(const std::filesystem::path& folder, std::uint32_t depth);
  bool visit_entry(const std::filesystem::directory_entry& entry, std::uint32_t depth);

  const QueryFileLimits& limits_;
  QueryFileCounts& counts_;
  std::vector<Diagnostic>& diagnostics_;
  const Wants* wants_ = nullptr;
  const Take* take_ = nullptr;
  bool full_ = false;
};

}  // namespace redoubt::kql::detail
