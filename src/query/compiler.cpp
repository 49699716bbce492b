#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "kql/ingestion.h"
#include "kql/json_text.h"
#include "kql/pattern.h"
#include "kql/plan_walk.h"
#include "kql/search_terms.h"
#include "query/detail/keys.h"
#include "query/detail/program.h"

namespace redoubt::query::detail {

using kql::Expression;
using kql::ExpressionKind;
using kql::TokenKind;
using kql::Type;
using kql::Value;

namespace {

/// A list of more values than these is looked up, not gone through.
constexpr std::size_t kLongList = 4;

struct ListOperator {
  TokenKind op;
  bool negated;
  bool any_case;
};
constexpr ListOperator kMemberships[] = {{TokenKind::InKeyword, false, false},
                                         {TokenKind::NotInKeyword, true, false},
                                         {TokenKind::InCsKeyword, false, true},
                                         {TokenKind::NotInCsKeyword, true, true}};

const ListOperator* membership(TokenKind op) {
  for (const ListOperator& one : kMemberships)
    if (one.op == op) return &one;
  return nullptr;
}

// The other operators with a list on their right side.
bool takes_list(TokenKind op) {
  static constexpr TokenKind kLists[] = {TokenKind::HasAnyKeyword, TokenKind::HasAllKeyword,
                                         TokenKind::BetweenKeyword, TokenKind::NotBetweenKeyword};
  return membership(op) != nullptr || std::find(std::begin(kLists), std::end(kLists), op) != std::end(kLists);
}

/// Values of a list, those of arrays in it one by one.
std::vector<Value> flattened(const std::vector<Value>& list) {
  std::vector<Value> out;
  for (const Value& value : list) {
    if (!value.is(Type::Dynamic) || value.is_null() || kql::json_kind(value.json()) != kql::JsonKind::Array) {
      out.push_back(value.is(Type::Dynamic) ? kql::unwrap(value) : value);
      continue;
    }
    for (const std::string_view element : kql::json_elements(value.json()))
      out.push_back(kql::unwrap(Value::of_dynamic(std::string(element))));
  }
  return out;
}

/// Whether the value of a call is an array of those of its columns. Of one array that is sorted it is that
/// array.
bool gives_several(const Expression& call) {
  const bool one_array = call.columns.size() == 2 && call.columns[0]->type == Type::Dynamic &&
                         call.columns[1]->type == Type::Bool;
  return call.columns.size() > 1 && !one_array;
}

/// What says the same as an operator that is not run.
std::string hint_for(TokenKind op) {
  static constexpr TokenKind kLikes[] = {TokenKind::LikeKeyword, TokenKind::LikeCsKeyword,
                                         TokenKind::NotLikeKeyword, TokenKind::NotLikeCsKeyword};
  return std::ranges::find(kLikes, op) == std::end(kLikes)
             ? std::string()
             : "startswith, endswith, contains and has find parts of texts, matches regex patterns";
}

}  // namespace

/// Makes a program of expressions.
class Compiler {
 public:
  Compiler(Executor& executor, std::vector<const Table*> tables, const Program::Known* known)
      : executor_(executor), tables_(std::move(tables)), known_(known) {
    program_.evaluation_ = &executor.evaluation();
  }

  Result<Program> run(const std::vector<Root>& roots) {
    for (const Root& root : roots) {
      cased_ = root.cased;
      std::uint32_t step = RD_TRY(compiled(*root.value));
      const Expression& value = kql::behind_names(*root.value);
      if (value.kind == ExpressionKind::Columns && gives_several(value) &&
          program_.steps_[step].kind != Program::Kind::Known)
        step = member(step, constant(Value::of_long(root.part)));
      program_.results_.push_back(step);
    }
    for (Program::Step& step : program_.steps_)
      if (step.kind != Program::Kind::Known && step.kind != Program::Kind::Column) step.current = &step.value;
    return std::move(program_);
  }

 private:
  std::uint32_t add(Program::Step step) {
    program_.steps_.push_back(std::move(step));
    const auto at = static_cast<std::uint32_t>(program_.steps_.size() - 1);
    if (program_.steps_[at].kind != Program::Kind::Constant &&
        program_.steps_[at].kind != Program::Kind::Known)
      program_.moving_.push_back(at);
    return at;
  }

  std::uint32_t constant(Value value) {
    Program::Step step;
    step.value = std::move(value);
    return add(std::move(step));
  }

  bool is_constant(std::uint32_t step) const { return program_.steps_[step].kind == Program::Kind::Constant; }

  /// A step whose operands are constants is one itself.
  Result<std::uint32_t> settled(Program::Step step) {
    const bool fixed = step.kind != Program::Kind::Chance &&
                       std::all_of(step.operands.begin(), step.operands.end(),
                                   [&](std::uint32_t operand) { return is_constant(operand); });
    if (!fixed) return add(std::move(step));
    for (Program::Step& one : program_.steps_)
      if (one.kind == Program::Kind::Constant) one.current = &one.value;
    RD_TRY(program_.work_out(step));
    return constant(std::move(step.value));
  }

  std::uint32_t member(std::uint32_t base, std::uint32_t index) {
    Program::Step step;
    step.kind = Program::Kind::Member;
    step.operands = {base, index};
    return add(std::move(step));
  }

  std::uint32_t cells(std::shared_ptr<const Cells> values, std::uint32_t table) {
    Program::Step step;
    step.kind = Program::Kind::Column;
    step.cells = std::move(values);
    step.table = table;
    return add(std::move(step));
  }

  /// From the leaves up: an expression may be a long chain.
  Result<std::uint32_t> compiled(const Expression& root) {
    std::vector<std::pair<const Expression*, bool>> stack{{&root, false}};
    while (!stack.empty()) {
      const auto [value, opened] = stack.back();
      stack.pop_back();
      if (done_.contains(value)) continue;
      const std::vector<const Expression*> parts = parts_of(*value);
      if (!opened && !parts.empty()) {
        stack.emplace_back(value, true);
        for (auto part = parts.rbegin(); part != parts.rend(); ++part)
          stack.emplace_back(*part, false);
        continue;
      }
      done_[value] = RD_TRY(one(*value));
    }
    return done_[&root];
  }

  /// What has to be there before the expression.
  std::vector<const Expression*> parts_of(const Expression& value) const {
    if (known_ != nullptr && known_->contains(&value)) return {};
    if (value.kind == ExpressionKind::Variable ||
        (value.kind == ExpressionKind::Call && value.user != nullptr))
      return value.value == nullptr ? std::vector<const Expression*>()
                                    : std::vector<const Expression*>{value.value};
    if (value.kind == ExpressionKind::Operator && value.op == TokenKind::ToScalarKeyword) return {};
    const bool calls = value.kind == ExpressionKind::Call || value.kind == ExpressionKind::Columns;
    if (calls && value.function != nullptr && window_function(value.function->name) != nullptr) return {};
    std::vector<const Expression*> out;
    for (const Expression* operand : value.operands)
      if (operand->kind != ExpressionKind::Star && !operand->is_table()) out.push_back(operand);
    return out;
  }

  Result<std::uint32_t> one(const Expression& value) {
    if (known_ != nullptr)
      if (const auto found = known_->find(&value); found != known_->end()) {
        Program::Step step;
        step.kind = Program::Kind::Known;
        step.current = found->second;
        return add(std::move(step));
      }
    switch (value.kind) {
      case ExpressionKind::Literal: {
        if (value.type == Type::Bool && value.syntax != nullptr &&
            value.syntax->kind == kql::NodeKind::String)
          return sought(value.name);
        if (value.syntax != nullptr && value.syntax->kind == kql::NodeKind::Star)
          return constant(Value::of_bool(true));
        std::optional<Value> literal = kql::literal_value(value);
        return constant(literal ? std::move(*literal) : Value::null(value.type));
      }
      case ExpressionKind::Variable:
        if (value.value == nullptr)
          return fail(Error::Kind::InvalidInput, "QRY0006",
                      fmt::format("the parameter {} has no value", value.name), {},
                      "give it one with --param");
        if (value.type == Type::Bool && value.value->type == Type::String)
          return sought(kql::to_text(program_.steps_[done_[value.value]].value));
        return done_[value.value];
      case ExpressionKind::Column:
        return column(value);
      case ExpressionKind::Call:
      case ExpressionKind::Columns:
        return call(value);
      case ExpressionKind::Operator:
        return operation(value);
      case ExpressionKind::Member:
        return path(value);
      case ExpressionKind::Word:
        return constant(Value::null(value.type));
      case ExpressionKind::Error:
        return unsupported("an expression with errors");
      default:
        return unsupported("a table where a value is expected");
    }
  }

  Result<std::uint32_t> column(const Expression& value) {
    for (const kql::Column* from = value.column; from != nullptr; from = from->origin)
      for (std::size_t table = 0; table < tables_.size(); ++table)
        if (const auto* const found = tables_[table]->find(from))
          return cells(*found, static_cast<std::uint32_t>(table));
    if (const Value* const fixed = executor_.fixed_value(value.column)) return constant(*fixed);
    return unsupported(fmt::format("the column {} here", value.column->name));
  }

  Result<std::uint32_t> path(const Expression& value) {
    const std::uint32_t base = done_[value.operands[0]];
    const std::uint32_t index = value.operands.size() > 1
                                    ? done_[value.operands[1]]
                                    : constant(Value::of_string(std::string(value.name)));
    Program::Step step;
    step.kind = Program::Kind::Member;
    step.operands = {base, index};
    return settled(std::move(step));
  }

  Result<std::uint32_t> call(const Expression& value) {
    if (value.user != nullptr)
      return value.value == nullptr ? Result<std::uint32_t>(unsupported("a function without a value"))
                                    : Result<std::uint32_t>(done_[value.value]);
    if (value.function == nullptr) return unsupported("a function that is not known here");
    const std::string_view name =
        value.function->alias_of.empty() ? value.function->name : value.function->alias_of;
    if (window_function(name) != nullptr) return window(value, window_function(name));
    if (name == "column_ifexists") return column_if_exists(value);
    if (name == "iscolumnexists")
      return constant(Value::of_bool(cells_named(value.operands[0]->name) != nullptr));
    if (name == "column_names_of") return column_names_of(value);
    // Of rows of stored tables it is a column (kql::kIngestionColumn).
    if (name == "ingestion_time") return constant(Value::null(value.type));
    if (name == "pack_all") return pack_all(value);
    if (name == "bag_pack_columns") return pack_columns(value);
    Program::Step step;
    step.kind = kql::gives_by_chance(name) ? Program::Kind::Chance : Program::Kind::Call;
    step.function = value.function;
    for (const Expression* operand : value.operands) {
      if (operand->kind == ExpressionKind::Star && !tables_.empty())
        for (const TableColumn& one : tables_.front()->columns())
          step.operands.push_back(cells(one.cells, 0));
      else
        step.operands.push_back(done_.contains(operand) ? done_[operand] : constant({}));
    }
    if (step.kind == Program::Kind::Call && !kql::can_evaluate(*value.function))
      return unsupported(fmt::format("the function {}()", value.function->name));
    return settled(std::move(step));
  }

  Result<std::uint32_t> column_if_exists(const Expression& value) {
    const std::shared_ptr<const Cells>* const found = cells_named(value.operands[0]->name);
    return found != nullptr ? cells(*found, 0) : done_[value.operands[1]];
  }

  const std::shared_ptr<const Cells>* cells_named(std::string_view name) const {
    for (const Table* table : tables_)
      for (const TableColumn& one : table->columns())
        if (one.column->name == name) return &one.cells;
    return nullptr;
  }

  Result<std::uint32_t> column_names_of(const Expression& value) {
    std::string names = "[";
    if (!value.operands.empty() && value.operands[0]->is_table())
      for (const kql::Column* one : value.operands[0]->relation()->columns) {
        if (names.size() > 1) names += ',';
        kql::append_json_of_text(names, one->name);
      }
    return constant(Value::of_dynamic(names + "]"));
  }

  /// A bag of all columns.
  Result<std::uint32_t> pack_all(const Expression& value) {
    if (tables_.empty()) return unsupported("pack_all() without rows");
    static const kql::Function* const pack = kql::find_function("bag_pack", kql::FunctionKind::Scalar);
    Program::Step step;
    step.kind = Program::Kind::Call;
    step.function = pack;
    if (!value.operands.empty()) {
      const Value& option = program_.steps_[done_[value.operands[0]]].value;
      step.full_only = option.is(Type::Bool) && !option.is_null() && option.as_bool();
    }
    for (const TableColumn& one : tables_.front()->columns()) {
      if (one.column->name == kql::kIngestionColumn) continue;
      step.operands.push_back(constant(Value::of_string(std::string(one.column->name))));
      step.operands.push_back(cells(one.cells, 0));
    }
    if (step.operands.empty()) return constant(Value::of_dynamic("{}"));
    return add(std::move(step));
  }

  /// A bag of the columns that are named.
  Result<std::uint32_t> pack_columns(const Expression& value) {
    static const kql::Function* const pack = kql::find_function("bag_pack", kql::FunctionKind::Scalar);
    Program::Step step;
    step.kind = Program::Kind::Call;
    step.function = pack;
    for (const Expression* operand : value.operands) {
      if (operand->column == nullptr) return unsupported("bag_pack_columns() of what is no column");
      step.operands.push_back(constant(Value::of_string(std::string(operand->column->name))));
      step.operands.push_back(done_[operand]);
    }
    return settled(std::move(step));
  }

  Result<std::uint32_t> window(const Expression& value, WindowFunction function) {
    if (tables_.empty()) return unsupported("a window function without rows");
    WindowCall call;
    call.rows = tables_.front()->rows();
    for (const Expression* operand : value.operands) {
      std::shared_ptr<const Cells> of_operand = RD_TRY(cells_of(executor_, {operand}, *tables_.front()));
      call.operands.push_back(std::move(of_operand));
    }
    return cells(std::make_shared<const Cells>(function(call, value.type)), 0);
  }

  Result<std::uint32_t> operation(const Expression& value) {
    if (value.op == TokenKind::ToScalarKeyword) return to_scalar(value);
    if (value.op == TokenKind::Colon) return column_has(value);
    if (!value.operands.empty() && value.operands[0]->kind == ExpressionKind::Star) return anywhere(value);
    Program::Step step;
    step.op = value.op;
    const std::size_t count = value.operands.size();
    const bool list = count != 2 || takes_list(value.op);
    step.kind = count == 1 ? Program::Kind::Unary : list ? Program::Kind::List : Program::Kind::Binary;
    if (!kql::can_apply(value.op))
      return unsupported(fmt::format("the operator {}", kql::fixed_text(value.op)), hint_for(value.op));
    step.operands.push_back(done_[value.operands[0]]);
    for (std::size_t i = 1; i < count; ++i) {
      if (!value.operands[i]->is_table()) {
        step.operands.push_back(done_[value.operands[i]]);
        continue;
      }
      const std::vector<Value> values = RD_TRY(first_column(*value.operands[i]));
      for (const Value& listed : values)
        step.operands.push_back(constant(listed));
    }
    if (step.kind == Program::Kind::List) make_set(step, value.operands[0]->type);
    return settled(std::move(step));
  }

  /// A long list of constants of one type, that of what is looked for, becomes a set.
  void make_set(Program::Step& step, Type left) {
    const ListOperator* const op = membership(step.op);
    if (op == nullptr) return;
    std::vector<Value> list;
    for (std::size_t i = 1; i < step.operands.size(); ++i) {
      if (!is_constant(step.operands[i])) return;
      list.push_back(program_.steps_[step.operands[i]].value);
    }
    list = flattened(list);
    if (list.size() <= kLongList) return;
    auto set = std::make_shared<std::unordered_set<std::string>>();
    const auto widened = [](Type type) { return type == Type::Int ? Type::Long : type; };
    const Type wanted = op->any_case ? Type::String : widened(left);
    if (wanted != Type::String && wanted != Type::Long && wanted != Type::Guid) return;
    for (const Value& value : list) {
      if (value.is_null()) continue;
      if (!op->any_case && widened(value.type()) != wanted) return;
      set->insert(list_key(value, op->any_case));
    }
    step.kind = Program::Kind::Set;
    step.negated = op->negated;
    step.any_case = op->any_case;
    step.set = std::move(set);
  }

  Result<std::vector<Value>> first_column(const Expression& value) {
    const Table table = RD_TRY(executor_.rows(*value.relation()));
    if (table.columns().empty()) return std::vector<Value>();
    return *table.columns().front().cells;
  }

  Result<std::uint32_t> to_scalar(const Expression& value) {
    const Expression& inside = *value.operands[0];
    if (!inside.is_table()) {
      const Value out = RD_TRY(executor_.constant(inside));
      return constant(out);
    }
    const std::vector<Value> values = RD_TRY(first_column(inside));
    return constant(values.empty() ? Value::null(value.type) : values.front());
  }

  /// Of search: a term in any column.
  Result<std::uint32_t> sought(std::string_view text) {
    kql::SearchTerm term = kql::search_term_of(text, cased_);
    if (term.text.empty()) return constant(Value::of_bool(true));
    return anywhere(term.op, {constant(Value::of_string(std::move(term.text)))});
  }

  /// Of search: a term in one column, or in any: `a:'x'`.
  Result<std::uint32_t> column_has(const Expression& value) {
    const std::uint32_t right = done_[value.operands[1]];
    if (!is_constant(right)) return unsupported("a term of search that hangs on the row");
    const std::string text = kql::to_text(program_.steps_[right].value);
    if (value.operands[0]->kind == ExpressionKind::Star) return sought(text);
    kql::SearchTerm term = kql::search_term_of(text, cased_);
    Program::Step step;
    step.kind = Program::Kind::Binary;
    step.op = term.op;
    step.operands = {done_[value.operands[0]], constant(Value::of_string(std::move(term.text)))};
    return settled(std::move(step));
  }

  /// `* has 'x'`: in any column.
  Result<std::uint32_t> anywhere(const Expression& value) {
    std::vector<std::uint32_t> right;
    for (std::size_t i = 1; i < value.operands.size(); ++i)
      right.push_back(done_[value.operands[i]]);
    return anywhere(value.op, right);
  }

  std::uint32_t anywhere(TokenKind op, const std::vector<std::uint32_t>& right) {
    std::uint32_t found = constant(Value::of_bool(false));
    for (const Table* table : tables_)
      for (const TableColumn& one : table->columns()) {
        if (one.column->name == kql::kIngestionColumn) continue;
        Program::Step test;
        test.op = op;
        test.kind = right.size() != 1 || takes_list(op) ? Program::Kind::List : Program::Kind::Binary;
        test.operands = {cells(one.cells, 0)};
        test.operands.insert(test.operands.end(), right.begin(), right.end());
        const std::uint32_t tested = add(std::move(test));
        Program::Step either;
        either.kind = Program::Kind::Binary;
        either.op = TokenKind::OrKeyword;
        either.operands = {found, tested};
        found = add(std::move(either));
      }
    return found;
  }

  Executor& executor_;
  std::vector<const Table*> tables_;
  const Program::Known* known_;
  bool cased_ = false;
  Program program_;
  std::unordered_map<const Expression*, std::uint32_t> done_;
};

Result<Program> Program::compile(Executor& executor, const std::vector<Root>& roots,
                                 std::vector<const Table*> tables, const Known* known) {
  return Compiler(executor, std::move(tables), known).run(roots);
}

}  // namespace redoubt::query::detail
