#include "cli/output.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <ostream>
#include <system_error>

namespace redoubt::cli {

namespace {

tl::unexpected<Error> failure(Error::Kind kind, std::string_view code, const std::string& path, int number) {
  return fail(kind, code, fmt::format("cannot write the result: {}", std::strerror(number)),
              Where{path, 0, 0, {}});
}

/// Permissions of a new file: those of the one it replaces, otherwise what the process gives.
mode_t permissions(const std::string& path) {
  struct stat found{};
  if (stat(path.c_str(), &found) == 0) return found.st_mode & 07777;
  mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

}  // namespace

Result<std::unique_ptr<Output>> Output::open(const std::string& path, std::ostream& standard) {
  std::unique_ptr<Output> output(new Output);
  output->path_ = path;
  if (path == "-") {
    output->standard_ = &standard;
    return output;
  }
  std::error_code ignored;
  std::filesystem::file_status status = std::filesystem::status(path, ignored);
  if (std::filesystem::is_directory(status)) return failure(Error::Kind::Usage, "CLI0007", path, EISDIR);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    output->file_ = std::fopen(path.c_str(), "we");
    if (output->file_ == nullptr) return failure(Error::Kind::Usage, "CLI0007", path, errno);
    return output;
  }
  RD_TRY(output->open_beside(path));
  return output;
}

Result<void> Output::open_beside(const std::string& path) {
  std::error_code ignored;
  std::filesystem::path place = std::filesystem::weakly_canonical(path, ignored);
  if (place.empty()) place = path;
  path_ = place.string();
  std::string name = (place.parent_path() / fmt::format(".{}.XXXXXX", place.filename().string())).string();
  int descriptor = mkstemp(name.data());
  if (descriptor < 0) return failure(Error::Kind::Usage, "CLI0007", path, errno);
  temporary_ = name;
  fchmod(descriptor, permissions(path_));
  file_ = fdopen(descriptor, "w");
  RD_CHECK(file_ != nullptr);
  return {};
}

Output::~Output() {
  if (file_ != nullptr) std::fclose(file_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

void Output::write(std::string_view text) {
  has_written_ = has_written_ || !text.empty();
  if (standard_ != nullptr && before_writing_) before_writing_();
  if (standard_ != nullptr)
    standard_->write(text.data(), static_cast<std::streamsize>(text.size()));
  else
    std::fwrite(text.data(), 1, text.size(), file_);
}

void Output::flush() {
  if (standard_ != nullptr)
    standard_->flush();
  else
    std::fflush(file_);
}

Result<void> Output::commit() {
  errno = 0;
  flush();
  if (standard_ != nullptr) {
    if (!*standard_) return failure(Error::Kind::Io, "CLI0008", "stdout", errno == 0 ? EIO : errno);
    return {};
  }
  bool lost = std::ferror(file_) != 0 || (!temporary_.empty() && fsync(fileno(file_)) != 0);
  if (std::fclose(std::exchange(file_, nullptr)) != 0 || lost)
    return failure(Error::Kind::Io, "CLI0008", path_, errno == 0 ? EIO : errno);
  if (temporary_.empty()) return {};
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0)
    return failure(Error::Kind::Io, "CLI0008", path_, errno);
  temporary_.clear();
  return {};
}

}  // namespace redoubt::cli
