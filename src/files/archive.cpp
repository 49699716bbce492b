#include "files/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <clocale>
#include <memory>
#include <unordered_set>

#include "core/text.h"
#include "core/utf8.h"

namespace redoubt::files {

namespace {

constexpr std::string_view kZipListMark = "PK\1\2";
constexpr std::size_t kShownPath = 200;  // bytes of a long name in a message

/// Names of entries are UTF-8 while this lives, whatever the locale of the process is; of this thread only.
class Utf8Names {
 public:
  Utf8Names() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (locale_ != nullptr) before_ = uselocale(locale_);
  }
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;
  ~Utf8Names() {
    if (locale_ == nullptr) return;
    uselocale(before_);
    freelocale(locale_);
  }

 private:
  locale_t locale_;
  locale_t before_ = nullptr;
};

struct FreeArchive {
  void operator()(archive* one) const { archive_read_free(one); }
};
using Handle = std::unique_ptr<archive, FreeArchive>;

/// Why a path could not be used below a folder; empty when it could.
std::string_view mistake_of(std::string_view path, std::size_t max_path) {
  if (path.empty()) return "it has no name";
  if (path.size() > max_path) return "its name is too long";
  if (!valid_utf8(path)) return "its name is not UTF-8";
  for (const char c : path)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return "its name holds a control character";
  if (path.find('\\') != std::string_view::npos) return "its name holds a backslash";
  if (path.front() == '/') return "its name is an absolute path";
  if (path.size() > 1 && path[1] == ':') return "its name begins with a drive";
  for (const std::string_view part : split(path, '/'))
    if (part == "..") return "its name climbs out of the archive";
  return {};
}

/// Why an entry is none that is read, besides its name; empty for files and folders.
std::string_view mistake_of(archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr) return "it is a hard link";
  if (archive_entry_symlink(entry) != nullptr) return "it is a symbolic link";
  if (archive_entry_is_encrypted(entry) != 0) return "it is encrypted";
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
    case AE_IFDIR:
      return {};
    case AE_IFLNK:
      return "it is a symbolic link";
    case AE_IFCHR:
    case AE_IFBLK:
      return "it is a device";
    default:
      return "it is no plain file";
  }
}

/// Without empty parts and `.`.
std::string tidy(std::string_view path) {
  std::string out;
  for (const std::string_view part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (!out.empty()) out += '/';
    out += part;
  }
  return out;
}

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& name, const ArchiveLimits& limits)
      : bytes_(bytes), name_(name), limits_(limits), handle_(archive_read_new()) {
    RD_CHECK(handle_ != nullptr);
  }

  Result<ArchiveSummary> run(const WantedFile& wanted, const TakeFile& take) {
    RD_TRY(open());
    for (bool first = true;; first = false) {
      archive_entry* entry = nullptr;
      const int status = archive_read_next_header(handle_.get(), &entry);
      if (status == ARCHIVE_EOF) break;
      RD_TRY(check_header(status, entry, first));
      const std::string path = tidy(archive_entry_pathname(entry));
      if (archive_entry_filetype(entry) == AE_IFDIR) continue;
      if (path.empty() || !seen_.insert(path).second)
        return refused("FIL0002", Error::Kind::InvalidInput, path,
                       path.empty() ? "it has no name" : "it stands twice in the archive");
      const bool take_it = wanted(path);
      std::string content = RD_TRY(read(path, take_it));
      if (take_it) RD_TRY(take(path, std::move(content)));
    }
    if (summary_.entries == 0) return no_archive("it holds nothing");
    return summary_;
  }

 private:
  Result<void> open() {
    if (lists_too_many())
      return refused("FIL0003", Error::Kind::Limit, {},
                     fmt::format("the archive has more than {} entries", limits_.max_entries));
    archive* const handle = handle_.get();
    archive_read_support_filter_gzip(handle);
    archive_read_support_format_tar(handle);
    // By its list of entries alone: without it, or cut off, it is none.
    archive_read_support_format_zip_seekable(handle);
    if (archive_read_open_memory(handle, bytes_.data(), bytes_.size()) == ARCHIVE_OK) return {};
    return no_archive(problem());
  }

  /// The list of a zip is read whole before the first entry, so its length is looked at before.
  bool lists_too_many() const {
    if (!bytes_.starts_with("PK")) return false;
    std::uint64_t count = 0;
    for (std::size_t at = bytes_.find(kZipListMark); at != std::string_view::npos;
         at = bytes_.find(kZipListMark, at + kZipListMark.size()))
      ++count;
    return count > limits_.max_entries;
  }

  /// What libarchive says; without text where it has none.
  std::string problem() const {
    const char* text = archive_error_string(handle_.get());
    return text == nullptr ? "it can't be read" : std::string(trim(text));
  }

  tl::unexpected<Error> no_archive(const std::string& why) const {
    return fail(Error::Kind::InvalidInput, "FIL0001", "this is no archive: " + why, Where{name_, 0, 0, {}},
                "give a .zip or a .tar.gz");
  }

  tl::unexpected<Error> refused(std::string_view code, Error::Kind kind, std::string path,
                                std::string_view why) const {
    if (!valid_utf8(path)) {
      std::string ascii;
      for (const char c : path)
        ascii += static_cast<unsigned char>(c) < 0x80
                     ? std::string(1, c)
                     : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
      path = std::move(ascii);
    }
    if (path.size() > kShownPath) path = std::string(first_bytes(path, kShownPath)) + "...";
    return fail(kind, code, fmt::format("an entry of the archive is refused: {}", why),
                Where{name_, 0, 0, std::move(path)}, "nothing of the archive was used");
  }

  Result<void> check_header(int status, archive_entry* entry, bool first) {
    if (status == ARCHIVE_FATAL || status == ARCHIVE_RETRY || entry == nullptr) {
      if (first) return no_archive(problem());
      return refused("FIL0004", Error::Kind::InvalidInput, "after " + last_, problem());
    }
    const char* raw = archive_entry_pathname(entry);
    const std::string path = raw == nullptr ? std::string() : raw;
    last_ = path;
    if (++summary_.entries > limits_.max_entries)
      return refused("FIL0003", Error::Kind::Limit, path,
                     fmt::format("the archive has more than {} entries", limits_.max_entries));
    // Pax names that are no UTF-8 come without a name.
    if (raw == nullptr) return refused("FIL0002", Error::Kind::InvalidInput, path, "its name is not UTF-8");
    std::string_view mistake = mistake_of(path, limits_.max_path);
    if (mistake.empty()) mistake = mistake_of(entry);
    if (!mistake.empty()) return refused("FIL0002", Error::Kind::InvalidInput, path, mistake);
    if (status != ARCHIVE_OK) return refused("FIL0004", Error::Kind::InvalidInput, path, problem());
    const std::uint64_t said = archive_entry_size_is_set(entry) == 0 || archive_entry_size(entry) < 0
                                   ? 0
                                   : static_cast<std::uint64_t>(archive_entry_size(entry));
    if (said > limits_.max_bytes - summary_.bytes) return too_large(path);
    said_ = archive_entry_size_is_set(entry) == 0 ? -1 : archive_entry_size(entry);
    return {};
  }

  tl::unexpected<Error> too_large(const std::string& path) const {
    return refused("FIL0003", Error::Kind::Limit, path,
                   fmt::format("the archive expands to more than {} bytes", limits_.max_bytes));
  }

  /// Reads an entry to its end; keeps the text when asked.
  Result<std::string> read(const std::string& path, bool keep) {
    std::string content;
    std::uint64_t size = 0;
    for (;;) {
      const void* block = nullptr;
      std::size_t length = 0;
      la_int64_t offset = 0;
      const int status = archive_read_data_block(handle_.get(), &block, &length, &offset);
      if (status == ARCHIVE_EOF) break;
      if (status != ARCHIVE_OK) return refused("FIL0004", Error::Kind::InvalidInput, path, problem());
      if (length == 0) continue;
      if (offset < 0 || static_cast<std::uint64_t>(offset) != size)
        return refused("FIL0002", Error::Kind::InvalidInput, path, "it is a sparse file");
      size += length;
      RD_TRY(count(path, length));
      if (!keep) continue;
      if (size > limits_.max_file_bytes)
        return refused("FIL0003", Error::Kind::Limit, path,
                       fmt::format("it is larger than {} bytes", limits_.max_file_bytes));
      content.append(static_cast<const char*>(block), length);
    }
    if (said_ >= 0 && static_cast<std::uint64_t>(said_) != size)
      return refused("FIL0004", Error::Kind::InvalidInput, path,
                     fmt::format("it says {} bytes and has {}", said_, size));
    return content;
  }

  Result<void> count(const std::string& path, std::uint64_t more) {
    summary_.bytes += more;
    if (summary_.bytes > limits_.max_bytes) return too_large(path);
    if (summary_.bytes > limits_.ratio_from && summary_.bytes / limits_.max_ratio >= bytes_.size())
      return refused("FIL0003", Error::Kind::Limit, path,
                     fmt::format("the archive expands to more than {} times its size", limits_.max_ratio));
    return {};
  }

  std::string_view bytes_;
  const std::string& name_;
  const ArchiveLimits& limits_;
  Handle handle_;
  ArchiveSummary summary_;
  std::unordered_set<std::string> seen_;
  std::string last_;
  std::int64_t said_ = -1;  // size by the entry's header, -1 for none
};

}  // namespace

Result<ArchiveSummary> read_archive(std::string_view bytes, const std::string& name,
                                    const ArchiveLimits& limits, const WantedFile& wanted,
                                    const TakeFile& take) {
  const Utf8Names names;
  return Reader(bytes, name, limits).run(wanted, take);
}

bool has_archive_name(std::string_view path) {
  return ends_with_any_case(path, ".zip") || ends_with_any_case(path, ".tar.gz") ||
         ends_with_any_case(path, ".tgz");
}

}  // namespace redoubt::files
