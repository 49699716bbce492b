#include "render.h"

#include <fmt/format.h>

#include <cctype>
#include <type_traits>

namespace redoubt::store {

namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += std::isprint(byte) != 0 && c != '\\' ? std::string(1, c) : fmt::format("\\x{:02X}", byte);
  }
  return out + "\"";
}

}  // namespace

std::string to_text(const Column& column, std::size_t row) {
  if (column.is_null(row)) return "-";
  return std::visit(
      [&](const auto& cells) -> std::string {
        using Type = std::remove_cvref_t<decltype(cells)>;
        if constexpr (std::is_same_v<Type, Strings>)
          return quoted(cells[row]);
        else if constexpr (std::is_same_v<Type, Bools>)
          return cells[row] != 0 ? "true" : "false";
        else
          return fmt::format("{}", cells[row]);
      },
      column.cells);
}

std::string to_text(const Block& block) {
  std::string out;
  for (const Column& column : block.columns)
    out += fmt::format("{}{} {}{}", out.empty() ? "" : " | ", column.name, name_of(column.type()),
                       column.nullable ? "?" : "");
  out += '\n';
  for (std::size_t row = 0; row < block.rows(); ++row) {
    for (const Column& column : block.columns)
      out += fmt::format("{}{}", &column == &block.columns.front() ? "" : " | ", to_text(column, row));
    out += '\n';
  }
  return out;
}

}  // namespace redoubt::store
