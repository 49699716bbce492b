#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <utility>

#include "core/text.h"
#include "kql/detail/made_literal.h"
#include "kql/detail/plan_map.h"
#include "kql/detail/rewrites.h"
#include "kql/plan_walk.h"
#include "kql/union_columns.h"

namespace redoubt::kql::detail {

namespace {

using Conditions = std::vector<const Expression*>;

/// How far below a condition is carried, and how much work that may be in one query.
constexpr int kMaxDepth = 100;
constexpr std::size_t kMaxSteps = 200'000;
/// A condition does not grow by more nodes than these where it is said in other columns.
constexpr std::size_t kMaxNodes = 250;

// Kinds of joins whose result rows are whole rows of a side, so that conditions on it may be asked before.
// innerunique takes any one of the left rows with equal keys, so that asking before could choose another.
constexpr std::string_view kLeftSafe[] = {"inner",    "leftouter",    "leftsemi",
                                          "leftanti", "leftantisemi", "anti"};
constexpr std::string_view kRightSafe[] = {"inner",     "innerunique", "rightouter",
                                           "rightsemi", "rightanti",   "rightantisemi"};

bool has_column(const Relation& rows, const Column* column) {
  return std::find(rows.columns.begin(), rows.columns.end(), column) != rows.columns.end();
}

/// The same whenever it is asked, of the row alone.
bool is_pure(const Expression& root) {
  bool pure = true;
  each_expression(root, [&](const Expression& value) {
    if (value.kind == ExpressionKind::Call)
      pure =
          pure && (value.function != nullptr ? hangs_on_arguments(*value.function) : value.value != nullptr);
    else
      pure = pure && (value.kind == ExpressionKind::Column || value.kind == ExpressionKind::Literal ||
                      value.kind == ExpressionKind::Variable || value.kind == ExpressionKind::Operator ||
                      value.kind == ExpressionKind::Member);
    pure = pure && value.relations.empty() && !reads_unnamed_columns(value);
  });
  return pure;
}

/// How many nodes an expression has as a tree, where a part that is used twice counts twice; not beyond
/// kMostNodes. Linear in its nodes.
constexpr std::size_t kMostNodes = 1'000'000'000;
std::size_t size_of(const Expression& root) {
  std::vector<std::pair<const Expression*, bool>> stack{{&root, false}};
  boost::unordered_flat_map<const Expression*, std::size_t> sizes;
  while (!stack.empty()) {
    const auto [one, opened] = stack.back();
    stack.pop_back();
    if (one == nullptr || sizes.contains(one)) continue;
    if (!opened) {
      stack.emplace_back(one, true);
      for (const Expression* operand : one->operands)
        stack.emplace_back(operand, false);
      stack.emplace_back(one->value, false);
      continue;
    }
    std::size_t size = one->value == nullptr ? 1 : 1 + sizes[one->value];
    for (const Expression* operand : one->operands)
      size = std::min(kMostNodes, size + (operand == nullptr ? 0 : sizes[operand]));
    sizes[one] = size;
  }
  return sizes[&root];
}

class Push : public PlanMap {
 public:
  using PlanMap::PlanMap;

  /// Whether constants stand where an input of a union has no column, or for its name.
  bool has_constants() const { return has_constants_; }

 protected:
  const Expression* map(const Expression* value) override { return value; }

  const Relation* map(const Relation* rows, const Relation& before) override {
    if (uses(&before) > 1) shared_.insert(rows);
    if (rows->op != NodeKind::Filter || rows->inputs.size() != 1 || rows->arguments.empty()) return rows;
    Conditions conditions = conjuncts_of(rows->arguments.front());
    const Relation* input = rows->inputs.front();
    // Filters one behind the other are one.
    while (input->op == NodeKind::Filter && !shared_.contains(input) && steps_ < kMaxSteps) {
      const Conditions earlier = conjuncts_of(input->arguments.front());
      steps_ += earlier.size();
      conditions.insert(conditions.begin(), earlier.begin(), earlier.end());
      input = input->inputs.front();
    }
    const Relation* const out = named(filtered(sunk(input, conditions, 0), conditions, *rows), rows->name);
    if (uses(&before) > 1) shared_.insert(out);
    return out;
  }

 private:
  /// Rows on which the conditions hold; themselves, where there are none.
  const Relation* filtered(const Relation* rows, const Conditions& conditions, const Relation& like) {
    if (conditions.empty()) return rows;
    Relation* const out = copy(*rows);
    out->op = NodeKind::Filter;
    out->syntax = like.syntax;
    out->saved = like.saved;
    out->text = like.text;
    out->name = {};
    out->inputs = keep(std::vector<const Relation*>{rows});
    out->assignments = {};
    out->keys = 0;
    out->order = {};
    out->on = {};
    out->kind = {};
    out->time = nullptr;
    out->arguments = keep(Conditions{conjunction(conditions)});
    return out;
  }
  const Expression* conjunction(const Conditions& conditions) {
    const Expression* out = conditions.front();
    for (std::size_t i = 1; i < conditions.size(); ++i) {
      Expression* const both = arena().make<Expression>();
      both->kind = ExpressionKind::Operator;
      both->op = TokenKind::AndKeyword;
      both->type = Type::Bool;
      both->constant = out->constant && conditions[i]->constant;
      both->operands = keep(Conditions{out, conditions[i]});
      out = both;
    }
    return out;
  }

  /// Takes those of the conditions into the rows that may be asked inside; the others stay in the list.
  const Relation* sunk(const Relation* rows, Conditions& conditions, int depth) {
    steps_ += conditions.size();
    if (shared_.contains(rows) || depth > kMaxDepth || steps_ > kMaxSteps) return rows;
    switch (rows->op) {
      case NodeKind::Filter:
        return into_filter(rows, conditions, depth);
      case NodeKind::Project:
      case NodeKind::Extend:
      case NodeKind::ProjectAway:
      case NodeKind::ProjectKeep:
      case NodeKind::ProjectByNames:
      case NodeKind::ProjectReorder:
      case NodeKind::ProjectRename:
        return into_projection(rows, rows->assignments, conditions, depth);
      case NodeKind::Summarize:  // without keys it has a row, whatever the rows below are
        return rows->keys == 0
                   ? rows
                   : into_projection(rows, rows->assignments.first(rows->keys), conditions, depth);
      case NodeKind::Distinct:
      case NodeKind::Sort:
        return into_projection(rows, rows->assignments, conditions, depth);
      case NodeKind::Join:
        return into_join(rows, conditions, depth);
      case NodeKind::Union:
        return into_union(rows, conditions, depth);
      default:
        return rows;
    }
  }

  const Relation* into_filter(const Relation* rows, Conditions& conditions, int depth) {
    const Relation* const below = with_input(rows, 0, sunk(rows->inputs.front(), conditions, depth + 1));
    if (conditions.empty()) return below;
    Relation* const out = copy(*below);
    conditions.insert(conditions.begin(), rows->arguments.front());
    out->arguments = keep(Conditions{conjunction(conditions)});
    conditions.clear();
    return out;
  }

  const Relation* with_input(const Relation* rows, std::size_t number, const Relation* input) {
    if (rows->inputs[number] == input) return rows;
    std::vector<const Relation*> inputs(rows->inputs.begin(), rows->inputs.end());
    inputs[number] = input;
    Relation* const out = copy(*rows);
    out->inputs = keep(inputs);
    return out;
  }

  /// A side of an operator takes what it can; the rest of that goes right above it.
  const Relation* with_conditions(const Relation* rows, std::size_t number, Conditions conditions,
                                  int depth) {
    if (conditions.empty()) return rows;
    const Relation* const input = rows->inputs[number];
    const Relation* const below = sunk(input, conditions, depth + 1);
    // A table with conditions on it is that table to who asks for its name (withsource).
    const std::string_view name = below->op == NodeKind::Name ? below->name : std::string_view();
    return with_input(rows, number, named(filtered(below, conditions, *rows), name));
  }

  const Relation* named(const Relation* rows, std::string_view name) {
    if (name.empty() || rows->name == name) return rows;
    Relation* const out = copy(*rows);
    out->name = name;
    return out;
  }

  const Relation* into_projection(const Relation* rows, std::span<const Assignment> made,
                                  Conditions& conditions, int depth) {
    if (rows->inputs.size() != 1) return rows;
    const Relation& input = *rows->inputs.front();
    const bool all_pure = std::all_of(rows->assignments.begin(), rows->assignments.end(),
                                      [&](const Assignment& one) { return is_pure(*one.value); });
    if (!all_pure && rows->op != NodeKind::Summarize) return rows;  // windows look at other rows
    const auto source_of = [&](const Column* column) -> const Expression* {
      for (const Assignment& one : made)
        if (one.column == column) return is_pure(*one.value) ? one.value : nullptr;
      if (rows->op == NodeKind::Summarize) return nullptr;
      const Column* from = column;
      while (from != nullptr && !has_column(input, from))
        from = from->origin;
      return from == nullptr ? nullptr : reference(from);
    };
    return with_conditions(rows, 0, take(conditions, source_of), depth);
  }

  const Relation* into_join(const Relation* rows, Conditions& conditions, int depth) {
    if (rows->inputs.size() != 2) return rows;
    const Relation* out = rows;
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
      if (!is_one_of(rows->kind, side == 0 ? std::span(kLeftSafe) : std::span(kRightSafe))) continue;
      const Relation& input = *rows->inputs[side];
      const Relation& other = *rows->inputs[1 - side];
      const auto source_of = [&](const Column* column) -> const Expression* {
        const Column* from = column;
        while (from != nullptr && !has_column(input, from))
          from = from->origin;
        const bool both = from != nullptr && has_column(other, from);  // a table joined with itself
        return from == nullptr || both ? nullptr : reference(from);
      };
      out = with_conditions(out, side, take(conditions, source_of), depth);
    }
    return out;
  }

  /// Into all inputs; a column that one of them does not have is null there.
  const Relation* into_union(const Relation* rows, Conditions& conditions, int depth) {
    if (rows->inputs.empty() || rows->open) return rows;
    const UnionColumns columns(*rows);
    std::vector<Conditions> parts(rows->inputs.size());
    Conditions stay;
    for (const Expression* condition : conditions) {
      const Conditions of_inputs = in_inputs(*rows, columns, *condition);
      if (of_inputs.empty()) stay.push_back(condition);
      for (std::size_t i = 0; i < of_inputs.size(); ++i)
        parts[i].push_back(of_inputs[i]);
    }
    const Relation* out = rows;
    for (std::size_t i = 0; i < parts.size(); ++i)
      out = with_conditions(out, i, std::move(parts[i]), depth);
    conditions = std::move(stay);
    return out;
  }

  /// A condition on a union as one of each of its inputs. None: it can't be said of all.
  Conditions in_inputs(const Relation& rows, const UnionColumns& columns, const Expression& condition) {
    if (!is_pure(condition)) return {};
    boost::unordered_flat_map<const Column*, std::size_t> used;  // and their places
    bool of_source = false;
    each_expression(condition, [&](const Expression& part) {
      if (part.kind != ExpressionKind::Column) return;
      of_source = of_source || part.column == rows.source;
      const auto found = std::find(rows.columns.begin(), rows.columns.end(), part.column);
      used.emplace(part.column, static_cast<std::size_t>(found - rows.columns.begin()));
    });
    Conditions out;
    const Expression* of_none = nullptr;  // of the inputs that have none of the columns
    for (std::size_t i = 0; i < rows.inputs.size(); ++i) {
      boost::unordered_flat_map<const Column*, const Expression*> here;
      if (of_source) here[rows.source] = text_of(rows.sources[i]);
      for (const auto& [column, place] : used) {
        if (column == rows.source) continue;
        if (place == rows.columns.size()) return {};
        const Column* const one = columns.source_of(place, *rows.inputs[i]);
        if (one != nullptr && one->type != column->type) return {};
        if (one != nullptr) here[column] = reference(one);
      }
      has_constants_ = has_constants_ || of_source || here.size() < used.size();
      if (here.empty() && of_none != nullptr) {
        out.push_back(of_none);
        continue;
      }
      if (steps_ > kMaxSteps) return {};
      const Expression* const translated = translate(condition, [&](const Column* column) {
        const auto one = here.find(column);
        return one == here.end() ? null_of(column->type) : one->second;
      });
      if (translated == nullptr) return {};
      if (here.empty()) of_none = translated;
      out.push_back(translated);
    }
    return out;
  }

  const Expression* text_of(std::string_view text) {
    return make_literal(arena(), Value::of_string(std::string(text)), nullptr);
  }
  const Expression* null_of(Type type) { return make_literal(arena(), Value::null(type), nullptr); }

  const Expression* reference(const Column* column) {
    const Expression*& known = references_[column];
    if (known != nullptr) return known;
    known = make_reference(arena(), column);
    return known;
  }

  /// Those that can be said of what is below, in its columns; they leave the list.
  template <class Source>
  Conditions take(Conditions& conditions, const Source& source_of) {
    Conditions taken;
    Conditions stay;
    for (const Expression* condition : conditions)
      if (const Expression* const translated = translate(*condition, source_of))
        taken.push_back(translated);
      else
        stay.push_back(condition);
    conditions = std::move(stay);
    return taken;
  }

  /// Null: it can't be said.
  template <class Source>
  const Expression* translate(const Expression& root, const Source& source_of) {
    if (!is_pure(root)) return nullptr;
    bool grows = false;
    const std::size_t copied_before = copied();
    const Expression* const out = substituted(root, [&](const Expression& part) -> Substituted {
      if (part.kind != ExpressionKind::Column) return std::nullopt;
      const Expression* const source = source_of(part.column);
      if (source == nullptr) return nullptr;
      grows = grows || source->kind != ExpressionKind::Column;
      return source->kind == ExpressionKind::Column && source->column == part.column ? &part : source;
    });
    steps_ += copied() - copied_before;
    // A part that stands in several places is one node here, and is written out where it is asked.
    const bool too_large = grows && out != nullptr && size_of(*out) > size_of(root) + kMaxNodes;
    return too_large ? nullptr : out;
  }

  bool has_constants_ = false;
  boost::unordered_flat_set<const Relation*> shared_;  // read by several, so that none may change them
  boost::unordered_flat_map<const Column*, const Expression*> references_;
  std::size_t steps_ = 0;
};

}  // namespace

bool push_conditions(Analysis& analysis) {
  Push push(analysis);
  push.run();
  return push.has_constants();
}

}  // namespace redoubt::kql::detail
