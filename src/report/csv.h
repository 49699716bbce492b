#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace redoubt::report {

/// One record of CSV, with its line end (CR LF).
///
/// A cell that a spreadsheet would take for a formula gets an apostrophe in front: one that begins with
/// `=` `+` `-` `@`, their full-width forms, TAB, CR or LF. Other control characters, direction marks and
/// bytes that are no UTF-8 are written out (`\x1b`, `\u202e`) as for a terminal. Source: RFC 4180; OWASP,
/// "CSV Injection".
std::string csv_row(std::span<const std::string_view> cells);

/// What becomes of control characters in a cell.
enum class CsvControls : std::uint8_t {
  WrittenOut,  ///< as csv_row() has it: a reader or a terminal shows it
  Kept         ///< a program reads it: every byte stays
};

/// A cell whose text is a number, a time or another of our own making is no formula, also where it begins
/// with `-`.
struct CsvCell {
  std::string_view text;
  bool own = false;
};
std::string csv_record(std::span<const CsvCell> cells, CsvControls controls);

}  // namespace redoubt::report
