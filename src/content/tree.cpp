#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "content/detail/tree.h"
#include "core/hash.h"
#include "core/text.h"
#include "doc/json.h"

namespace redoubt::content::detail {

namespace {

constexpr std::size_t kMaxArchive = std::size_t{512} << 20;

bool is_json(std::string_view path) {
  return ends_with_any_case(path, ".json") || ends_with_any_case(path, ".jsonl");
}

tl::unexpected<Error> unreadable(const std::string& path, std::string_view why) {
  return fail(Error::Kind::Usage, "CON0002", fmt::format("the content can't be read: {}", why),
              Where{path, 0, 0, {}}, "give a folder, a .json or .jsonl file, a .zip or a .tar.gz");
}

/// Files below a folder. Links are not followed, hidden folders not entered.
class FolderTree : public Tree {
 public:
  FolderTree(std::string root, const files::ArchiveLimits& limits, std::string kept)
      : root_(std::move(root)), limits_(limits), kept_(std::move(kept)) {}

  Result<std::vector<std::string>> paths() override {
    std::vector<std::string> out;
    RD_TRY(list(root_, out));
    std::sort(out.begin(), out.end());
    return out;
  }

  Result<void> visit(const files::WantedFile& wanted, const files::TakeFile& take) override {
    const std::vector<std::string> all = RD_TRY(paths());
    std::uint64_t bytes = 0;
    for (const std::string& path : all) {
      if (!wanted(path)) continue;
      Result<std::string> text = doc::read_text_file(name_of(path), limits_.max_file_bytes);
      if (!text) {
        text.error().kind = Error::Kind::Io;
        return tl::unexpected(std::move(text).error());
      }
      bytes += text->size();
      if (bytes > limits_.max_bytes)
        return fail(Error::Kind::Limit, "CON0005",
                    fmt::format("the content is larger than {} bytes", limits_.max_bytes),
                    Where{root_, 0, 0, {}});
      RD_TRY(take(path, *std::move(text)));
    }
    return {};
  }

  std::string name_of(const std::string& path) const override {
    return (std::filesystem::path(root_) / path).string();
  }

 private:
  Result<void> list(const std::filesystem::path& folder, std::vector<std::string>& out) {
    std::error_code error;
    std::filesystem::directory_iterator at(folder, error);
    for (const std::filesystem::directory_iterator end; !error && at != end; at.increment(error)) {
      if (++entries_ > limits_.max_entries)
        return fail(Error::Kind::Limit, "CON0005",
                    fmt::format("the folder has more than {} entries", limits_.max_entries),
                    Where{root_, 0, 0, {}});
      const std::filesystem::path& path = at->path();
      std::error_code kind;
      const std::filesystem::file_status status = at->symlink_status(kind);
      if (path.filename().string().starts_with('.')) continue;
      if (std::filesystem::is_directory(status)) {
        if (std::filesystem::equivalent(path, kept_, kind)) continue;
        RD_TRY(list(path, out));
      } else if (!is_json(path.string())) {
        continue;
      } else if (std::filesystem::is_symlink(status)) {
        diagnostics_.push_back(
            {Severity::Warning, "CON0009", "a link is not followed", Where{path.string(), 0, 0, {}}, {}});
      } else if (std::filesystem::is_regular_file(status)) {
        out.push_back(path.lexically_relative(root_).generic_string());
      }
    }
    if (error) return unreadable(folder.string(), error.message());
    return {};
  }

  std::string root_;
  files::ArchiveLimits limits_;
  std::string kept_;
  std::uint64_t entries_ = 0;
};

class FileTree : public Tree {
 public:
  explicit FileTree(std::string path) : path_(std::move(path)) {}

  Result<std::vector<std::string>> paths() override {
    return std::vector<std::string>{std::filesystem::path(path_).filename().string()};
  }
  Result<void> visit(const files::WantedFile& wanted, const files::TakeFile& take) override {
    const std::string name = std::filesystem::path(path_).filename().string();
    if (!wanted(name)) return {};
    std::string text = RD_TRY(doc::read_text_file(path_));
    return take(name, std::move(text));
  }
  std::string name_of(const std::string&) const override { return path_; }

 private:
  std::string path_;
};

/// An archive in memory; a folder that holds all of it is not part of the paths.
class ArchiveTree : public Tree {
 public:
  ArchiveTree(std::string path, std::string bytes, const files::ArchiveLimits& limits)
      : path_(std::move(path)), bytes_(std::move(bytes)), limits_(limits) {
    sha256_ = sha256_hex(bytes_);
  }

  Result<std::vector<std::string>> paths() override {
    std::vector<std::string> all;
    const auto note = [&](std::string_view path) {
      all.emplace_back(path);
      return false;
    };
    RD_TRY(files::read_archive(bytes_, path_, limits_, note, {}));
    if (!all.empty()) {
      const std::string top = all.front().substr(0, all.front().find('/') + 1);
      const bool shared = !top.empty() && std::all_of(all.begin(), all.end(), [&](const std::string& one) {
        return one.starts_with(top);
      });
      if (shared) top_ = top.substr(0, top.size() - 1);
    }
    std::vector<std::string> out;
    for (const std::string& path : all)
      if (is_json(path)) out.push_back(below_top(path));
    std::sort(out.begin(), out.end());
    return out;
  }

  Result<void> visit(const files::WantedFile& wanted, const files::TakeFile& take) override {
    RD_TRY(files::read_archive(
        bytes_, path_, limits_, [&](std::string_view path) { return wanted(below_top(path)); },
        [&](const std::string& path, std::string content) {
          return take(below_top(path), std::move(content));
        }));
    return {};
  }

  std::string name_of(const std::string& path) const override { return path_ + "/" + path; }

 private:
  std::string below_top(std::string_view path) const {
    return std::string(top_.empty() ? path : path.substr(top_.size() + 1));
  }

  std::string path_;
  std::string bytes_;
  files::ArchiveLimits limits_;
};

}  // namespace

Result<std::unique_ptr<Tree>> open_tree(const std::string& path, bool archive,
                                        const files::ArchiveLimits& limits, const std::string& kept) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (std::filesystem::is_directory(status))
    return std::unique_ptr<Tree>(std::make_unique<FolderTree>(path, limits, kept));
  if (!std::filesystem::exists(status)) return unreadable(path, "it is not there");
  if (archive || files::has_archive_name(path)) {
    Result<std::string> bytes = doc::read_text_file(path, kMaxArchive);
    if (!bytes) return unreadable(path, bytes.error().message);
    return std::unique_ptr<Tree>(std::make_unique<ArchiveTree>(path, *std::move(bytes), limits));
  }
  if (!is_json(path)) return unreadable(path, "its name says neither JSON nor archive");
  return std::unique_ptr<Tree>(std::make_unique<FileTree>(path));
}

}  // namespace redoubt::content::detail
