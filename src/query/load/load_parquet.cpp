// Parquet, which the event engine reads; what it makes of the cells becomes texts, as in other files.

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <functional>
#include <set>

#include "core/text.h"
#include "core/time.h"
#include "kql/value.h"
#include "query/detail/load_forms.h"
#include "store/sql_text.h"

namespace redoubt::query::detail {

namespace {

using kql::Type;
using store::sql_name;
using store::sql_text;

constexpr std::string_view kMagic = "PAR1";

/// Of a group of rows of a file, unpacked: whole groups are read at once.
constexpr std::uint64_t kMostMemory = std::uint64_t{4} << 30;

/// How the cells of an engine's type become texts.
struct CellKind {
  std::string_view begins;   ///< of the engine's name of the type, without Nullable() and LowCardinality()
  std::optional<Type> type;  ///< none: what all values have in common
  CellForm form;
  std::string_view text;     ///< in SQL; {} is the cell
  std::string_view read_as;  ///< another type that it is read as; empty: itself
};
/// Source: Azure Data Explorer documentation, "Parquet mapping", Parquet type conversions. Days and times are
/// read as numbers: the engine's types begin with the year 1900.
constexpr CellKind kKinds[] = {
    {"Bool", Type::Bool, CellForm::Text, "toString({})", ""},
    {"Int8", Type::Int, CellForm::Text, "toString({})", ""},
    {"Int16", Type::Int, CellForm::Text, "toString({})", ""},
    {"Int32", Type::Int, CellForm::Text, "toString({})", ""},
    {"Int64", Type::Long, CellForm::Text, "toString({})", ""},
    {"UInt8", Type::Int, CellForm::Text, "toString({})", ""},
    {"UInt16", Type::Int, CellForm::Text, "toString({})", ""},
    {"UInt32", Type::Long, CellForm::Text, "toString({})", ""},
    {"UInt64", std::nullopt, CellForm::Text, "toString({})", ""},
    {"Float", Type::Real, CellForm::Text, "toString({})", ""},
    {"Decimal", Type::Decimal, CellForm::Text, "toString({})", ""},
    {"DateTime", Type::DateTime, CellForm::Text, "toString(reinterpretAsInt64({}))", ""},
    {"Date", Type::DateTime, CellForm::Text, "toString({})", "Int32"},
    {"UUID", Type::Guid, CellForm::Text, "toString({})", ""},
    {"String", Type::String, CellForm::String, "{}", ""},
    {"FixedString", Type::String, CellForm::String, "toString({})", ""},
    {"Enum", Type::String, CellForm::String, "toString({})", ""},
};
/// Lists, structures and maps.
constexpr CellKind kContainer{"", Type::Dynamic, CellForm::Json, "toJSONString({})", ""};

const CellKind& kind_of(std::string_view type) {
  for (const CellKind& kind : kKinds)
    if (type.starts_with(kind.begins)) return kind;
  return kContainer;
}

std::string_view without(std::string_view type, std::string_view wrapper) {
  if (!type.starts_with(wrapper)) return type;
  return type.substr(wrapper.size(), type.size() - wrapper.size() - 1);
}

struct ParquetColumn {
  std::string name;
  std::string engine_type;
  const CellKind* kind;
  Type type;                  ///< what a time is
  std::int64_t ticks = 0;     ///< of a unit of a time, where it has a whole number of them
  std::int64_t per_tick = 1;  ///< else so many units are a tick
  std::size_t place = 0;      ///< in the table
};

/// A file that is held open, so that it is the same one to the end, whatever its name is.
class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  bool begins_with(std::string_view magic) const {
    std::array<char, kMagic.size()> front{};
    return ::pread(descriptor_, front.data(), front.size(), 0) == static_cast<ssize_t>(front.size()) &&
           std::string_view(front.data(), front.size()) == magic;
  }
  std::uint64_t size() const { return static_cast<std::uint64_t>(::lseek(descriptor_, 0, SEEK_END)); }
  /// As the engine, which is of this process, may open it: it takes signs of other names for patterns.
  std::string name() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

 private:
  int descriptor_;
};

class ParquetFile {
 public:
  ParquetFile(const OpenFile& file, store::EventEngine& engine, LoadTarget& target)
      : file_(file), engine_(engine), target_(target) {}

  Result<void> read() {
    RD_TRY(describe());
    RD_TRY(settle_times());
    for (ParquetColumn& column : columns_) {
      column.place = RD_TRY(target_.column(column.name));
      RawColumn& raw = target_.table.at(column.place);
      if (!raw.type && column.kind->type) raw.type = column.type;
    }
    return ask(statement(), [&](const store::Block& block) { return take(block); });
  }

 private:
  Result<void> ask(const std::string& sql, const std::function<Result<void>(const store::Block&)>& take) {
    Result<void> taken;
    const store::BlockSink sink = [&](const store::Block& block) {
      taken = take(block);
      return taken;
    };
    const Result<store::QueryStatistics> done =
        engine_.query({.sql = sql, .inputs = {}, .limits = {.max_memory_bytes = kMostMemory}}, sink, {});
    if (done || !taken) return taken;
    return tl::unexpected(explained(done.error()));
  }

  /// What the engine says, about the file.
  Error explained(Error error) const {
    const Where where{target_.file.file, 0, 0, {}};
    if (error.kind == Error::Kind::Limit)
      return fail(Error::Kind::Limit, "QRY0012",
                  fmt::format("the Parquet file can't be read: {}", error.message), where,
                  "write it with smaller groups of rows")
          .value();
    if (error.kind != Error::Kind::InvalidInput) return error;
    std::string_view why = error.message;
    constexpr std::string_view kInside = "DB::Exception: ";
    if (const std::size_t at = why.rfind(kInside); at != std::string_view::npos)
      why.remove_prefix(at + kInside.size());
    for (const std::string_view end : {": (in file/uri", ": While executing", ": Could not"})
      why = why.substr(0, why.find(end));
    return fail(Error::Kind::InvalidInput, "QRY0011", fmt::format("the Parquet file can't be read: {}", why),
                where)
        .value();
  }

  Result<void> describe() {
    // A stream of results takes no DESCRIBE.
    return ask(
        fmt::format("SELECT JSONExtractString(one, 'Name'), JSONExtractString(one, 'Type') FROM (SELECT "
                    "arrayJoin(JSONExtractArrayRaw(arrayStringConcat(groupArray(explain), '\\n'), 1, "
                    "'Plan', 'Header')) AS one FROM (EXPLAIN json = 1, header = 1 SELECT * FROM file({}, "
                    "Parquet)))",
                    sql_text(file_.name())),
        [&](const store::Block& block) -> Result<void> {
          const auto& names = std::get<store::Strings>(block.columns[0].cells);
          const auto& types = std::get<store::Strings>(block.columns[1].cells);
          for (std::size_t row = 0; row < block.rows(); ++row)
            add(std::string(names[row]), std::string(types[row]));
          return {};
        });
  }

  void add(std::string name, std::string type) {
    const std::string_view bare = without(without(type, "LowCardinality("), "Nullable(");
    const CellKind& kind = kind_of(bare);
    ParquetColumn column{std::move(name), std::move(type), &kind, kind.type.value_or(Type::String)};
    if (kind.begins == "Date") column.ticks = kTicksPerDay;
    if (kind.begins == "DateTime") {
      // DateTime64(6, 'UTC'): millionths of seconds.
      const std::size_t digit = bare.find('(');
      const int digits = bare.starts_with("DateTime64(") ? bare[digit + 1] - '0' : 0;
      column.ticks = kTicksPerSecond;
      for (int i = 0; i < digits; ++i) {
        if (column.ticks > 1)
          column.ticks /= 10;
        else
          column.per_tick *= 10;
      }
    }
    columns_.push_back(std::move(column));
  }

  /// A time of a day looks to the engine like one of the first day.
  Result<void> settle_times() {
    std::set<std::string> of_day;
    RD_TRY(ask(fmt::format("SELECT one.path FROM file({}, ParquetMetadata) ARRAY JOIN columns AS one WHERE "
                           "startsWith(one.logical_type, 'Time(')",
                           sql_text(file_.name())),
               [&](const store::Block& block) -> Result<void> {
                 const auto& names = std::get<store::Strings>(block.columns[0].cells);
                 for (std::size_t row = 0; row < block.rows(); ++row)
                   of_day.insert(std::string(names[row]));
                 return {};
               }));
    for (ParquetColumn& column : columns_)
      if (column.type == Type::DateTime && of_day.contains(column.name)) column.type = Type::Timespan;
    return {};
  }

  std::string statement() const {
    std::string texts;
    std::string types;
    for (const ParquetColumn& column : columns_) {
      const std::string name = sql_name(column.name);
      const bool nullable = column.engine_type.find("Nullable(") == 0;
      const std::string text = fmt::format(fmt::runtime(column.kind->text), name);
      texts += fmt::format("{}ifNull({}, '')", texts.empty() ? "" : ", ", text);
      const std::string type = column.kind->read_as.empty() ? column.engine_type
                               : nullable ? fmt::format("Nullable({})", column.kind->read_as)
                                          : std::string(column.kind->read_as);
      types += fmt::format("{}{} {}", types.empty() ? "" : ", ", name, type);
    }
    // One thread and the order of the file: a load that is taken up again has to find the same rows.
    return fmt::format(
        "SELECT {} FROM file({}, Parquet, {}) SETTINGS max_threads = 1, input_format_parquet_preserve_order "
        "= 1, "
        "date_time_output_format = 'iso'",
        texts, sql_text(file_.name()), sql_text(types));
  }

  Result<void> take(const store::Block& block) {
    for (std::size_t row = 0; row < block.rows(); ++row) {
      RD_TRY(target_.begin_row(++row_));
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        const ParquetColumn& column = columns_[i];
        const std::string_view text = std::get<store::Strings>(block.columns[i].cells)[row];
        if (column.ticks == 0)
          target_.table.set(column.place, column.kind->form, text);
        else
          target_.table.set(column.place, CellForm::Text, text_of_time(column, text));
      }
    }
    return {};
  }

  static std::int64_t rounded_down(std::int64_t number, std::int64_t by) {
    return number / by - (number % by < 0 ? 1 : 0);
  }

  /// A time that KQL does not have stays the number that it is.
  static std::string text_of_time(const ParquetColumn& column, std::string_view text) {
    std::int64_t units = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), units);
    std::int64_t ticks = 0;
    const std::int64_t first = column.type == Type::DateTime ? from_epoch_seconds(0).ticks : 0;
    if (error != std::errc() || __builtin_mul_overflow(units, column.ticks, &ticks) ||
        __builtin_add_overflow(rounded_down(ticks, column.per_tick), first, &ticks))
      return std::string(text);
    if (column.type == Type::Timespan) return kql::to_text(kql::Value::of_timespan(ticks));
    if (ticks < 0 || ticks > kLastInstant.ticks) return std::string(text);
    return kql::to_text(kql::Value::of_datetime(ticks));
  }

  const OpenFile& file_;
  store::EventEngine& engine_;
  LoadTarget& target_;
  std::vector<ParquetColumn> columns_;
  std::uint64_t row_ = 0;
};

}  // namespace

bool is_parquet(std::string_view front) { return front.starts_with(kMagic); }

Result<void> read_parquet_table(files::TextInput&, LoadTarget& target) {
  const Where where{target.file.file, 0, 0, {}};
  if (target.path.empty())
    return fail(Error::Kind::InvalidInput, "QRY0011", "Parquet can't be read from a stream", where,
                "write it to a file, and load that");
  const OpenFile file(target.path);
  if (!file.begins_with(kMagic))
    return fail(Error::Kind::InvalidInput, "QRY0011", "the Parquet file is packed once more", where,
                "unpack it with gunzip");
  if (file.size() > target.limits.max_bytes)
    return fail(Error::Kind::Limit, "FIL0003",
                fmt::format("the file has more than {} bytes", target.limits.max_bytes), where);
  if (!target.engine) return fail(Error::Kind::Unsupported, "QRY0011", "Parquet is not read here", where);
  target.file.bytes = file.size();
  store::EventEngine* const engine = RD_TRY(target.engine());
  return ParquetFile(file, *engine, target).read();
}

}  // namespace redoubt::query::detail
