#include "store/detail/directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace redoubt::store::detail {

namespace {

constexpr int kNone = -1;
constexpr int kMode = 0600;
constexpr std::string_view kLockName = "redoubt.lock";
constexpr std::string_view kPattern = "redoubt-events-XXXXXX";

tl::unexpected<Error> failure(const std::string& path, std::string_view what, const std::error_code& error) {
  return fail(Error::Kind::Io, "STO0004", fmt::format("{}: {}", what, error.message()), Where{path, 0, 0, {}},
              "see that the folder can be read and written");
}

std::error_code last_error() { return {errno, std::generic_category()}; }

/// What the holder wrote into its lock.
std::string holder_of(int lock) {
  std::array<char, 16> text{};
  const ssize_t size = pread(lock, text.data(), text.size(), 0);
  const std::string out(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return out.empty() ? "of unknown number" : out;
}

tl::unexpected<Error> in_use(const std::string& path, int lock) {
  return fail(
      Error::Kind::Unavailable, "STO0003",
      fmt::format("the events in this folder are in use: process {}", holder_of(lock)), Where{path, 0, 0, {}},
      "wait until it has ended, or end it where it is an open kql shell, or use another data directory");
}

/// The lock is the system's, so that it goes with its process; the number is for the message alone.
Result<void> take(const std::string& path, int lock) {
  if (flock(lock, LOCK_EX | LOCK_NB) != 0)
    return errno == EWOULDBLOCK ? in_use(path, lock)
                                : failure(path, "the folder of events can't be locked", last_error());
  const std::string number = std::to_string(getpid());
  const bool written = ftruncate(lock, 0) == 0 &&
                       pwrite(lock, number.data(), number.size(), 0) == static_cast<ssize_t>(number.size());
  if (!written) return failure(path, "the folder of events can't be written", last_error());
  return {};
}

}  // namespace

Directory::Directory(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

Directory::Directory(Directory&& other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::exchange(other.lock_, kNone)) {}

Directory& Directory::operator=(Directory&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  return *this;
}

Directory::~Directory() {
  std::error_code error;
  if (lock_ != kNone)
    close(lock_);
  else if (!path_.empty())
    std::filesystem::remove_all(path_, error);
}

Result<Directory> Directory::lock(const std::string& path) {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::absolute(path, error);
  if (!error) std::filesystem::create_directories(folder, error);
  if (error) return failure(path, "the folder of events can't be made", error);
  const int lock = open((folder / kLockName).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode);
  if (lock == kNone) return failure(path, "the folder of events can't be written", last_error());
  Directory out(folder.string(), lock);
  RD_TRY(take(path, lock));
  return out;
}

Result<void> Directory::sync() const {
  if (lock_ == kNone || syncfs(lock_) == 0) return {};
  return fail(Error::Kind::Io, "STO0014", fmt::format("events can't be written: {}", last_error().message()),
              Where{path_, 0, 0, {}}, "see that the disk is whole and has room");
}

bool Directory::was_locked(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(std::filesystem::path(path) / kLockName, error) ||
         std::filesystem::is_directory(std::filesystem::path(path) / "metadata", error);
}

Result<Directory> Directory::temporary() {
  std::error_code error;
  std::string path = (std::filesystem::temp_directory_path(error) / kPattern).string();
  if (error) return failure(path, "there is no folder for temporary files", error);
  if (mkdtemp(path.data()) == nullptr) return failure(path, "a temporary folder can't be made", last_error());
  return Directory(std::move(path), kNone);
}

}  // namespace redoubt::store::detail
