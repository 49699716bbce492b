#include "query/detail/plugin.h"

#include <algorithm>

namespace redoubt::query::detail {

using kql::Expression;
using kql::Value;

namespace {

bool is_default(const Expression& argument) {
  return argument.kind == kql::ExpressionKind::Literal && argument.type == kql::Type::String &&
         argument.name == "~";
}

}  // namespace

std::vector<const Expression*> PluginCall::arguments(std::string_view parameter) const {
  std::vector<const Expression*> out;
  const kql::Relation& of = relation();
  for (std::size_t i = 0; i < of.arguments.size() && i < of.argument_names.size(); ++i)
    if (of.argument_names[i] == parameter && of.arguments[i] != nullptr && !is_default(*of.arguments[i]))
      out.push_back(of.arguments[i]);
  return out;
}

const Expression* PluginCall::argument(std::string_view parameter) const {
  const std::vector<const Expression*> all = arguments(parameter);
  return all.empty() ? nullptr : all.front();
}

Result<Value> PluginCall::value(std::string_view parameter) const {
  const Expression* const written = argument(parameter);
  if (written == nullptr) return Value();
  return executor().constant(*written);
}

Result<std::int64_t> PluginCall::whole(std::string_view parameter, std::int64_t otherwise) const {
  const Value given = RD_TRY(value(parameter));
  const Value out = kql::convert(given, kql::Type::Long);
  return out.is_null() ? otherwise : out.as_long();
}

Result<double> PluginCall::real(std::string_view parameter, double otherwise) const {
  const Value given = RD_TRY(value(parameter));
  const Value out = kql::convert(given, kql::Type::Real);
  return out.is_null() ? otherwise : out.as_real();
}

Result<std::shared_ptr<const Cells>> PluginCall::cells(std::string_view parameter) const {
  const Expression* const written = argument(parameter);
  if (written == nullptr) return std::shared_ptr<const Cells>();
  return cells_of(executor(), {written}, input());
}

Result<std::vector<std::shared_ptr<const Cells>>> PluginCall::all_cells(std::string_view parameter) const {
  std::vector<std::shared_ptr<const Cells>> out;
  for (const Expression* one : arguments(parameter)) {
    std::shared_ptr<const Cells> cells = RD_TRY(cells_of(executor(), {one}, input()));
    out.push_back(std::move(cells));
  }
  return out;
}

const kql::Column* PluginCall::column(std::string_view parameter) const {
  const Expression* const written = argument(parameter);
  return written != nullptr && written->kind == kql::ExpressionKind::Column ? written->column : nullptr;
}

tl::unexpected<Error> refused(std::string message, std::string hint) {
  return fail(Error::Kind::InvalidInput, "QRY0006", std::move(message), {}, std::move(hint));
}

void PluginTable::add(std::shared_ptr<const Cells> cells) {
  if (next_ == relation_->columns.size()) return;
  const kql::Column* const column = relation_->columns[next_++];
  table_.set(column, typed_cells(std::move(cells), column->type));
}

void PluginTable::add(std::string_view name, kql::Type type, std::shared_ptr<const Cells> cells) {
  if (relation_->open) {
    table_.add(executor_->new_column(name, type), typed_cells(std::move(cells), type));
    return;
  }
  // The plan has made equal names different: the next column is the one where nothing else says so.
  const kql::ColumnList columns = relation_->columns;
  if (next_ < columns.size() && columns[next_]->name.starts_with(name)) return add(std::move(cells));
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i]->name == name) {
      next_ = i;
      return add(std::move(cells));
    }
}

void PluginTable::pass(const TableColumn& one) {
  if (relation_->open)
    table_.add(one.column, one.cells);
  else
    add(one.column->name, one.column->type, one.cells);
}

}  // namespace redoubt::query::detail
