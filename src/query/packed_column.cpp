#include "query/packed_column.h"

#include <bit>
#include <optional>

namespace redoubt::query {

using kql::Type;
using kql::Value;

namespace {

bool is_text(Type type) {
  return type == Type::String || type == Type::Dynamic || type == Type::Guid || type == Type::Decimal;
}

std::int64_t number_of(const Value& value) {
  switch (value.type()) {
    case Type::Bool:
      return value.as_bool() ? 1 : 0;
    case Type::Real:
      return std::bit_cast<std::int64_t>(value.as_real());
    case Type::DateTime:
    case Type::Timespan:
      return value.ticks();
    default:
      return value.as_long();
  }
}

}  // namespace

void PackedColumn::append(const Value& value) {
  RD_CHECK(value.is_null() || value.is(type_));
  ++rows_;
  if (is_text(type_)) {
    if (value.is_null())
      texts_.append({});
    else if (type_ == Type::String)
      texts_.append(value.as_string());
    else
      texts_.append(type_ == Type::Dynamic ? value.json() : kql::to_text(value));
    return;
  }
  if (value.is_null()) {
    nulls_.resize(rows_);
    nulls_.back() = true;
  }
  numbers_.push_back(value.is_null() ? 0 : number_of(value));
}

void PackedColumn::seal() {
  texts_.seal();
  numbers_.shrink_to_fit();
}

Value PackedColumn::of_number(std::int64_t number) const {
  switch (type_) {
    case Type::Bool:
      return Value::of_bool(number != 0);
    case Type::Int:
      return Value::of_int(static_cast<std::int32_t>(number));
    case Type::Real:
      return Value::of_real(std::bit_cast<double>(number));
    case Type::DateTime:
      return Value::of_datetime(number);
    case Type::Timespan:
      return Value::of_timespan(number);
    default:
      return Value::of_long(number);
  }
}

Value PackedColumn::of_text(std::string_view text) const {
  if (type_ == Type::String) return Value::of_string(std::string(text));
  if (text.empty()) return Value::null(type_);
  if (type_ == Type::Dynamic) return Value::of_dynamic(std::string(text));
  if (type_ == Type::Guid) return Value::of_guid(*kql::read_guid(text));
  return Value::of_decimal(*kql::Decimal::read(text));
}

Value PackedColumn::operator[](std::size_t row) const {
  if (is_text(type_)) return of_text(texts_[row]);
  return is_null(row) ? Value::null(type_) : of_number(numbers_[row]);
}

Cells PackedColumn::cells() const {
  Cells out;
  out.reserve(rows_);
  for (std::size_t row = 0; row < rows_; ++row)
    out.push_back((*this)[row]);
  return out;
}

std::size_t PackedColumn::bytes() const {
  return numbers_.capacity() * sizeof(std::int64_t) + nulls_.capacity() / 8 + texts_.bytes();
}

}  // namespace redoubt::query
