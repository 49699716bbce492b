#include "query/detail/store_cells.h"

namespace redoubt::query::detail {

using kql::Type;

void append_value(store::Column& column, const kql::Value& value) {
  if (value.is_null() && column.nullable) return store::append_null(column);
  switch (value.type()) {
    case Type::Bool:
      return store::append(column, value.as_bool());
    case Type::Int:
      return store::append(column, static_cast<std::int32_t>(value.as_long()));
    case Type::Long:
    case Type::DateTime:
    case Type::Timespan:
      return store::append(column, value.as_long());
    case Type::Real:
      return store::append(column, value.as_real());
    case Type::String:
      return store::append(column, std::string_view(value.as_string()));
    case Type::Dynamic:
      return store::append(column, value.is_null() ? std::string_view() : std::string_view(value.json()));
    default:
      return store::append(column, std::string_view(kql::to_text(value)));
  }
}

}  // namespace redoubt::query::detail
