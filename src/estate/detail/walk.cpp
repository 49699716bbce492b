#include "estate/detail/walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <unordered_set>

#include "core/path_hint.h"

namespace redoubt::estate::detail {

namespace {

namespace fs = std::filesystem;

bool is_left_out(const std::string& folder_name) {
  return folder_name.starts_with('.') || folder_name == "node_modules";
}

class Walk {
 public:
  explicit Walk(std::size_t max_files) : max_files_(max_files) {}

  void start(const std::string& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (error || !fs::exists(status)) return report(path, "there is no such file or folder");
    if (fs::is_directory(status))
      folder(path);
    else
      file({path, true});
  }

  Reading<std::vector<FoundFile>> take() { return std::move(reading_); }

 private:
  void folder(const fs::path& path) {
    std::error_code error;
    if (full_ || !seen_.insert(canonical_path(path.string())).second) return;
    std::vector<std::string> names;
    for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error))
      names.push_back(entry->path().filename().string());
    if (error) report(path.string(), "the folder can't be read");
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      const fs::path below = (path / name).lexically_normal();
      const fs::file_status status = fs::status(below, error);
      if (fs::is_directory(status)) {
        if (!is_left_out(name)) folder(below);
      } else if (fs::is_regular_file(status)) {
        file({below.string(), false});
      }
    }
  }

  void file(FoundFile found) {
    if (full_ || !seen_.insert(canonical_path(found.path)).second) return;
    if (reading_.value.size() < max_files_) {
      reading_.value.push_back(std::move(found));
      return;
    }
    full_ = true;
    reading_.diagnostics.push_back({Severity::Error,
                                    "EST0112",
                                    fmt::format("more files than {}, the rest is not looked at", max_files_),
                                    {std::move(found.path), 0, 0, {}},
                                    "give the folders that hold templates"});
  }

  void report(const std::string& path, const char* what) {
    reading_.diagnostics.push_back(
        {Severity::Error, "EST0101", what, {path, 0, 0, {}}, path_hint(path, "check the path")});
  }

  std::size_t max_files_;
  bool full_ = false;
  std::unordered_set<std::string> seen_;
  Reading<std::vector<FoundFile>> reading_;
};

}  // namespace

Reading<std::vector<FoundFile>> find_files(const std::vector<std::string>& paths, std::size_t max_files) {
  Walk walk(max_files);
  for (const std::string& path : paths)
    walk.start(path);
  return walk.take();
}

std::string canonical_path(const std::string& path) {
  std::error_code error;
  fs::path canonical = fs::weakly_canonical(path, error);
  return error ? path : canonical.string();
}

}  // namespace redoubt::estate::detail
