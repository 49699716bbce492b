#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "core/text.h"
#include "net/detail/partial_file.h"

namespace redoubt::net::detail {

Result<PartialFile> PartialFile::open(const std::string& path, const std::string& url) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  PartialFile file(path, descriptor);
  if (descriptor < 0) return file.failure(errno);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0)
    return fail(Error::Kind::Usage, "NET0010", "another download writes the file", Where{path, 0, 0, {}},
                "wait for it to end");
  struct stat found{};
  if (fstat(descriptor, &found) != 0) return file.failure(errno);
  file.bytes_ = static_cast<std::uint64_t>(found.st_size);
  if (!file.read_note(url)) RD_TRY(file.restart({url, {}, std::nullopt}));
  return file;
}

PartialFile::PartialFile(PartialFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      bytes_(other.bytes_),
      origin_(std::move(other.origin_)) {}

PartialFile::~PartialFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

tl::unexpected<Error> PartialFile::failure(int number) const {
  return fail(Error::Kind::Io, "NET0009", fmt::format("cannot write the download: {}", std::strerror(number)),
              Where{path_, 0, 0, {}});
}

/// Three lines: URL, tag, length of the whole. False when there is none or it is another URL's.
bool PartialFile::read_note(const std::string& url) {
  std::ifstream note(path_ + ".from");
  std::string from;
  std::string total;
  if (!std::getline(note, from) || !std::getline(note, origin_.tag) || !std::getline(note, total))
    return false;
  origin_.url = url;
  origin_.total = whole_number(total);
  return from == url && (!origin_.total || bytes_ < *origin_.total);
}

Result<void> PartialFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(bytes_));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failure(written == 0 ? EIO : errno);
    bytes_ += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> PartialFile::restart(Origin origin) {
  origin_ = std::move(origin);
  if (ftruncate(descriptor_, 0) != 0) return failure(errno);
  bytes_ = 0;
  std::ofstream note(path_ + ".from", std::ios::trunc);
  note << origin_.url << '\n'
       << origin_.tag << '\n'
       << (origin_.total ? std::to_string(*origin_.total) : std::string("-")) << '\n';
  note.close();
  if (!note) return failure(EIO);
  return {};
}

Result<void> PartialFile::finish() {
  if (fsync(descriptor_) != 0) return failure(errno);
  std::error_code error;
  std::filesystem::remove(path_ + ".from", error);
  if (error) return failure(error.value());
  return {};
}

}  // namespace redoubt::net::detail
