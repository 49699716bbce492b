#include <algorithm>

#include "kql/detail/made_literal.h"
#include "kql/detail/plan_map.h"
#include "kql/detail/rewrites.h"
#include "kql/ingestion.h"
#include "kql/plan_walk.h"
#include "kql/search_terms.h"
#include "kql/union_columns.h"

namespace redoubt::kql::detail {

namespace {

/// Tests of single columns that the searches of a query become together; the tables beyond are searched as
/// it is written.
constexpr std::size_t kMaxTests = 100'000;

using Expressions = std::vector<const Expression*>;

bool is_true(const Value& value) { return value.is(Type::Bool) && !value.is_null() && value.as_bool(); }

bool is_truth(const Expression& value) {
  if (value.kind != ExpressionKind::Literal || value.type != Type::Bool) return false;
  const std::optional<Value> known = literal_value(value);
  return known && is_true(*known);
}

/// The tests of a search in one of its tables.
class TableSearch {
 public:
  /// What the columns of the search are in the table; null: it has none like it.
  using ColumnOf = std::function<const Column*(const Column*)>;

  /// With `spelled` a test of any column becomes tests of each; else it stays.
  TableSearch(Arena& arena, const Relation& table, const Relation& searched, bool cased, bool spelled,
              ColumnOf column_of)
      : arena_(arena), table_(table), cased_(cased), spelled_(spelled), column_of_(std::move(column_of)) {
    for (const Column* column : searched.columns)
      if (column != searched.source && column_of_(column) == nullptr) add_once(absent_, column->type);
  }

  /// What stands in place of a part of the condition. Nothing: itself; null: it can't be said.
  std::optional<const Expression*> of(const Expression& part) {
    if (part.kind == ExpressionKind::Column) return reference(part);
    const bool star = part.kind == ExpressionKind::Operator && !part.operands.empty() &&
                      part.operands[0]->kind == ExpressionKind::Star && part.op != TokenKind::Colon;
    if (star) return in_any_column(part);
    if (!spelled_) return std::nullopt;
    if (part.kind == ExpressionKind::Star) return nullptr;
    if (part.kind == ExpressionKind::Literal && part.type == Type::Bool && part.syntax != nullptr) {
      if (part.syntax->kind == NodeKind::Star) return truth(true);
      if (part.syntax->kind == NodeKind::String) return sought(part.name);
    }
    if (part.kind == ExpressionKind::Variable && part.type == Type::Bool && part.value != nullptr &&
        part.value->type == Type::String) {
      const std::optional<std::string> text = text_of(*part.value);
      return text ? sought(*text) : nullptr;
    }
    const bool colon = part.kind == ExpressionKind::Operator && part.op == TokenKind::Colon;
    return colon ? in_column(part) : std::optional<const Expression*>();
  }

  std::size_t tests() const { return tests_; }

 private:
  static void add_once(std::vector<Type>& types, Type type) {
    if (std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
  }

  static std::optional<std::string> text_of(const Expression& value) {
    const Expression* const literal = literal_behind(&value);
    const std::optional<Value> known = literal == nullptr ? std::nullopt : literal_value(*literal);
    return known ? std::optional(to_text(*known)) : std::nullopt;
  }

  const Expression* truth(bool value) { return make_literal(arena_, Value::of_bool(value), nullptr); }

  const Expression* reference(const Expression& part) {
    const Column* const here = column_of_(part.column);
    if (here != nullptr && here->type == part.type)
      return here == part.column ? &part : make_reference(arena_, here);
    return make_literal(arena_, Value::null(part.type), nullptr);
  }

  const Expression* operation(TokenKind op, const Expressions& operands, const Node* syntax) {
    Expression* const out = arena_.make<Expression>();
    out->kind = ExpressionKind::Operator;
    out->op = op;
    out->type = Type::Bool;
    out->syntax = syntax;
    out->operands = arena_.copy(std::span<const Expression* const>(operands));
    return out;
  }

  /// One of them; a tree that is no deeper than it has to be.
  const Expression* any_of(std::span<const Expression* const> tests) {
    if (tests.empty()) return truth(false);
    if (tests.size() == 1) return tests.front();
    const std::size_t half = tests.size() / 2;
    return operation(TokenKind::OrKeyword, {any_of(tests.first(half)), any_of(tests.subspan(half))}, nullptr);
  }

  /// A term in any column.
  const Expression* sought(std::string_view written) {
    const SearchTerm term = search_term_of(written, cased_);
    if (term.text.empty()) return truth(true);
    const Expression* const text = make_literal(arena_, Value::of_string(term.text), nullptr);
    Expressions tests;
    for (const Column* one : table_.columns)
      if (one->name != kIngestionColumn && may_hold(one->type, term))
        tests.push_back(operation(term.op, {make_reference(arena_, one), text}, nullptr));
    tests_ += tests.size();
    return any_of(tests);
  }

  /// `a:'x'`
  const Expression* in_column(const Expression& part) {
    const std::optional<std::string> written = text_of(*part.operands[1]);
    if (!written) return nullptr;
    if (part.operands[0]->kind == ExpressionKind::Star) return sought(*written);
    if (part.operands[0]->kind != ExpressionKind::Column) return nullptr;
    const SearchTerm term = search_term_of(*written, cased_);
    return operation(
        term.op, {reference(*part.operands[0]), make_literal(arena_, Value::of_string(term.text), nullptr)},
        nullptr);
  }

  /// `* has 'x'`; a column that other tables have is null here, which may be what is looked for.
  std::optional<const Expression*> in_any_column(const Expression& part) {
    const Expressions right(part.operands.begin() + 1, part.operands.end());
    std::vector<Value> values;
    for (const Expression* one : right) {
      const Expression* const literal = literal_behind(one);
      const std::optional<Value> value = literal == nullptr ? std::nullopt : literal_value(*literal);
      if (!value) return nullptr;
      values.push_back(*value);
    }
    const bool list = part.syntax != nullptr &&
                      (part.syntax->kind == NodeKind::In || part.syntax->kind == NodeKind::Between);
    if (!can_apply(part.op) || values.empty()) return nullptr;
    for (const Type type : absent_) {
      const Value null = Value::null(type);
      if (is_true(list ? apply(part.op, null, values) : apply(part.op, null, values.front())))
        return truth(true);
    }
    if (!spelled_) return std::nullopt;
    Expressions tests;
    for (const Column* one : table_.columns) {
      if (one->name == kIngestionColumn) continue;
      Expressions operands{make_reference(arena_, one)};
      operands.insert(operands.end(), right.begin(), right.end());
      tests.push_back(operation(part.op, operands, part.syntax));
    }
    tests_ += tests.size();
    return any_of(tests);
  }

  Arena& arena_;
  const Relation& table_;
  bool cased_;
  bool spelled_;
  ColumnOf column_of_;
  std::vector<Type> absent_;  ///< of columns that only other tables have
  std::size_t tests_ = 0;
};

class SpellSearches : public PlanMap {
 public:
  using PlanMap::PlanMap;

 protected:
  const Relation* map(const Relation* rows, const Relation&) override {
    if (rows->open || rows->inputs.size() != 1) return rows;
    const Relation& input = *rows->inputs.front();
    if (rows->op == NodeKind::Filter && !rows->arguments.empty()) return in_columns(*rows, input);
    if (rows->op != NodeKind::Search) return rows;
    // A union that was made for the search has its column, which the condition does not see.
    const bool of_tables = input.op == NodeKind::Union && input.source == rows->source;
    return of_tables ? in_each(*rows, input) : in_rows(*rows, input);
  }

 private:
  /// `where * has 'x'`
  const Relation* in_columns(const Relation& filter, const Relation& input) {
    bool has_star = false;
    each_expression(*filter.arguments.front(), [&](const Expression& part) {
      has_star = has_star || part.kind == ExpressionKind::Star;
    });
    if (!has_star || input.open || tests_ > kMaxTests) return &filter;
    TableSearch tests(arena(), input, input, false, true, [](const Column* column) { return column; });
    const Expression* const condition =
        substituted(*filter.arguments.front(), [&](const Expression& part) { return tests.of(part); });
    tests_ += tests.tests();
    if (condition == nullptr) return &filter;
    Relation* const out = copy(filter);
    out->arguments = keep(Expressions{condition});
    return out;
  }

  /// The union of what is found in each of the tables.
  const Relation* in_each(const Relation& search, const Relation& all) {
    const UnionColumns columns(all);
    std::vector<const Relation*> found;
    for (const Relation* table : all.inputs) {
      boost::unordered_flat_map<const Column*, const Column*> here;
      for (const Column* column : table->columns)
        if (const auto place = columns.place_of(*column)) here[all.columns[*place]] = column;
      found.push_back(searched(search, all, *table, [here = std::move(here)](const Column* column) {
        const auto one = here.find(column);
        return one == here.end() ? nullptr : one->second;
      }));
      if (found.back() == nullptr) return &search;
    }
    Relation* const out = copy(all);
    out->inputs = keep(found);
    return out;
  }

  /// Rows that are no stored tables: they get the column that says so.
  const Relation* in_rows(const Relation& search, const Relation& input) {
    const Relation* const found = searched(search, input, input, [&](const Column* column) {
      const bool has = std::find(input.columns.begin(), input.columns.end(), column) != input.columns.end();
      return has ? column : nullptr;
    });
    if (found == nullptr) return &search;
    Relation* const out = plain_copy(search, NodeKind::Extend);
    out->inputs = keep(std::vector<const Relation*>{found});
    out->columns = search.columns;
    out->name = search.name;
    out->assignments = keep(std::vector<Assignment>{
        {search.source,
         make_literal(arena(), Value::of_string(std::string(search.sources.front())), search.syntax)}});
    return out;
  }

  /// The rows of a table that the condition finds. Null: that can't be said so.
  const Relation* searched(const Relation& search, const Relation& all, const Relation& table,
                           TableSearch::ColumnOf column_of) {
    const bool cased = std::any_of(search.options.begin(), search.options.end(), [](const Option& one) {
      return one.name == "kind" && one.value == "case_sensitive";
    });
    const bool spelled = tests_ <= kMaxTests;
    TableSearch tests(arena(), table, all, cased, spelled, std::move(column_of));
    const Expression* const condition =
        substituted(*search.arguments.front(), [&](const Expression& part) { return tests.of(part); });
    tests_ += tests.tests();
    if (condition == nullptr) return nullptr;
    if (is_truth(*condition)) return &table;
    Relation* const out = plain_copy(search, spelled ? NodeKind::Filter : NodeKind::Search);
    out->inputs = keep(std::vector<const Relation*>{&table});
    out->columns = table.columns;
    if (table.op == NodeKind::Name) out->name = table.name;
    out->arguments = keep(Expressions{condition});
    if (!spelled) out->options = search.options;
    return out;
  }

  /// Another operator where the search stands.
  Relation* plain_copy(const Relation& search, NodeKind op) {
    Relation* const out = arena().make<Relation>();
    out->op = op;
    out->syntax = search.syntax;
    out->text = search.text;
    out->saved = search.saved;
    return out;
  }

  std::size_t tests_ = 0;
};

}  // namespace

void spell_searches(Analysis& analysis) { SpellSearches(analysis).run(); }

}  // namespace redoubt::kql::detail
