#include "query/detail/watchlist_rows.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "core/hash.h"
#include "core/text.h"
#include "core/time.h"
#include "files/delimited.h"
#include "kql/json_text.h"
#include "kql/watchlist_items.h"
#include "query/detail/cell_text.h"

namespace redoubt::query::detail {

namespace {

using kql::Value;

constexpr std::uint64_t kMostBytes = 500'000'000;  // of a file
/// Of name-based UUIDs of items, 16 bytes.
constexpr std::string_view kNamespace = "redoubtwatchlist";

std::optional<std::int64_t> written_at(const std::string& file) {
  struct stat status{};
  if (stat(file.c_str(), &status) != 0) return std::nullopt;
  return from_epoch_seconds(status.st_mtime).ticks;
}

/// Items of one list, on their way into columns.
class Items {
 public:
  Items(const kql::Watchlist& list, std::string search_key, const kql::Relation& relation)
      : list_(list), search_key_(std::move(search_key)), relation_(relation) {
    cells_.resize(relation.columns.size());
    updated_ = written_at(list.where.file);
  }

  Result<void> take(const files::Record& record) {
    if (!record.mistake.empty())
      return fail(Error::Kind::InvalidInput, "QRY0020",
                  fmt::format("a row of the watchlist {} can't be read: {}", list_.alias, record.mistake),
                  Where{list_.where.file, static_cast<std::uint32_t>(record.line), 1, {}},
                  "correct the file");
    if (std::exchange(header_, false))
      take_header(record);
    else
      add(record);
    return {};
  }

  Table table() && { return {rows_, relation_.columns, std::move(cells_)}; }

 private:
  void take_header(const files::Record& record) {
    for (std::size_t i = 0; i < record.fields.size(); ++i)
      if (const std::string_view name = trim(record.fields[i]); !name.empty())
        if (places_.emplace(std::string(name), i).second) names_.emplace_back(name);
    const auto place = places_.find(search_key_);
    if (place != places_.end())
      key_ = place->second;
    else if (!names_.empty())
      key_ = places_[names_.front()];
  }

  void add(const files::Record& record) {
    ++rows_;
    for (std::size_t i = 0; i < cells_.size(); ++i)
      cells_[i].push_back(cell(record, *relation_.columns[i]));
  }

  Value cell(const files::Record& record, const kql::Column& column) const {
    const auto place = places_.find(column.name);
    if (place == places_.end()) return made(record, column);
    const std::string_view text = field(record, place->second);
    std::optional<Value> value;
    if (!text.empty()) value = value_of(column.type, CellForm::Text, text);
    return value ? std::move(*value) : Value::null(column.type);
  }

  /// What the file does not have, but every list does.
  Value made(const files::Record& record, const kql::Column& column) const {
    if (column.name == "SearchKey") return Value::of_string(std::string(field(record, key_)));
    if (column.name == "WatchlistItem") return Value::of_dynamic(item(record));
    if (column.name == "_DTItemId")
      return Value::of_string(name_uuid(kNamespace, fmt::format("{}\n{}", lower(list_.alias), item(record))));
    if (column.name == "LastUpdatedTimeUTC" && updated_) return Value::of_datetime(*updated_);
    return Value::null(column.type);
  }

  std::string item(const files::Record& record) const {
    std::string out = "{";
    for (const std::string& name : names_) {
      if (out.size() > 1) out += ',';
      kql::append_json_of_text(out, name);
      out += ':';
      kql::append_json_of_text(out, field(record, places_.find(name)->second));
    }
    return out + "}";
  }

  static std::string_view field(const files::Record& record, std::size_t place) {
    return place < record.fields.size() ? record.fields[place] : std::string_view();
  }

  const kql::Watchlist& list_;
  std::string search_key_;
  const kql::Relation& relation_;
  std::map<std::string, std::size_t, std::less<>> places_;
  std::vector<std::string> names_;
  std::size_t key_ = 0;
  std::optional<std::int64_t> updated_;
  std::vector<Cells> cells_;
  std::size_t rows_ = 0;
  bool header_ = true;
};

}  // namespace

Result<Table> watchlist_rows(const kql::Watchlist& list, const kql::Relation& relation) {
  const kql::WatchlistItems found = RD_TRY(kql::find_watchlist_items(list));
  std::istringstream content(found.content.value_or(""));
  std::unique_ptr<files::TextInput> input;
  if (found.content)
    input = files::TextInput::of_stream(content, list.where.file);
  else
    input = RD_TRY(files::TextInput::open(list.where.file, {.max_bytes = kMostBytes}));
  Items items(list, found.search_key.empty() ? "SearchKey" : found.search_key, relation);
  RD_TRY(files::read_delimited(*input, found.separator,
                               [&](const files::Record& record) { return items.take(record); }));
  return std::move(items).table();
}

}  // namespace redoubt::query::detail
