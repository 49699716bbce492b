#include "kql/detail/folder_walk.h"

#include <algorithm>

namespace redoubt::kql::detail {

namespace {

namespace fs = std::filesystem;

bool passed_over(const fs::directory_entry& folder) {
  const std::string name = folder.path().filename().string();
  std::error_code error;
  return name.starts_with('.') || name == "node_modules" || folder.is_symlink(error);
}

}  // namespace

void FolderWalk::visit(const fs::path& folder, std::uint32_t depth) {
  if (depth > limits_.max_folders)
    return tell("KQL0024", "folders in each other, more levels than " + std::to_string(limits_.max_folders),
                folder.string(), "name the folder itself");
  std::vector<fs::directory_entry> entries;
  std::error_code error;
  fs::directory_iterator at(folder, error);
  for (const fs::directory_iterator end; !error && at != end; at.increment(error))
    entries.push_back(*at);
  if (error) {
    ++counts_.unreadable;
    tell("DOC0001", "the folder can't be read: " + error.message(), folder.string(), "see its permissions");
  }
  std::ranges::sort(entries, {}, [](const fs::directory_entry& entry) -> const std::string& {
    return entry.path().native();
  });
  for (const fs::directory_entry& entry : entries)
    if (!visit_entry(entry, depth)) return;
}

/// False: no more files.
bool FolderWalk::visit_entry(const fs::directory_entry& entry, std::uint32_t depth) {
  std::error_code error;
  if (entry.is_directory(error)) {
    if (passed_over(entry))
      ++counts_.folders;
    else
      visit(entry.path(), depth + 1);
    return !full_;
  }
  const std::string path = entry.path().string();
  // Links to nothing are told of when they are opened.
  if (!(*wants_)(path) || (!entry.is_regular_file(error) && entry.exists(error))) {
    ++counts_.other;
    return true;
  }
  if (counts_.files == limits_.max_files) {
    full_ = true;
    tell("KQL0024", "more files than " + std::to_string(limits_.max_files) + ", the others are not read",
         path, "name the folders that hold queries");
    return false;
  }
  (*take_)(path);
  return true;
}

}  // namespace redoubt::kql::detail
