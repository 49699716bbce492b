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

constexpr std::size_t kShownFiles = 3;

bool is_log(const fs::path& path) {
  std::string name = path.filename().string();
  if (name.starts_with('.')) return false;
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  return std::any_of(std::begin(kEndings), std::end(kEndings),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

bool is_hidden(const fs::path& path) {
  return std::ranges::any_of(path, [](const fs::path& part) {
    const std::string name = part.string();
    return name.starts_with('.') && name != "." && name != "..";
  });
}

/// The files of an iterator's folder, sorted: first those that are wanted.
template <class Iterator, class Wanted>
Result<LogFiles> files_of(const std::string& folder, Wanted wanted) {
  LogFiles out;
  std::error_code error;
  const std::string place = folder.empty() ? "." : folder;
  Iterator at(place, error);
  for (; !error && at != Iterator(); at.increment(error)) {
    if (!at->is_regular_file(error)) continue;
    if (wanted(at->path()))
      out.read.push_back(at->path().string());
    else if (!is_hidden(at->path().lexically_relative(place)))
      out.others.push_back(at->path().string());
  }
  if (error)
    return fail(Error::Kind::Io, "DOC0001", fmt::format("the folder can't be read: {}", error.message()),
                Where{folder, 0, 0, {}});
  std::ranges::sort(out.read);
  std::ranges::sort(out.others);
  return out;
}

}  // namespace

Result<LogFiles> log_files(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return files_of<fs::recursive_directory_iterator>(path, is_log);
  const fs::path parts(path);
  const std::string pattern = parts.filename().string();
  if (fs::exists(path, error) || pattern.find_first_of("*?") == std::string::npos)
    return LogFiles{.read = {path}, .others = {}};
  LogFiles out =
      RD_TRY(files_of<fs::directory_iterator>(parts.parent_path().string(), [&](const fs::path& file) {
        return fnmatch(pattern.c_str(), file.filename().c_str(), FNM_PERIOD) == 0;
      }));
  out.others.clear();  // nobody named them
  return out;
}

void tell_others(const std::string& folder, const LogFiles& files, Context& context) {
  const auto tell = [&](const std::string& file, std::string message) {
    context.tell(Diagnostic{Severity::Hint, "QRY0028", std::move(message), Where{file, 0, 0, {}}, {}});
  };
  if (context.verbose) {
    for (const std::string& file : files.others)
      tell(file, "its name is none of a file with events: it is not read");
    return;
  }
  if (files.others.empty()) return;
  std::string names;
  for (std::size_t i = 0; i < files.others.size() && i < kShownFiles; ++i)
    names += (i == 0 ? "" : ", ") + fs::path(files.others[i]).lexically_relative(folder).string();
  const std::size_t count = files.others.size();
  tell(folder, fmt::format("{} not read: {}{}",
                           count == 1 ? "1 file of another kind was"
                                      : fmt::format("{} files of other kinds were", count),
                           names, count > kShownFiles ? " ..." : ""));
}

}  // namespace redoubt::cli
