#pragma once

#include <string_view>

/// The text operators of KQL.
///
/// Case is ordinal, without case by Unicode's simple mapping. A term is a run of letters and digits; a match
/// of `has` must end at the border of a term on each side where the sought text itself begins or ends with a
/// letter or digit. The empty text is found everywhere.
/// Source: Kusto Query Language reference, "String operators", "What is a term?".
namespace redoubt::kql::detail {

enum class Case : bool { Ignored, Minded };
/// Which sides of a match must be the border of a term.
enum class Borders : unsigned char { Both, Front, Back };

bool contains_text(std::string_view text, std::string_view part, Case minded);
bool starts_with_text(std::string_view text, std::string_view part, Case minded);
bool ends_with_text(std::string_view text, std::string_view part, Case minded);
bool equal_text(std::string_view left, std::string_view right, Case minded);
bool has_term(std::string_view text, std::string_view part, Case minded, Borders borders = Borders::Both);

}  // namespace redoubt::kql::detail
