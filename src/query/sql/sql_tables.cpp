#include "query/sql/sql_tables.h"

#include <fmt/format.h>

#include "kql/json_text.h"
#include "query/detail/program.h"
#include "query/sql/relation_sql.h"

namespace redoubt::query::sql {

using kql::Type;
using kql::Value;

namespace {

// Of the engine.
constexpr std::string_view kEngineTime = "STO0005";
constexpr std::string_view kEngineMemory = "STO0006";
constexpr std::string_view kEngineStopped = "STO0008";
constexpr std::string_view kTooLarge = "STO0036";

/// A setting of the whole statement, beside a LIMIT that it may have.
std::string limit_of(const SqlQuery& query, std::uint64_t rows) {
  return fmt::format("{} limit = {}", query.has_settings ? "," : " SETTINGS", rows);
}

Value of_text(std::string_view text, Type type) {
  switch (type) {
    case Type::Dynamic: {
      if (text.empty()) return Value::null(type);
      std::optional<std::string> json = kql::normalize_json(text);
      return Value::of_dynamic(json ? std::move(*json) : kql::json_of_text(text));
    }
    case Type::String:
      return Value::of_string(std::string(text));
    default:
      return kql::convert(Value::of_string(std::string(text)), type);
  }
}

Value of_number(std::int64_t number, Type type) {
  switch (type) {
    case Type::Bool:
      return Value::of_bool(number != 0);
    case Type::Int:
      return Value::of_int(static_cast<std::int32_t>(number));
    case Type::DateTime:
      return Value::of_datetime(number);
    case Type::Timespan:
      return Value::of_timespan(number);
    case Type::Real:
      return Value::of_real(static_cast<double>(number));
    default:
      return Value::of_long(number);
  }
}

Value cell(const store::Column& column, std::size_t row, Type type) {
  if (column.is_null(row)) return Value::null(type);
  switch (column.type()) {
    case store::CellType::Bool:
      return of_number(std::get<store::Bools>(column.cells)[row], type);
    case store::CellType::Int32:
      return of_number(std::get<std::vector<std::int32_t>>(column.cells)[row], type);
    case store::CellType::Int64:
      return of_number(std::get<std::vector<std::int64_t>>(column.cells)[row], type);
    case store::CellType::Float64:
      return detail::as_cell(Value::of_real(std::get<std::vector<double>>(column.cells)[row]), type);
    default:
      return of_text(std::get<store::Strings>(column.cells)[row], type);
  }
}

}  // namespace

void append_cells(const store::Column& column, Type type, Cells& out) {
  const std::size_t rows = column.rows();
  for (std::size_t row = 0; row < rows; ++row)
    out.push_back(cell(column, row, type));
}

SqlTables::SqlTables(store::EventEngine& engine, const Catalog& catalog, const SqlTablesOptions& options,
                     std::stop_token stop)
    : engine_(engine), catalog_(catalog), options_(options), stop_(std::move(stop)) {}

SqlTables::~SqlTables() = default;

void SqlTables::attach(detail::Executor* executor) {
  executor_ = executor;
  relations_ =
      executor == nullptr ? nullptr : std::make_unique<RelationSql>(*executor, catalog_, options_.everything);
}

bool SqlTables::covers(const kql::Relation& relation) {
  return relations_ != nullptr && relations_->can(relation);
}

bool SqlTables::is_whole_table(const kql::Relation& relation, std::size_t rows) const {
  return TableSource::is_whole_table(relation, rows) && rows < executor_->wanted_rows(relation);
}

bool SqlTables::gives_up(const kql::Relation& relation, const Error& error) {
  if (relation.op == kql::NodeKind::Name || error.code != kTooLarge) return false;
  relations_->leave_out(relation);
  return true;
}

std::string SqlTables::sql_of(const kql::Relation& relation) {
  const std::optional<SqlQuery> query = relations_->query(relation);
  return query ? query->text : std::string();
}

Result<Table> SqlTables::read(const kql::Relation& relation) {
  std::optional<SqlQuery> query = relations_ == nullptr ? std::nullopt : relations_->query(relation);
  if (!query)
    return fail(Error::Kind::NotFound, "QRY0005", fmt::format("there is no table {}", relation.name));
  return rows_of(*std::move(query), relation);
}

Result<std::optional<Table>> SqlTables::read_likely(const kql::Relation& filter) {
  std::optional<SqlQuery> query = relations_ == nullptr ? std::nullopt : relations_->likely(filter);
  if (!query) return std::nullopt;
  Result<Table> out = rows_of(*std::move(query), *filter.inputs.front());
  if (!out && out.error().code == kTooLarge) return std::nullopt;
  if (!out) return tl::unexpected(std::move(out).error());
  return *std::move(out);
}

Result<Table> SqlTables::rows_of(SqlQuery query, const kql::Relation& relation) {
  std::vector<Cells> cells(query.types.size());
  std::size_t rows = 0;
  const std::uint64_t wanted = executor_->wanted_rows(relation);
  if (wanted != UINT64_MAX) query.text += limit_of(query, wanted);
  bool is_enough = false;
  const auto take = [&](store::Block block) -> Result<void> {
    is_enough = rows >= wanted;
    if (is_enough) return tl::unexpected(Budget::stopped());
    rows += block.rows();
    RD_TRY(executor_->budget().spend(0));
    for (std::size_t i = 0; i < cells.size(); ++i)
      append_cells(block.columns[i], query.types[i], cells[i]);
    return {};
  };
  Result<store::QueryStatistics> made = ask(query, take);
  ++queries_;
  if (!made && !is_enough) return tl::unexpected(std::move(made).error());
  if (made) {
    statistics_.rows_read += made->rows_read;
    statistics_.bytes_read += made->bytes_read;
    statistics_.elapsed += made->elapsed;
  }
  return Table(rows, relation.columns, std::move(cells));
}

/// A limit is that of the query, whoever meets it.
Result<store::QueryStatistics> SqlTables::ask(const SqlQuery& query, const store::BlockSink& sink) {
  const Budget& budget = executor_->budget();
  std::vector<store::Input> inputs = catalog_.inputs_of(query.text);
  for (store::Input& input : relations_->inputs_of(query.text))
    inputs.push_back(std::move(input));
  Result<store::QueryStatistics> made =
      engine_.query({query.text,
                     std::move(inputs),
                     {.max_time = budget.time_left(), .max_memory_bytes = budget.memory_left()}},
                    sink, stop_);
  if (made) return made;
  Error& error = made.error();
  if (error.code == kEngineTime) return tl::unexpected(budget.out_of_time());
  if (error.code == kEngineMemory) return tl::unexpected(budget.out_of_memory());
  if (error.code == kEngineStopped && stop_.stop_requested()) return tl::unexpected(Budget::stopped());
  return made;
}

}  // namespace redoubt::query::sql
