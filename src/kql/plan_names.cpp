#include "kql/detail/plan_names.h"

#include <fmt/format.h>

#include "kql/plan_walk.h"

namespace redoubt::kql::detail {

namespace {

/// Nodes of an expression that is said again in each place.
constexpr std::size_t kMostAgain = 60;
/// Characters of a literal that count as one node.
constexpr std::size_t kNodeText = 16;

/// How many places an expression stands in.
class Uses {
 public:
  explicit Uses(const Analysis& analysis) {
    each_node(
        analysis, [&](const Relation& rows) { add_operator(rows); },
        [&](const Expression& value) {
          if (&behind_names(value) != &value) return;
          for (const Expression* operand : value.operands)
            add(operand);
          add(value.value);
        });
  }

  bool several(const Expression& value) const {
    const auto found = uses_.find(&value);
    return found != uses_.end() && found->second > 1;
  }

 private:
  void add(const Expression* value) {
    if (value != nullptr) ++uses_[&behind_names(*value)];
  }

  void add_operator(const Relation& rows) {
    const Expression* before = nullptr;  // a call that gives several columns is said once
    for (const Assignment& one : rows.assignments)
      if (const Expression* const last = std::exchange(before, one.value); last != one.value) add(one.value);
    for (const Expression* argument : rows.arguments)
      add(argument);
    for (const SortKey& key : rows.order)
      add(key.value);
  }

  boost::unordered_flat_map<const Expression*, std::size_t> uses_;
};

}  // namespace

PlanNames::PlanNames(const Analysis& analysis) {
  const Uses uses(analysis);
  boost::unordered_flat_map<const Expression*, std::size_t> sizes;
  const auto size_of = [&](const Expression* value) -> std::size_t {
    if (value == nullptr) return 0;
    const Expression& one = behind_names(*value);
    return values_.contains(&one) ? 1 : sizes[&one];
  };
  each_node(
      analysis, [](const Relation&) {},
      [&](const Expression& value) {
        if (&behind_names(value) != &value) return;
        std::size_t size = 1 + size_of(value.value);
        if (value.kind == ExpressionKind::Literal) size += value.name.size() / kNodeText;
        for (const Expression* operand : value.operands)
          size += size_of(operand);
        sizes[&value] = size;
        if (size > kMostAgain && value.is_scalar() && uses.several(value)) values_.emplace(&value, "");
      });
}

const std::string* PlanNames::of_rows(const Relation& rows) const {
  const auto found = rows_.find(&rows);
  return found == rows_.end() ? nullptr : &found->second;
}

std::string_view PlanNames::of_value(const Expression& value) {
  std::string& name = values_.at(&value);
  if (name.empty()) {
    named_.push_back(&value);
    name = fmt::format("value{}", named_.size());
  }
  return name;
}

std::optional<PlanNames::Unsaid> PlanNames::next_unsaid() {
  if (said_ == named_.size()) return std::nullopt;
  const Expression* const value = named_[said_++];
  return Unsaid{value, values_.at(value)};
}

}  // namespace redoubt::kql::detail
