#include "cli/log_files.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string_view>

namespace redoubt::cli {

namespace {

namespace fs = std::filesystem;

/// What files with events are called; each but Parquet may be followed by `.gz`.
constexpr std::string_view kEndings[] = {".json", ".jsonl", ".ndjson", ".csv",    ".tsv",
                                         ".tab",  ".txt",   ".log",    ".syslog", ".parquet"};

bool is_log(const fs::path& path) {
  std::string name = path.filename().string();
  if (name.starts_with('.')) return false;
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  return std::any_of(std::begin(kEndings), std::end(kEndings),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

/// The files of an iterator's folder that are wanted.
template <class Iterator, class Wanted>
Result<std::vector<std::string>> files_of(const std::string& folder, Wanted wanted) {
  std::vector<std::string> out;
  std::error_code error;
  Iterator at(folder.empty() ? "." : folder, error);
  for (; !error && at != Iterator(); at.increment(error))
    if (at->is_regular_file(error) && wanted(at->path())) out.push_back(at->path().string());
  if (error)
    return fail(Error::Kind::Io, "DOC0001", fmt::format("the folder can't be read: {}", error.message()),
                Where{folder, 0, 0, {}});
  std::ranges::sort(out);
  return out;
}

}  // namespace

Result<std::vector<std::string>> log_files(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return files_of<fs::recursive_directory_iterator>(path, is_log);
  const fs::path parts(path);
  const std::string pattern = parts.filename().string();
  if (fs::exists(path, error) || pattern.find_first_of("*?") == std::string::npos) return std::vector{path};
  return files_of<fs::directory_iterator>(parts.parent_path().string(), [&](const fs::path& file) {
    return fnmatch(pattern.c_str(), file.filename().c_str(), FNM_PERIOD) == 0;
  });
}

}  // namespace redoubt::cli
