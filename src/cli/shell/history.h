#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace redoubt::cli {

struct HistoryLimits {
  std::size_t entries = 1'000;
  std::size_t entry_bytes = 64'000;    ///< longer ones are not kept
  std::size_t file_bytes = 4'000'000;  ///< of a longer file the end is read
};

/// What was entered before, kept in a file that only its user can read: an entry a line, in which `\n` and
/// `\\` stand for a line break and a backslash.
class History {
 public:
  /// The file of the shell: $XDG_STATE_HOME/redoubt/kql-history, else ~/.local/state/redoubt/kql-history.
  /// Nothing: there is neither. Source: XDG Base Directory Specification 0.8.
  static std::optional<std::string> default_file();

  /// Reads what there is; a file that has grown to twice the limit is cut. Without a file nothing is kept.
  /// Lines that are no UTF-8 or have control characters in them are passed over.
  explicit History(std::optional<std::string> file, const HistoryLimits& limits = {});

  /// Oldest first.
  const std::vector<std::string>& entries() const { return entries_; }

  /// Adds an entry, unless the last one is the same. One with an obfuscated string (`h"..."`) is remembered
  /// and not written: those hold secrets. Errors: CLI0080 (Io) the file can't be written.
  Result<void> add(const std::string& entry);

 private:
  void read();
  Result<void> append(std::string_view line) const;
  Result<void> rewrite() const;

  std::optional<std::string> file_;
  HistoryLimits limits_;
  std::vector<std::string> entries_;
  std::size_t in_file_ = 0;
};

/// An entry as a line without its end, and back. Nothing: the line is none that was written.
std::string history_line(std::string_view entry);
std::optional<std::string> history_entry(std::string_view line);
/// Whether a string that is marked as secret may stand in it, closed or not.
bool has_obfuscated_string(std::string_view text);

}  // namespace redoubt::cli
