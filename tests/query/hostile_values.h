#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "kql/value.h"
#include "query/memory_tables.h"

namespace redoubt::query {

/// Values at the edges of each type: nulls, the largest and smallest, texts that mean something in SQL, JSON
/// or a pattern, with characters of odd case, JSON of every kind and depth, numbers written as texts. All
/// texts are UTF-8, as what the loaders give.
const std::vector<kql::Value>& hostile_values(kql::Type type);

/// The same value as KQL writes it.
std::string literal_of(const kql::Value& value);
/// A text as a literal of KQL.
std::string text_literal(std::string_view text);

/// Adds the table Hostile: two columns of each type, named by the letter of the type (see letter_of) and a
/// number, and `row`. Every value stands in its first column at least once.
void add_hostile_table(std::uint64_t seed, std::size_t rows, MemoryTables& out);

/// b bool, i int, l long, r real, s string, d datetime, n timespan, g guid, j dynamic.
kql::Type type_of_letter(char letter);

/// Makes expressions of KQL over the columns of that table out of templates, in which `$s` stands for an
/// expression of a type and `#s` for a constant.
class ExpressionMaker {
 public:
  explicit ExpressionMaker(std::uint64_t seed) : engine_(seed) {}

  /// An expression of a type; `depth` 0: a column or a constant.
  std::string of(char letter, int depth);
  /// The template with its parts filled in.
  std::string filled(std::string_view text, int depth);
  std::string constant(char letter);
  std::size_t one_of(std::uint64_t count) { return static_cast<std::size_t>(engine_() % count); }

 private:
  std::mt19937_64 engine_;
};

/// A way to make an expression of a type.
struct ExpressionTemplate {
  char result;
  std::string_view text;
};
const std::vector<ExpressionTemplate>& expression_templates();

}  // namespace redoubt::query
