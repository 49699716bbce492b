#include "report/csv.h"

#include <algorithm>
#include <array>
#include <vector>

#include "report/terminal_text.h"

namespace redoubt::report {

namespace {

constexpr std::array<std::string_view, 11> kFormulaStarts = {
    "=", "+", "-", "@", "\t", "\r", "\n", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};

bool reads_as_formula(std::string_view cell) {
  return std::any_of(kFormulaStarts.begin(), kFormulaStarts.end(),
                     [cell](std::string_view start) { return cell.starts_with(start); });
}

void append_cell(std::string& out, const CsvCell& cell, CsvControls controls) {
  std::string text = !cell.own && reads_as_formula(cell.text) ? "'" : "";
  text += controls == CsvControls::Kept ? std::string(cell.text) : printable(cell.text);
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

std::string csv_row(std::span<const std::string_view> cells) {
  std::vector<CsvCell> out;
  for (const std::string_view cell : cells)
    out.push_back({cell});
  return csv_record(out, CsvControls::WrittenOut);
}

std::string csv_record(std::span<const CsvCell> cells, CsvControls controls) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i != 0) out += ',';
    append_cell(out, cells[i], controls);
  }
  return out + "\r\n";
}

}  // namespace redoubt::report
