#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/arena.h"
#include "core/result.h"
#include "core/thread_pool.h"
#include "doc/row_text.h"
#include "doc/sources.h"
#include "doc/value.h"

namespace redoubt::estate {

/// The first half of the SHA-256 of a row's bytes: what tells whether a row is as it was.
using RowHash = std::array<std::uint8_t, 16>;

/// For tables of hashes: the first bytes of one are as good as any.
struct HashOfRowHash {
  std::size_t operator()(const RowHash& hash) const noexcept {
    std::size_t out = 0;
    std::memcpy(&out, hash.data(), sizeof(out));
    return out;
  }
};

/// A row of an earlier state of an export.
struct KnownRow {
  std::uint32_t size = 0;
  RowHash hash{};
};

struct ExportRow {
  doc::RowSpan span;
  RowHash hash{};
  bool wanted = false;  ///< to be parsed, and to become a resource
  bool parsed = false;
  bool faulty = false;  ///< something was said about it
  doc::Value value;     ///< of a parsed one
};

/// An export whose rows were told apart and not parsed yet.
struct SplitExport {
  std::string path;
  std::uint32_t file = 0;
  doc::Value envelope;  ///< null for a list and for JSON Lines
  std::vector<ExportRow> rows;
};

/// Says which rows of exports are worth parsing.
class RowChooser {
 public:
  RowChooser() = default;
  RowChooser(const RowChooser&) = delete;
  RowChooser& operator=(const RowChooser&) = delete;
  virtual ~RowChooser() = default;

  /// The rows of an earlier state of the file, in order; used to find rows without following their brackets.
  virtual std::span<const KnownRow> known(const std::string& path) const = 0;

  /// Parses one row; false when it can't be.
  using Parse = std::function<bool(SplitExport&, ExportRow&)>;
  /// Marks the rows that are wanted; those it looked into itself stay parsed. Called once, after everything
  /// else was read.
  virtual void choose(std::deque<SplitExport>& exports, const Parse& parse) = 0;
  /// Types, as written, of rows that are there and not wanted.
  virtual std::vector<std::string_view> types_left_out() const = 0;
};

/// What to split, and what an export is told by.
struct SplitRequest {
  const std::string& path;
  std::span<const KnownRow> known;
  bool lines = false;  ///< JSON Lines are wanted, and nothing else
  /// Asked with the envelope, which may be null, and the first row.
  std::function<bool(const doc::Value& envelope, const doc::Value& row)> is_export;
};

/// Tells the rows of an export apart. Nothing when it is none, or when the text has a form that only a reader
/// of whole documents understands; then `text` is as it was, else it was moved into `sources`.
std::optional<SplitExport> split_export(doc::Sources& sources, const SplitRequest& request, std::string& text,
                                        Arena& arena);

/// Parses rows that are wanted, on all threads. False when a row is no JSON.
class RowParser {
 public:
  RowParser(doc::Sources& sources, ThreadPool& pool) : sources_(sources), arenas_(pool.size()), pool_(pool) {}

  bool parse(SplitExport& split, ExportRow& row, std::size_t worker = 0);
  bool parse_wanted(std::deque<SplitExport>& exports);

  std::vector<Arena> take_arenas() { return std::move(arenas_); }
  std::vector<Diagnostic> take_diagnostics();

 private:
  doc::Sources& sources_;
  std::vector<Arena> arenas_;
  ThreadPool& pool_;
  std::mutex mutex_;
  std::vector<Diagnostic> diagnostics_;  // guarded by mutex_
};

}  // namespace redoubt::estate
