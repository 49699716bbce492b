#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include "content/detail/open_pack.h"
#include "content/detail/pack_folder.h"

namespace redoubt::content::detail {

namespace fs = std::filesystem;

namespace {

constexpr int kTries = 5;  // a pack may be replaced while it is opened
constexpr std::size_t kMaxDescription = std::size_t{256} << 20;

tl::unexpected<Error> unusable(std::string_view code, const std::string& file, int number) {
  return fail(Error::Kind::InvalidInput, code,
              fmt::format("the pack can't be read: {}", std::strerror(number)), Where{file, 0, 0, {}},
              "add the content again");
}

/// Reads `size` bytes at `offset`; false at the end of the file or an error.
bool read_at(int descriptor, char* out, std::size_t size, std::uint64_t offset) {
  while (size != 0) {
    const ssize_t got = pread(descriptor, out, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    out += got;
    offset += static_cast<std::uint64_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace

std::vector<std::string> pack_names(const std::string& content) {
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(content, error), end; !error && at != end; at.increment(error)) {
    std::error_code kind;
    if (!at->is_directory(kind)) continue;
    std::string name = at->path().filename().string();
    const std::string_view aside_end = ".aside";
    if (name.starts_with('.') && name.ends_with(aside_end))
      name = name.substr(1, name.size() - 1 - aside_end.size());
    if (is_pack_name(name)) names.insert(std::move(name));
  }
  return {names.begin(), names.end()};
}

Result<OpenPack> OpenPack::open(const std::string& content, const std::string& name) {
  for (int tries = 1;; ++tries) {
    bool moved = false;
    Result<OpenPack> pack = try_open((fs::path(content) / name).string(), moved);
    if (!pack && moved) {
      bool moved_too = false;
      Result<OpenPack> aside = try_open((fs::path(content) / aside_name(name)).string(), moved_too);
      if (aside) return aside;
    }
    if (pack || !moved || tries == kTries) return pack;
  }
}

Result<OpenPack> OpenPack::try_open(const std::string& folder, bool& moved) {
  OpenPack pack;
  pack.folder_ = folder;
  pack.directory_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (pack.directory_ < 0) {
    moved = errno == ENOENT;
    return unusable("CON0102", folder, errno);
  }
  const auto open_file = [&](std::string_view name, int& out) -> Result<void> {
    out = openat(pack.directory_, std::string(name).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (out >= 0) return {};
    moved = errno == ENOENT;
    return unusable("CON0103", (fs::path(folder) / name).string(), errno);
  };
  const std::string manifest = RD_TRY(pack.read(kManifestFile, moved));
  pack.manifest_ = RD_TRY(read_manifest(manifest, (fs::path(folder) / kManifestFile).string()));
  RD_TRY(open_file(kDefinitionsFile, pack.definitions_));
  RD_TRY(open_file(kInitiativesFile, pack.initiatives_));
  const std::string index = RD_TRY(pack.read(kIndexFile, moved));
  pack.index_ = RD_TRY(read_index(index, (fs::path(folder) / kIndexFile).string()));
  return pack;
}

OpenPack::OpenPack(OpenPack&& other) noexcept { *this = std::move(other); }

OpenPack& OpenPack::operator=(OpenPack&& other) noexcept {
  std::swap(folder_, other.folder_);
  std::swap(directory_, other.directory_);
  std::swap(definitions_, other.definitions_);
  std::swap(initiatives_, other.initiatives_);
  std::swap(manifest_, other.manifest_);
  std::swap(index_, other.index_);
  return *this;
}

OpenPack::~OpenPack() {
  for (const int descriptor : {directory_, definitions_, initiatives_})
    if (descriptor >= 0) ::close(descriptor);
}

Result<std::string> OpenPack::read(std::string_view file, bool& moved) const {
  const std::string path = (fs::path(folder_) / file).string();
  const std::string_view code = file == kManifestFile ? "CON0102" : "CON0103";
  const int descriptor = openat(directory_, std::string(file).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) {
    moved = errno == ENOENT;
    return unusable(code, path, errno);
  }
  struct stat found{};
  const bool fits = fstat(descriptor, &found) == 0 && S_ISREG(found.st_mode) &&
                    static_cast<std::uint64_t>(found.st_size) <= kMaxDescription;
  std::string text(fits ? static_cast<std::size_t>(found.st_size) : 0, '\0');
  const bool whole = fits && read_at(descriptor, text.data(), text.size(), 0);
  ::close(descriptor);
  if (!whole) return unusable(code, path, EIO);
  return text;
}

Result<std::string> OpenPack::row(const IndexEntry& entry) const {
  const bool definition = entry.kind == RowKind::Definition;
  const std::string file = (fs::path(folder_) / (definition ? kDefinitionsFile : kInitiativesFile)).string();
  const auto wrong = [&](std::string_view why) {
    return fail(Error::Kind::InvalidInput, "CON0104",
                fmt::format("the row of {} can't be used: {}", entry.name, why),
                Where{file, entry.line, 1, {}}, "add the content again");
  };
  const int descriptor = definition ? definitions_ : initiatives_;
  struct stat found{};
  if (fstat(descriptor, &found) != 0) return wrong(std::strerror(errno));
  const auto size = static_cast<std::uint64_t>(found.st_size);
  if (entry.offset > size || entry.length > size - entry.offset) return wrong("the file is too short");
  std::string text(entry.length, '\0');
  if (!read_at(descriptor, text.data(), text.size(), entry.offset)) return wrong("it can't be read");
  if (sha256(text) != entry.sha256) return wrong("it is not what the index says");
  return text;
}

}  // namespace redoubt::content::detail
