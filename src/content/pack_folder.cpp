#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <vector>

#include "content/detail/pack_folder.h"
#include "content/manifest.h"

namespace redoubt::content::detail {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kNewMark = ".new-";
constexpr std::string_view kAsideEnd = ".aside";

tl::unexpected<Error> failure(const std::string& path, int number) {
  return fail(Error::Kind::Io, "CON0004",
              fmt::format("cannot write to the data directory: {}", std::strerror(number)),
              Where{path, 0, 0, {}}, "see its permissions and the space that is left; nothing was replaced");
}

Result<void> sync_folder(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return failure(path, errno);
  const int status = fsync(descriptor);
  const int number = errno;
  close(descriptor);
  // Some file systems have no such thing for folders.
  if (status != 0 && number != EINVAL) return failure(path, number);
  return {};
}

Result<void> write_all(int descriptor, const std::string& path, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failure(path, written == 0 ? EIO : errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fsync(descriptor) != 0) return failure(path, errno);
  return {};
}

/// Removes folders of killed writers; a pack that was moved aside goes back to its place.
void tidy(const std::string& content) {
  std::error_code error;
  std::vector<fs::path> found;
  for (fs::directory_iterator at(content, error), end; !error && at != end; at.increment(error))
    found.push_back(at->path());
  for (const fs::path& path : found) {
    const std::string name = path.filename().string();
    if (name.starts_with('.') && name.find(kNewMark) != std::string::npos) {
      fs::remove_all(path, error);
    } else if (name.starts_with('.') && name.ends_with(kAsideEnd)) {
      const fs::path place = fs::path(content) / name.substr(1, name.size() - 1 - kAsideEnd.size());
      if (fs::exists(place, error))
        fs::remove_all(path, error);
      else
        fs::rename(path, place, error);
    }
  }
}

}  // namespace

std::string content_folder(const std::string& data_dir) {
  return (fs::path(data_dir) / "content").lexically_normal().string();
}

std::string aside_name(std::string_view name) { return fmt::format(".{}{}", name, kAsideEnd); }

Result<WriteLock> WriteLock::take(const std::string& content) {
  std::error_code error;
  fs::create_directories(content, error);
  if (error) return failure(content, error.value());
  const std::string path = content + "/.lock";
  WriteLock lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (lock.descriptor_ < 0) return failure(path, errno);
  while (flock(lock.descriptor_, LOCK_EX) != 0)
    if (errno != EINTR) return failure(path, errno);
  tidy(content);
  return lock;
}

WriteLock::WriteLock(WriteLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

WriteLock::~WriteLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

Result<NewPack> NewPack::make(const std::string& content, const std::string& name) {
  std::string folder = fmt::format("{}/.{}{}XXXXXX", content, name, kNewMark);
  if (mkdtemp(folder.data()) == nullptr) return failure(folder, errno);
  NewPack pack(content, name, folder);
  const mode_t mask = umask(0);
  umask(mask);
  if (chmod(folder.c_str(), 0777 & ~mask) != 0) return failure(folder, errno);
  return pack;
}

NewPack::NewPack(NewPack&& other) noexcept
    : content_(std::move(other.content_)),
      name_(std::move(other.name_)),
      folder_(std::exchange(other.folder_, std::string())) {}

NewPack::~NewPack() {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

Result<void> NewPack::write(const std::string& path, std::string_view text) {
  const fs::path place = fs::path(folder_) / path;
  std::error_code error;
  fs::create_directories(place.parent_path(), error);
  if (error) return failure(place.string(), error.value());
  const int descriptor = open(place.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (descriptor < 0) return failure(place.string(), errno);
  Result<void> written = write_all(descriptor, place.string(), text);
  const int closed = close(descriptor);
  if (written && closed != 0) return failure(place.string(), errno);
  return written;
}

Result<void> NewPack::commit(bool exchange) {
  std::error_code error;
  std::vector<std::string> folders;
  for (fs::recursive_directory_iterator at(folder_, error), end; !error && at != end; at.increment(error))
    if (at->is_directory(error)) folders.push_back(at->path().string());
  if (error) return failure(folder_, error.value());
  for (const std::string& folder : folders)
    RD_TRY(sync_folder(folder));
  RD_TRY(sync_folder(folder_));
  const std::string place = content_ + "/" + name_;
  if (!fs::exists(fs::symlink_status(place, error))) {
    if (rename(folder_.c_str(), place.c_str()) != 0) return failure(place, errno);
    folder_.clear();
    return sync_folder(content_);
  }
  if (exchange) {
    if (renameat2(AT_FDCWD, folder_.c_str(), AT_FDCWD, place.c_str(), RENAME_EXCHANGE) == 0)
      return sync_folder(content_);  // the old one is in folder_ now, and removed with this
    if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) return failure(place, errno);
  }
  const std::string aside = content_ + "/" + aside_name(name_);
  if (rename(place.c_str(), aside.c_str()) != 0) return failure(place, errno);
  if (rename(folder_.c_str(), place.c_str()) != 0) {
    const int number = errno;
    rename(aside.c_str(), place.c_str());
    return failure(place, number);
  }
  folder_ = aside;
  return sync_folder(content_);
}

}  // namespace redoubt::content::detail
