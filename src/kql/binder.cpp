#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_set>

#include "core/text.h"
#include "kql/analysis.h"
#include "kql/detail/binder.h"
#include "kql/detail/string_text.h"

namespace redoubt::kql {

namespace {

/// Tells which columns of which tables the columns that a query names are.
class TableUses {
 public:
  explicit TableUses(const Analysis& analysis) : analysis_(analysis) {
    for (const Relation* table : analysis.tables) {
      at_.try_emplace(table->name, out_.size());
      if (at_[table->name] == out_.size()) out_.push_back({table->name, {}});
      for (const Column* column : table->columns)
        tables_.emplace(column, table);
    }
    for (const auto& [column, rows] : analysis.inferred)
      inferred_.emplace(column, rows);
    for (const Relation* one : analysis.unions)
      for (const Column* column : one->columns)
        unions_.emplace(column, one);
  }

  std::vector<TableUse> run() {
    waiting_.assign(analysis_.columns.rbegin(), analysis_.columns.rend());
    while (!waiting_.empty()) {
      const Column* const column = waiting_.back();
      waiting_.pop_back();
      mark(column);
    }
    for (TableUse& use : out_)
      std::sort(use.columns.begin(), use.columns.end());
    std::sort(out_.begin(), out_.end(),
              [](const TableUse& left, const TableUse& right) { return left.table < right.table; });
    return std::move(out_);
  }

 private:
  void mark(const Column* column) {
    if (!seen_.insert(column).second) return;
    if (column->origin != nullptr) waiting_.push_back(column->origin);
    const auto [first, last] = tables_.equal_range(column);
    for (auto found = first; found != last; ++found)
      add(found->second->name, column->name);
    const auto [begin, end] = unions_.equal_range(column);
    for (auto found = begin; found != end; ++found)
      mark_in(*found->second, column->origin == nullptr ? column->name : column->origin->name);
    if (const auto found = inferred_.find(column); found != inferred_.end()) mark_open(found->second, column);
  }

  /// The columns of that name, of the tables that a union is made of.
  void mark_in(const Relation& joined, std::string_view name) {
    const auto [known, added] = by_name_.try_emplace(&joined);
    if (added)
      for (const Relation* input : joined.inputs)
        for (const Column* column : input->columns)
          known->second[column->name].push_back(column);
    if (const auto found = known->second.find(name); found != known->second.end())
      waiting_.insert(waiting_.end(), found->second.begin(), found->second.end());
  }

  /// Rows of one open table: what they have, it has.
  void mark_open(const Relation* rows, const Column* column) {
    std::vector<const Relation*> path;
    while (!lowest_.contains(rows) &&
           (rows->inputs.size() == 1 || (rows->op == NodeKind::MakeGraph && !rows->inputs.empty()))) {
      path.push_back(rows);
      rows = rows->inputs.front();  // of a graph: its edges
    }
    if (const auto known = lowest_.find(rows); known != lowest_.end()) rows = known->second;
    for (const Relation* one : path)
      lowest_[one] = rows;
    if (rows->op == NodeKind::Name && rows->open && !rows->name.empty()) add(rows->name, column->name);
  }

  void add(std::string_view table, std::string_view column) {
    const auto found = at_.find(table);
    if (found == at_.end()) return;
    if (added_.emplace(found->second, column).second) out_[found->second].columns.push_back(column);
  }

  const Analysis& analysis_;
  std::vector<TableUse> out_;
  std::unordered_map<std::string_view, std::size_t> at_;
  std::unordered_multimap<const Column*, const Relation*> tables_;
  std::unordered_map<const Column*, const Relation*> inferred_;
  std::unordered_multimap<const Column*, const Relation*> unions_;
  std::unordered_map<const Relation*, const Relation*> lowest_;  // what rows go back to, by themselves
  std::unordered_map<const Relation*, std::unordered_map<std::string_view, std::vector<const Column*>>>
      by_name_;
  std::set<std::pair<std::size_t, std::string_view>> added_;  // tables and columns
  std::unordered_set<const Column*> seen_;
  std::vector<const Column*> waiting_;
};

}  // namespace

std::vector<TableUse> Analysis::table_uses() const { return TableUses(*this).run(); }

const Relation* Analysis::result() const {
  for (auto result = results.rbegin(); result != results.rend(); ++result)
    if ((*result)->is_table() || (*result)->kind == ExpressionKind::Tables) return (*result)->relation();
  return nullptr;
}

namespace {

Analysis analyze_text(std::string_view text, const Environment& environment, const AnalysisLimits& limits,
                      const SavedFunction* function) {
  Analysis out;
  out.arena = std::make_unique<Arena>();
  out.syntax = parse(text, limits.parse);
  detail::Binder(out, environment, limits, function).run();
  std::stable_sort(out.syntax.problems.begin(), out.syntax.problems.end(),
                   [](const Problem& left, const Problem& right) { return left.offset < right.offset; });
  return out;
}

}  // namespace

Analysis analyze(std::string_view text, const Environment& environment, const AnalysisLimits& limits) {
  return analyze_text(text, environment, limits, nullptr);
}

Analysis analyze_function(const SavedFunction& function, const Environment& environment,
                          const AnalysisLimits& limits) {
  return analyze_text(function.query().query, environment, limits, &function);
}

namespace detail {

Binder::Binder(Analysis& analysis, const Environment& environment, const AnalysisLimits& limits,
               const SavedFunction* self)
    : analysis_(analysis),
      environment_(environment),
      schemas_(*environment.tables),
      limits_(limits),
      arena_(*analysis.arena),
      syntax_(&analysis.syntax),
      self_(self) {
  scopes_.push_back(std::make_unique<Scope>());
  scope_ = scopes_.back().get();
}

void Binder::run() {
  if (syntax_->root == nullptr || syntax_->root->kind != NodeKind::QueryBlock) return;
  if (self_ != nullptr) declare_own_parameters(*self_);
  bind_statements((*syntax_->root)[1], true);
}

std::string_view Binder::name_of(const Node& node) {
  switch (node.kind) {
    case NodeKind::BracketedName:
      return keep(string_text(*syntax_, node[0]));
    case NodeKind::BracedName: {
      std::string_view inside = text_of(node);
      inside.remove_prefix(1);
      inside.remove_suffix(1);
      return inside;
    }
    case NodeKind::WildcardName:
      return node.children.empty() ? text_of(node) : text_of(node[0]);
    case NodeKind::Missing:
      return {};
    default:
      return text_of(node);
  }
}

/// Whether reading broke off right behind a name that needs what follows: that is said already.
bool Binder::follows_break(std::string_view code, const Node& at) const {
  const std::vector<std::uint32_t>& broken = syntax_->broken_off;
  if (broken.empty() || !std::ranges::binary_search(broken, at.end)) return false;
  return code == "KQL0204" || code == "KQL0207" || equal_any_case(text_of(at), "not");
}

void Binder::problem(std::string_view code, std::string message, const Node& at, std::string hint,
                     Severity severity) {
  if (severity == Severity::Error && faults_++ == 0) first_fault_ = message;
  if (muted_ || follows_break(code, at)) return;
  const std::uint32_t offset = syntax_->tokens[at.begin].offset;
  const auto size = static_cast<std::uint32_t>(text_of(at).size());
  Problem found{code, severity, std::move(message), offset, size, std::move(hint)};
  if (within_ != nullptr)
    keep_saved_problem(std::move(found));
  else if (analysis_.syntax.problems.size() < limits_.parse.max_problems)
    analysis_.syntax.problems.push_back(std::move(found));
}

Expression* Binder::make(ExpressionKind kind, const Node& node) {
  Expression* const out = arena_.make<Expression>();
  out->kind = kind;
  out->syntax = &node;
  out->saved = within_ != nullptr;
  return out;
}

Binder::Bound Binder::scalar(ExpressionKind kind, const Node& node, Type type, bool constant) {
  Expression* const out = make(kind, node);
  out->type = type;
  out->constant = constant;
  out->literal = kind == ExpressionKind::Literal;
  return out;
}

Binder::Bound Binder::operation(const Node& node, Type type, std::initializer_list<Bound> operands) {
  return operation(node, type, std::vector<Bound>(operands));
}

Binder::Bound Binder::operation(const Node& node, Type type, const std::vector<Bound>& operands) {
  Expression* const out = make(ExpressionKind::Operator, node);
  out->type = type;
  out->op = syntax_->tokens[node.token].kind;
  out->constant =
      std::all_of(operands.begin(), operands.end(), [](Bound operand) { return operand->constant; });
  out->operands = arena_.copy(std::span<const Bound>(operands));
  return out;
}

std::span<const Relation* const> Binder::list_of(std::vector<const Relation*> relations) {
  return arena_.copy(std::span<const Relation* const>(relations));
}

std::span<const Expression* const> Binder::list_of(std::vector<Bound> expressions) {
  return arena_.copy(std::span<const Expression* const>(expressions));
}

Binder::Bound Binder::table(const Relation* relation, const Node& node) {
  Expression* const out = make(ExpressionKind::Table, node);
  out->relations = list_of({relation});
  return out;
}

Column* Binder::column(std::string_view name, Type type, DynamicShape shape) {
  return arena_.make<Column>(name, type, shape);
}

Column* Binder::column_of(Bound value, std::string_view name, std::optional<Type> type) {
  Column* const out = column(name, type.value_or(value->type), value->shape);
  out->guessed = !type && value->guessed;
  return out;
}

/// The same column under another name.
const Column* Binder::renamed(const Column* other, std::string_view name) {
  Column* const out = column(name, other->type, other->shape);
  out->origin = other;
  out->guessed = other->guessed;
  return out;
}

void Binder::too_much(std::string message, const Node& at) {
  const Change<bool> told(muted_, false);  // in the body of a function, too
  if (!too_much_) problem("KQL0231", std::move(message), at);
  too_much_ = true;
}

/// Of columns that are made, passed on or looked through.
bool Binder::spend(std::size_t columns, const Node& at) {
  column_work_ += columns;
  if (column_work_ <= limits_.max_column_work) return true;
  too_much("the tables of this query have too many columns, taken together", at);
  return false;
}

Relation* Binder::relation(NodeKind op, const Node& node, std::vector<const Column*> columns) {
  Relation* const out = arena_.make<Relation>();
  out->op = op;
  out->syntax = &node;
  out->saved = within_ != nullptr;
  out->text = text_of(node);
  if (columns.size() > limits_.max_columns) {
    too_much(fmt::format("a table of more than {} columns", limits_.max_columns), node);
    columns.resize(limits_.max_columns);
    out->open = true;
  }
  out->columns = arena_.copy(std::span<const Column* const>(columns));
  out->options = options_of(node);
  return out;
}

/// What is written beside an operator, wherever it stands.
std::span<const Option> Binder::options_of(const Node& node) {
  if (last_options_.first == &node) return last_options_.second;  // an operator may make many tables
  std::vector<Option> out;
  const auto take = [&](const Node& parameter) {
    if (parameter.kind != NodeKind::Parameter || parameter.child(1) == nullptr) return;
    out.push_back({text_of(parameter[0]), keep(parameter_text(parameter[1]))});
  };
  for (const Node* child : node.children) {
    if (child == nullptr) continue;
    take(*child);
    if (child->kind != NodeKind::List) continue;
    for (const Node* one : child->children)
      if (one != nullptr) take(*one);
  }
  last_options_ = {&node, arena_.copy(std::span<const Option>(out))};
  return last_options_.second;
}

Relation* Binder::same_rows(const Node& node) {
  Relation* const out = relation(node.kind, node, {});
  if (rows_ == nullptr) return out;
  out->columns = rows_->columns;
  if (rows_->open) out->columns = arena_.copy(std::span<const Column* const>(columns_of(rows_)));
  out->inputs = list_of({rows_});
  out->open = rows_->open;
  out->sorted = rows_->sorted;
  out->serialized = rows_->serialized;
  return out;
}

Binder::Bound Binder::projected(const Node& node, const Projection& projection, bool from_rows) {
  return table(projected_rows(node, projection, from_rows), node);
}

Relation* Binder::projected_rows(const Node& node, const Projection& projection, bool from_rows) {
  Relation* const out = relation(node.kind, node, projection.columns());
  out->assignments = arena_.copy(std::span<const Assignment>(projection.assignments()));
  if (from_rows && rows_ != nullptr) {
    out->inputs = list_of({rows_});
    out->open = rows_->open;
    out->sorted = rows_->sorted;
    out->serialized = rows_->serialized;
  }
  return out;
}

std::vector<const Column*> Binder::columns_of(const Relation* rows) const {
  if (rows == nullptr) return {};
  std::vector<const Column*> out(rows->columns.begin(), rows->columns.end());
  if (!rows->open) return out;
  if (const auto more = inferred_.find(rows); more != inferred_.end())
    out.insert(out.end(), more->second.columns.begin(), more->second.columns.end());
  return out;
}

const Column* Binder::find_column(const Relation* rows, std::string_view name) const {
  return rows == nullptr ? nullptr : find_column(rows->columns, name);
}

const Column* Binder::find_column(ColumnList columns, std::string_view name) const {
  static constexpr std::size_t kWide = 64;
  static constexpr std::uint32_t kOften = 8;
  NameIndex* const index = columns.size() < kWide ? nullptr : &name_indexes_[columns.data()];
  if (index != nullptr && ++index->lookups > kOften) {
    if (index->columns.empty())
      for (const Column* column : columns)
        index->columns.try_emplace(column->name, column);
    const auto found = index->columns.find(name);
    return found == index->columns.end() ? nullptr : found->second;
  }
  for (const Column* column : columns)
    if (column->name == name) return column;
  return nullptr;
}

/// A column of rows that may have more than is known.
const Column* Binder::find_or_infer(const Relation* rows, std::string_view name) {
  if (const Column* const found = find_column(rows, name)) return found;
  if (rows == nullptr || !rows->open) return nullptr;
  Inferred& more = inferred_[rows];
  const Column*& known = more.by_name[name];
  if (known == nullptr) {
    known = column(name, Type::Unknown);
    more.columns.push_back(known);
    analysis_.inferred.emplace_back(known, rows);
  }
  return known;
}

const Relation& Binder::rows_or_none() const {
  static const Relation none;
  return rows_ == nullptr ? none : *rows_;
}

}  // namespace detail

}  // namespace redoubt::kql
