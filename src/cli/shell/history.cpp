#include "cli/shell/history.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "core/text.h"

namespace redoubt::cli {

namespace {

constexpr mode_t kOwnFile = S_IRUSR | S_IWUSR;

bool is_word(char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

/// Control characters but tabs and line breaks.
bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7f;
  });
}

tl::unexpected<Error> not_written(const std::string& file) {
  const int number = errno;
  return fail(Error::Kind::Io, "CLI0080",
              fmt::format("what is entered can't be kept: {}", std::strerror(number)), Where{file, 0, 0, {}},
              "set XDG_STATE_HOME to a folder that can be written");
}

/// Folders above a file, for their user alone where they are made.
void make_folders(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::exists(file.parent_path(), error)) return;
  make_folders(file.parent_path());
  mkdir(file.parent_path().c_str(), S_IRWXU);  // the file's own error says what is wrong
}

Result<void> write_whole(const std::string& file, int flags, std::string_view text) {
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, kOwnFile);
  if (descriptor < 0) return not_written(file);
  // One call: what another shell adds at the same time does not come between.
  const bool written = fchmod(descriptor, kOwnFile) == 0 &&
                       write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int number = errno;
  close(descriptor);
  errno = number;
  if (!written) return not_written(file);
  return {};
}

}  // namespace

std::string history_line(std::string_view entry) {
  return replace_all(replace_all(entry, "\\", "\\\\"), "\n", "\\n");
}

std::optional<std::string> history_entry(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\') {
      out += line[i];
      continue;
    }
    if (++i == line.size() || (line[i] != 'n' && line[i] != '\\')) return std::nullopt;
    out += line[i] == 'n' ? '\n' : '\\';
  }
  if (trim(out).empty() || has_control(out) || !valid_utf8(out)) return std::nullopt;
  return out;
}

bool has_obfuscated_string(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (lower(text[i]) != 'h' || (i != 0 && is_word(text[i - 1]))) continue;
    const std::string_view rest = text.substr(i + 1);
    const char quote = rest.front() == '@' && rest.size() > 1 ? rest[1] : rest.front();
    if (quote == '"' || quote == '\'' || rest.starts_with("```") || rest.starts_with("~~~")) return true;
  }
  return false;
}

std::optional<std::string> History::default_file() {
  static constexpr std::string_view kName = "redoubt/kql-history";
  // A relative path is to be passed over.
  const char* const state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return fmt::format("{}/{}", state, kName);
  const char* const home = std::getenv("HOME");
  if (home == nullptr || *home != '/') return std::nullopt;
  return fmt::format("{}/.local/state/{}", home, kName);
}

History::History(std::optional<std::string> file, const HistoryLimits& limits)
    : file_(std::move(file)), limits_(limits) {
  if (!file_) return;
  read();
  if (in_file_ <= 2 * limits_.entries) return;
  if (rewrite()) in_file_ = entries_.size();  // else it is tried again next time
}

void History::read() {
  std::ifstream in(*file_, std::ios::binary | std::ios::ate);
  const std::streamoff end = in ? static_cast<std::streamoff>(in.tellg()) : 0;
  const auto size = static_cast<std::size_t>(std::max<std::streamoff>(end, 0));
  const bool is_long = size > limits_.file_bytes;
  in.seekg(static_cast<std::streamoff>(is_long ? size - limits_.file_bytes : 0));
  std::string text(std::min(size, limits_.file_bytes), '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  std::vector<std::string_view> lines = split(text, '\n');
  if (is_long) lines.erase(lines.begin());  // a part of one
  in_file_ = lines.size() + (is_long ? 2 * limits_.entries : 0);
  for (const std::string_view line : lines)
    if (std::optional<std::string> entry = history_entry(line)) entries_.push_back(*std::move(entry));
  if (entries_.size() > limits_.entries)
    entries_.erase(entries_.begin(), entries_.end() - static_cast<std::ptrdiff_t>(limits_.entries));
}

Result<void> History::add(const std::string& entry) {
  if (trim(entry).empty() || entry.size() > limits_.entry_bytes) return {};
  if (!entries_.empty() && entries_.back() == entry) return {};
  entries_.push_back(entry);
  if (!file_ || has_control(entry) || !valid_utf8(entry) || has_obfuscated_string(entry)) return {};
  ++in_file_;
  return append(history_line(entry) + "\n");
}

Result<void> History::append(std::string_view line) const {
  make_folders(*file_);
  return write_whole(*file_, O_APPEND, line);
}

Result<void> History::rewrite() const {
  std::string text;
  for (const std::string& entry : entries_)
    text += history_line(entry) + "\n";
  const std::string beside = fmt::format("{}.{}", *file_, getpid());
  RD_TRY(write_whole(beside, O_TRUNC, text));
  if (std::rename(beside.c_str(), file_->c_str()) == 0) return {};
  std::remove(beside.c_str());
  return not_written(*file_);
}

}  // namespace redoubt::cli
