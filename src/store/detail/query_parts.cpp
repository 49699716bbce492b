#include "store/detail/query_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "store/detail/native_type.h"

namespace redoubt::store::detail {

namespace {

bool is_identifier(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto is_part = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && is_letter(name.front()) && std::ranges::all_of(name, is_part);
}

}  // namespace

Result<void> check_input(const Input& input) {
  if (is_identifier(input.name) && !input.columns.empty() && input.blocks) return {};
  return fail(
      Error::Kind::Usage, "STO0015",
      fmt::format("an input needs a name of letters, digits and _, columns and blocks: {}", input.name));
}

std::string describe_statement(std::string_view sql) { return fmt::format("DESCRIBE TABLE (\n{}\n)", sql); }

Result<void> add_described(const Block& rows, Block& out) {
  const auto& names = std::get<Strings>(rows.columns.at(0).cells);
  const auto& types = std::get<Strings>(rows.columns.at(1).cells);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const NativeColumn column = RD_TRY(read_native_type(names[i], types[i]));
    const ColumnShape shape = {std::string(names[i]), column.type->cell, column.nullable};
    out.columns.push_back(make_column(shape));
  }
  return {};
}

}  // namespace redoubt::store::detail
