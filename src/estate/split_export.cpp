#include "estate/split_export.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <tuple>
#include <unordered_map>

#include "core/hash.h"
#include "doc/json.h"

namespace redoubt::estate {

using doc::Value;

namespace {

constexpr std::string_view kListKeys[] = {"data", "value"};

RowHash hash_of(std::string_view row) {
  const Sha256 whole = sha256(row);
  RowHash out;
  std::copy_n(whole.begin(), out.size(), out.begin());
  return out;
}

/// Finds the rows that an earlier state had, by their bytes: in order first, else wherever they stood.
class KnownRows {
 public:
  KnownRows(std::string_view text, std::span<const KnownRow> rows) : text_(text), rows_(rows) {}

  /// The size of the known row that begins there; 0: none does.
  std::uint32_t size_at(std::size_t offset, std::span<const doc::RowSpan> before) {
    hash_last(before);
    for (std::size_t i = next_; i < std::min(rows_.size(), next_ + kAhead); ++i) {
      const std::uint32_t size = rows_[i].size;
      if (!may_be(offset, size)) continue;
      const RowHash hash = hash_of(text_.substr(offset, size));
      if (hash != rows_[i].hash) continue;
      hashes_.push_back(hash);
      next_ = i + 1;
      return size;
    }
    return 0;
  }

  std::vector<RowHash> hashes(std::span<const doc::RowSpan> rows) {
    hash_last(rows);
    return std::move(hashes_);
  }

 private:
  static constexpr std::size_t kAhead = 2;  // of the rows that come next

  /// One that can't be known again has size 0.
  bool may_be(std::size_t offset, std::uint32_t size) const {
    const std::size_t end = offset + size;
    if (size == 0 || end > text_.size() || text_[end - 1] != '}') return false;
    return end == text_.size() || std::string_view(", \r\n\t]").find(text_[end]) != std::string_view::npos;
  }

  /// Of a row that brackets led to. Where it stood elsewhere, what followed it there is likely to follow
  /// here.
  void hash_last(std::span<const doc::RowSpan> rows) {
    if (rows.size() == hashes_.size()) return;
    hashes_.push_back(hash_of(text_.substr(rows.back().offset, rows.back().size)));
    if (rows_.empty()) return;
    if (by_hash_.empty())
      for (std::size_t i = 0; i < rows_.size(); ++i)
        by_hash_.emplace(rows_[i].hash, i);
    const auto found = by_hash_.find(hashes_.back());
    next_ = (found != by_hash_.end() ? found->second : next_) + 1;
  }

  std::string_view text_;
  std::span<const KnownRow> rows_;
  std::size_t next_ = 0;
  std::vector<RowHash> hashes_;  // of the rows so far
  std::unordered_map<RowHash, std::size_t, HashOfRowHash> by_hash_;
};

}  // namespace

std::optional<SplitExport> split_export(doc::Sources& sources, const SplitRequest& request, std::string& text,
                                        Arena& arena) {
  KnownRows earlier(text, request.known);
  const std::optional<doc::RowText> split =
      doc::split_rows(text, kListKeys, [&](std::size_t offset, std::span<const doc::RowSpan> before) {
        return earlier.size_at(offset, before);
      });
  if (!split || split->rows.empty() || (request.lines && !split->lines)) return std::nullopt;
  SplitExport out;
  out.path = request.path;
  if (!split->envelope.empty()) {
    const Result<Value> envelope = doc::parse_json(arena, split->envelope);
    if (!envelope) return std::nullopt;
    out.envelope = *envelope;
  }
  const auto text_of = [&](doc::RowSpan span) {
    return std::string_view(text).substr(span.offset, span.size);
  };
  // The first row says what the list is of, as with a whole document.
  const Result<Value> first = doc::parse_json(arena, text_of(split->rows.front()));
  if (!first || !request.is_export(out.envelope, *first)) return std::nullopt;
  const std::vector<RowHash> hashes = earlier.hashes(split->rows);
  out.rows.reserve(split->rows.size());
  for (std::size_t i = 0; i < split->rows.size(); ++i)
    out.rows.push_back({.span = split->rows[i], .hash = hashes[i]});
  out.file = sources.add(request.path, std::move(text));
  return out;
}

bool RowParser::parse(SplitExport& split, ExportRow& row, std::size_t worker) {
  if (row.parsed) return true;
  Result<Reading<Value>> read = doc::read_json_row(sources_, split.file, row.span, arenas_[worker]);
  row.parsed = true;
  if (!read) return false;
  row.value = read->value;
  row.faulty = !read->diagnostics.empty();
  if (row.faulty) {
    const std::scoped_lock lock(mutex_);
    std::move(read->diagnostics.begin(), read->diagnostics.end(), std::back_inserter(diagnostics_));
  }
  return true;
}

bool RowParser::parse_wanted(std::deque<SplitExport>& exports) {
  static constexpr std::size_t kBatch = 64;
  std::vector<std::pair<SplitExport*, ExportRow*>> wanted;
  for (SplitExport& split : exports)
    for (ExportRow& row : split.rows)
      if (row.wanted && !row.parsed) wanted.emplace_back(&split, &row);
  std::atomic<bool> all{true};
  pool_.parallel_for_workers((wanted.size() + kBatch - 1) / kBatch,
                             [&](std::size_t batch, std::size_t worker) {
                               const std::size_t end = std::min(wanted.size(), (batch + 1) * kBatch);
                               for (std::size_t i = batch * kBatch; i < end; ++i)
                                 if (!parse(*wanted[i].first, *wanted[i].second, worker)) all = false;
                             });
  return all;
}

std::vector<Diagnostic> RowParser::take_diagnostics() {
  std::sort(diagnostics_.begin(), diagnostics_.end(), [](const Diagnostic& left, const Diagnostic& right) {
    return std::tie(left.where.file, left.where.line, left.where.column) <
           std::tie(right.where.file, right.where.line, right.where.column);
  });
  return std::move(diagnostics_);
}

}  // namespace redoubt::estate
