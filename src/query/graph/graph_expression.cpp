#include "query/detail/graph_expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "kql/json_text.h"
#include "query/detail/operators.h"

namespace redoubt::query::detail {

using kql::Expression;
using kql::ExpressionKind;
using kql::Value;

namespace {

constexpr std::uint32_t kNoElement = UINT32_MAX;

/// The same rows under the columns of an element, one by one.
Table under(const Table& rows, kql::ColumnList columns) {
  Table out(rows.rows());
  for (std::size_t i = 0; i < std::min(columns.size(), rows.columns().size()); ++i)
    out.add(columns[i], rows.columns()[i].cells);
  return out;
}

std::string bag_of(const Table& rows, Number row) {
  std::string out = "{";
  for (const TableColumn& one : rows.columns()) {
    if (out.size() > 1) out += ',';
    kql::append_json_of_text(out, one.column->name);
    out += ':' + kql::to_json((*one.cells)[row]);
  }
  return out + "}";
}

/// A dynamic array, piece by piece.
class ArrayText {
 public:
  void add(std::string_view json) {
    if (text_.size() > 1) text_ += ',';
    text_ += json;
  }
  Value value() && { return Value::of_dynamic(std::move(text_) + "]"); }

 private:
  std::string text_ = "[";
};

}  // namespace

PatternView::PatternView(Executor& of, const Graph& on, std::span<const kql::GraphElement> elements)
    : executor(of), graph(on), pattern(elements) {
  for (const kql::GraphElement& element : pattern)
    tables.push_back(under(element.edge ? graph.edges : graph.nodes, element.columns));
}

class PatternExpression::Parts {
 public:
  Parts(const PatternView& view, const Root& root, Current current)
      : view_(view), root_(root), current_(current) {}

  Result<void> compile() {
    RD_TRY(find_parts());
    std::sort(elements_.begin(), elements_.end());
    elements_.erase(std::unique(elements_.begin(), elements_.end()), elements_.end());
    if (is_whole(*root_.value)) return {};
    std::vector<const Table*> tables;
    if (current_.rows != nullptr) tables.push_back(current_.rows);
    for (const Table& one : view_.tables)
      tables.push_back(&one);
    rows_.resize(tables.size());
    Program::Known known;
    for (const std::unique_ptr<Slot>& slot : slots_)
      known[slot->expression] = &slot->value;
    Program made = RD_TRY(Program::compile(view_.executor, {root_}, std::move(tables), &known));
    program_.emplace(std::move(made));
    return {};
  }

  Result<Value> value(const Match& match, Number row) {
    if (!program_) return whole(*slots_.front(), match, root_.part);
    if (bare_.empty()) {
      RD_TRY(prepare(match, row));
      RD_TRY(program_->work_out(rows_));
      return program_->result(0);
    }
    ArrayText out;
    RD_TRY(each(match, row, [&] {
      out.add(kql::to_json(program_->result(0)));
      return true;
    }));
    return std::move(out).value();
  }

  Result<bool> holds(const Match& match, Number row) {
    bool all = true;
    if (!program_) return false;
    RD_TRY(each(match, row, [&] { return all = holds_true(program_->result(0)); }));
    return all;
  }

  std::span<const std::uint32_t> elements() const { return elements_; }

  std::optional<Filter> filter() const {
    if (elements_.size() != 1 || current_.rows != nullptr) return std::nullopt;
    const std::uint32_t element = elements_.front();
    if (!view_.pattern[element].edge) return Filter{Scope::Node, element};
    if (!view_.pattern[element].repeated()) return Filter{Scope::Edge, element};
    if (slots_.empty()) return Filter{Scope::Edge, element};
    const Slot& slot = *slots_.front();
    const bool of_all =
        slot.expression == root_.value && slot.function->name == "all" && slot.over->elements().empty();
    if (!of_all) return std::nullopt;
    return Filter{slot.inner ? Scope::Inner : Scope::Edge, element};
  }

 private:
  struct Slot;
  using WorkOut = Result<Value> (Parts::*)(Slot&, const Match&, Number);
  struct GraphFunction {
    std::string_view name;
    WorkOut work_out;
    bool over = false;  ///< it has an expression for each of the things that it is about
  };
  /// A part that is worked out here, not by the program.
  struct Slot {
    const Expression* expression = nullptr;
    const GraphFunction* function = nullptr;
    std::uint32_t element = kNoElement;  // else it is about the current row
    bool inner = false;
    Table rows;  // under the names that `over` has for them
    std::unique_ptr<PatternExpression> over;
    Value value;
  };
  static const GraphFunction kFunctions[];
  /// Null: there is none. A name of the pattern alone is one without a name.
  static const GraphFunction* function_named(std::string_view name);

  /// A name of the pattern, or inner_nodes() of one, alone.
  static bool is_whole(const Expression& value) {
    return value.kind == ExpressionKind::Columns &&
           (value.function != nullptr ? value.function->name == "inner_nodes" : !value.name.empty());
  }
  static bool is_part(const Expression& value) {
    return is_whole(value) || (value.function != nullptr && value.function->kind == kql::FunctionKind::Graph);
  }

  Result<void> find_parts() {
    std::unordered_map<const kql::Column*, std::uint32_t> owners;
    for (std::uint32_t i = 0; i < view_.pattern.size(); ++i)
      for (const kql::Column* column : view_.pattern[i].columns)
        owners.emplace(column, i);
    std::vector<const Expression*> stack{root_.value};
    while (!stack.empty()) {
      const Expression* const one = stack.back();
      stack.pop_back();
      if (one == nullptr ||
          (one->kind == ExpressionKind::Operator && one->op == kql::TokenKind::ToScalarKeyword))
        continue;
      if (is_part(*one)) {
        RD_TRY(add_slot(*one));
        continue;
      }
      const auto owner = one->kind == ExpressionKind::Column ? owners.find(one->column) : owners.end();
      if (owner != owners.end() && (current_.rows == nullptr || current_.rows->find(one->column) == nullptr))
        add_element(owner->second, true);
      stack.insert(stack.end(), one->operands.begin(), one->operands.end());
      stack.push_back(one->value);
    }
    return {};
  }

  void add_element(std::uint32_t element, bool bare) {
    elements_.push_back(element);
    const bool repeated = view_.pattern[element].edge && view_.pattern[element].repeated();
    if (bare && repeated && std::find(bare_.begin(), bare_.end(), element) == bare_.end())
      bare_.push_back(element);
  }

  /// Null: no name of the pattern.
  std::uint32_t element_named(std::string_view name) const {
    for (std::uint32_t i = 0; i < view_.pattern.size(); ++i)
      if (view_.pattern[i].name == name) return i;
    return kNoElement;
  }

  Result<void> add_slot(const Expression& value) {
    auto slot = std::make_unique<Slot>();
    slot->expression = &value;
    const std::string_view name = value.function == nullptr ? std::string_view() : value.function->name;
    slot->function = function_named(name);
    if (slot->function == nullptr) return unsupported(fmt::format("the function {}()", name));
    const Expression* about = value.function == nullptr ? &value : nullptr;
    if (about == nullptr && !value.operands.empty()) about = value.operands.front();
    const kql::ColumnList columns = about == nullptr ? kql::ColumnList() : about->columns;
    slot->inner = name == "inner_nodes" ||
                  (about != nullptr && about->function != nullptr && about->function->name == "inner_nodes");
    if (slot->inner && about->function != nullptr)
      about = about->operands.empty() ? nullptr : about->operands.front();
    if (about != nullptr) {
      slot->element = about->function == nullptr ? element_named(about->name) : kNoElement;
      if (slot->element == kNoElement)
        return unsupported(fmt::format("{}() of no name of the pattern", name));
      add_element(slot->element, false);
    } else if (current_.rows == nullptr) {
      return unsupported(fmt::format("{}() of nothing", name));
    }
    if (slot->function->over) RD_TRY(add_over(*slot, value, columns));
    slots_.push_back(std::move(slot));
    return {};
  }

  Result<void> add_over(Slot& slot, const Expression& value, kql::ColumnList columns) {
    if (value.operands.size() != 2) return unsupported("a graph function without an expression");
    const bool nodes = slot.inner || !view_.pattern[slot.element].edge;
    slot.rows = under(nodes ? view_.graph.nodes : view_.graph.edges, columns);
    PatternExpression over =
        RD_TRY(PatternExpression::compile(view_, {value.operands[1]}, {&slot.rows, nodes}));
    for (const std::uint32_t element : over.elements())
      add_element(element, false);
    slot.over = std::make_unique<PatternExpression>(std::move(over));
    return {};
  }

  /// What is about the match, and the rows of what is one row in it.
  Result<void> prepare(const Match& match, Number row) {
    for (const std::unique_ptr<Slot>& slot : slots_)
      slot->value = RD_TRY((this->*slot->function->work_out)(*slot, match, row));
    const std::size_t first = current_.rows == nullptr ? 0 : 1;
    if (first != 0) rows_[0] = row;
    for (const std::uint32_t element : elements_) {
      const kql::GraphElement& one = view_.pattern[element];
      if (!one.edge) rows_[first + element] = match.node[element];
      if (one.edge && !one.repeated()) rows_[first + element] = match.edges[element].front();
    }
    return {};
  }

  /// Works out the program for each edge of those that are many, until there is no more wanted.
  template <class Take>
  Result<void> each(const Match& match, Number row, Take take) {
    RD_TRY(prepare(match, row));
    const std::size_t first = current_.rows == nullptr ? 0 : 1;
    std::vector<std::size_t> at(bare_.size(), 0);
    for (const std::uint32_t element : bare_)
      if (match.edges[element].empty()) return {};
    for (;;) {
      for (std::size_t i = 0; i < bare_.size(); ++i)
        rows_[first + bare_[i]] = match.edges[bare_[i]][at[i]];
      RD_TRY(program_->work_out(rows_));
      if (!take()) return {};
      std::size_t moved = bare_.size();
      while (moved > 0 && ++at[moved - 1] == match.edges[bare_[moved - 1]].size())
        at[--moved] = 0;
      if (moved == 0) return {};
    }
  }

  std::span<const Number> numbers(const Slot& slot, const Match& match) const {
    if (slot.inner) return match.inner[slot.element];
    if (view_.pattern[slot.element].edge) return match.edges[slot.element];
    return {&match.node[slot.element], 1};
  }

  Number node_of(const Slot& slot, const Match& match, Number row) const {
    return slot.element == kNoElement ? row : match.node[slot.element];
  }

  // The functions.

  /// Bags of all columns; of `part` 1 and up one column.
  Value whole(const Slot& slot, const Match& match, std::uint32_t part) const {
    const kql::GraphElement& element = view_.pattern[slot.element];
    const Table& rows = slot.inner || !element.edge ? view_.graph.nodes : view_.graph.edges;
    const auto one = [&](Number number) {
      if (part == 0) return bag_of(rows, number);
      return part < rows.columns().size() ? kql::to_json((*rows.columns()[part].cells)[number])
                                          : std::string("null");
    };
    const std::span<const Number> all = numbers(slot, match);
    if (!slot.inner && (!element.edge || !element.repeated())) return Value::of_dynamic(one(all.front()));
    ArrayText out;
    for (const Number number : all)
      out.add(one(number));
    return std::move(out).value();
  }

  Result<Value> whole_value(Slot& slot, const Match& match, Number) { return whole(slot, match, 0); }

  Result<Value> all(Slot& slot, const Match& match, Number) {
    for (const Number number : numbers(slot, match))
      if (const bool holds = RD_TRY(slot.over->holds(match, number)); !holds) return Value::of_bool(false);
    return Value::of_bool(true);
  }

  Result<Value> any(Slot& slot, const Match& match, Number) {
    for (const Number number : numbers(slot, match))
      if (const bool holds = RD_TRY(slot.over->holds(match, number)); holds) return Value::of_bool(true);
    return Value::of_bool(false);
  }

  Result<Value> map(Slot& slot, const Match& match, Number) {
    ArrayText out;
    for (const Number number : numbers(slot, match)) {
      const Value one = RD_TRY(slot.over->value(match, number));
      out.add(kql::to_json(one));
    }
    return std::move(out).value();
  }

  /// A graph that a query makes has no labels.
  Result<Value> labels(Slot&, const Match&, Number) { return Value::of_dynamic("[]"); }

  Result<Value> degree_in(Slot& slot, const Match& match, Number row) {
    return degree(view_.graph.incoming, slot, match, row);
  }
  Result<Value> degree_out(Slot& slot, const Match& match, Number row) {
    return degree(view_.graph.outgoing, slot, match, row);
  }
  Result<Value> degree(const Incidence& edges, const Slot& slot, const Match& match, Number row) const {
    if (!is_node(slot)) return Value::null(kql::Type::Long);
    return Value::of_long(static_cast<std::int64_t>(edges.at(node_of(slot, match, row)).size()));
  }

  Result<Value> node_id(Slot& slot, const Match& match, Number row) {
    if (!is_node(slot)) return Value::null(kql::Type::String);
    return Value::of_string(kql::to_text((*view_.graph.ids)[node_of(slot, match, row)]));
  }

  bool is_node(const Slot& slot) const {
    if (slot.element == kNoElement) return current_.nodes;
    return !slot.inner && !view_.pattern[slot.element].edge;
  }

  const PatternView& view_;
  Root root_;
  Current current_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<std::uint32_t> elements_;
  std::vector<std::uint32_t>
      bare_;  // edges with a range that are said something of outside of all(), map() ...
  std::optional<Program> program_;
  std::vector<std::size_t> rows_;  // of each table of the program
};

const PatternExpression::Parts::GraphFunction PatternExpression::Parts::kFunctions[] = {
    {"", &Parts::whole_value},
    {"all", &Parts::all, true},
    {"any", &Parts::any, true},
    {"inner_nodes", &Parts::whole_value},
    {"labels", &Parts::labels},
    {"map", &Parts::map, true},
    {"node_degree_in", &Parts::degree_in},
    {"node_degree_out", &Parts::degree_out},
    {"node_id", &Parts::node_id},
};

const PatternExpression::Parts::GraphFunction* PatternExpression::Parts::function_named(
    std::string_view name) {
  for (const GraphFunction& row : kFunctions)
    if (row.name == name) return &row;
  return nullptr;
}

PatternExpression::PatternExpression(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PatternExpression::PatternExpression(PatternExpression&&) noexcept = default;
PatternExpression& PatternExpression::operator=(PatternExpression&&) noexcept = default;
PatternExpression::~PatternExpression() = default;

Result<PatternExpression> PatternExpression::compile(const PatternView& view, const Root& root,
                                                     Current current) {
  auto parts = std::make_unique<Parts>(view, root, current);
  RD_TRY(parts->compile());
  return PatternExpression(std::move(parts));
}

Result<Value> PatternExpression::value(const Match& match, Number row) { return parts_->value(match, row); }
Result<bool> PatternExpression::holds(const Match& match, Number row) { return parts_->holds(match, row); }
std::span<const std::uint32_t> PatternExpression::elements() const { return parts_->elements(); }
std::optional<PatternExpression::Filter> PatternExpression::filter() const { return parts_->filter(); }

}  // namespace redoubt::query::detail
