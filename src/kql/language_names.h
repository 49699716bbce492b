#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace redoubt::kql {

/// What a name of the language is that no function is. SpecialFunction: what looks like a call, but is bound
/// by rules of its own.
enum class LanguageNameKind : std::uint8_t {
  Statement,
  TabularOperator,
  BinaryOperator,
  JoinKind,
  Visualization,
  SpecialFunction
};

/// A documented name of the language other than a function's, for lists of what is offered where.
struct LanguageName {
  std::string_view name;  ///< as the documents write it: `mv-expand`, `!has_cs`, `matches regex`
  LanguageNameKind kind = LanguageNameKind::Statement;
  std::uint8_t availability = 0;  ///< kAdx and so on (functions.h)
  std::string_view link = {};     ///< the page of the documents, below learn.microsoft.com/kusto/query/
};

/// `statement`, `operator`, `binary operator`, `join kind`, `visualization`, `special function`.
std::string_view name_of(LanguageNameKind kind);

/// All of them, sorted by kind and then by name.
std::span<const LanguageName> language_names();

}  // namespace redoubt::kql
