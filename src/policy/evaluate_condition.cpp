#include <fmt/format.h>

#include <algorithm>

#include "policy/detail/environment.h"

namespace redoubt::policy::detail {

using doc::Value;

namespace {

/// Members in order. An error counts unless an earlier member decided; after an unknown member it leaves the
/// whole unknown (semantics 2.3, item 3).
Truth connective(Scene& scene, const Condition& condition) {
  const Truth deciding = condition.kind == Condition::Kind::AnyOf ? Truth::True : Truth::False;
  bool open = false;
  for (const Condition* member : condition.members) {
    const Truth truth = evaluate(scene, *member);
    if (truth == deciding) return truth;
    if (truth == Truth::Error) return open ? Truth::Unknown : Truth::Error;
    open = open || truth == Truth::Unknown;
  }
  return open ? Truth::Unknown : negate(deciding);
}

Truth failed(Scene& scene, const Error& error) {
  scene.error = error.message;
  return Truth::Error;
}

/// Counts comparisons; false when a rule takes too much work for one resource.
bool charge(Scene& scene, std::uint64_t steps) {
  if (steps > scene.budget.steps) {
    scene.error = "the rule takes too much work for this resource";
    return false;
  }
  scene.budget.steps -= steps;
  return true;
}

/// The field itself, or, where its name is an expression, what that gives, kept in `storage`.
Result<const Field*> field_to_use(Scene& scene, const Field& field, Field& storage) {
  if (field.kind != Field::Kind::Computed) return &field;
  storage = RD_TRY(resolve_field(scene, field));
  return &storage;
}

Truth evaluate_value(Scene& scene, const Condition& condition) {
  const Result<Value> left = value_of(scene, condition.left);
  if (!left) return failed(scene, left.error());
  const Result<Value> right = value_of(scene, condition.right);
  if (!right) return failed(scene, right.error());
  return compare(condition.op, &*left, *right,
                 {.computed_right = !condition.right.constant_throughout(), .origins = &scene.origins},
                 scene.error);
}

/// One more element of a field count's array, while its where is judged.
class Bound {
 public:
  Bound(Scene& scene, Binding binding) : scene_(scene) { scene_.bindings.push_back(std::move(binding)); }
  ~Bound() { scene_.bindings.pop_back(); }
  Bound(const Bound&) = delete;
  Bound& operator=(const Bound&) = delete;

 private:
  Scene& scene_;
};

void add(CountRange& range, Truth truth) {
  if (truth == Truth::True) ++range.least;
  if (truth == Truth::True || truth == Truth::Unknown) ++range.most;
}

Truth count_items(Scene& scene, const Condition& condition, std::span<const Value> items, CountRange& range,
                  const std::function<void(const Slot&, Truth)>& visit) {
  for (const Value& item : items) {
    const Bound bound(
        scene,
        Binding{.name = condition.count_name, .path = {}, .elements = {}, .indexes = {}, .value = item});
    const Truth truth = condition.members.empty() ? Truth::True : evaluate(scene, *condition.members[0]);
    if (truth == Truth::Error) return truth;
    add(range, truth);
    if (visit) visit(Slot{.kind = Slot::Kind::Present, .value = item}, truth);
  }
  return Truth::True;
}

Truth count_values(Scene& scene, const Condition& condition, CountRange& range,
                   const std::function<void(const Slot&, Truth)>& visit) {
  const Result<Value> list = value_of(scene, condition.left);
  if (!list) return failed(scene, list.error());
  if (!list->is_unknown() && !list->is_array()) {
    scene.error = "count.value must be a list";
    return Truth::Error;
  }
  // Of a list known in part each known element counts, and each open piece may hold more.
  std::span<const Value> pieces(&*list, 1);
  if (const std::span<const Value> known = scene.origins.pieces(*list); list->is_unknown() && !known.empty())
    pieces = known;
  Truth outcome = Truth::True;
  for (const Value& piece : pieces) {
    if (!piece.is_array()) {
      range.endless = true;
      outcome = Truth::Unknown;
      if (visit) visit(Slot{.kind = Slot::Kind::OpenArray, .value = piece}, Truth::Unknown);
    } else if (count_items(scene, condition, piece.items(), range, visit) == Truth::Error) {
      return Truth::Error;
    }
  }
  return outcome;
}

/// Whether the comparison gives one answer for every whole number of the range.
Truth compare_range(Scene& scene, const Condition& condition, const CountRange& range) {
  const Result<Value> right = value_of(scene, condition.right);
  if (!right) return failed(scene, right.error());
  const Comparison how{.computed_right = !condition.right.constant_throughout(), .origins = &scene.origins};
  std::int64_t last = range.most;
  if (range.endless || last - range.least > 64) {
    // Beyond the number it is compared with, the answer does not change any more.
    if (!right->is_int()) return range.endless || range.least != last ? Truth::Unknown : Truth::False;
    const std::int64_t beyond = std::max(range.least, right->as_int()) + 1;
    last = range.endless ? beyond : std::min(last, beyond);
  }
  std::optional<Truth> all;
  for (std::int64_t number = range.least; number <= last; ++number) {
    // From the first number the comparison can tell apart, one step each side of it is enough.
    if (right->is_int() && number < right->as_int() - 1 && number > range.least)
      number = std::min(last, right->as_int() - 1);
    const Value left = Value::integer(number);
    const Truth truth = compare(condition.op, &left, *right, how, scene.error);
    if (truth == Truth::Error || truth == Truth::Unknown) return truth;
    if (all && *all != truth) return Truth::Unknown;
    all = truth;
  }
  return all.value_or(Truth::Unknown);
}

}  // namespace

Truth evaluate(Scene& scene, const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::AllOf:
    case Condition::Kind::AnyOf:
      return connective(scene, condition);
    case Condition::Kind::Not:
      return negate(evaluate(scene, *condition.members[0]));
    case Condition::Kind::Field:
      return evaluate_field(scene, condition);
    case Condition::Kind::Value:
      return evaluate_value(scene, condition);
    case Condition::Kind::CountField:
    case Condition::Kind::CountValue:
      return evaluate_count(scene, condition);
  }
  return Truth::Error;
}

Truth evaluate_field(Scene& scene, const Condition& condition) {
  Field computed;
  const Result<const Field*> resolved = field_to_use(scene, condition.field, computed);
  if (!resolved) return failed(scene, resolved.error());
  const Field* const field = *resolved;
  const Result<Value> right = value_of(scene, condition.right);
  if (!right) return failed(scene, right.error());
  if (field->kind == Field::Kind::Computed) return Truth::Unknown;
  const Comparison how{.location = field->kind == Field::Kind::Location,
                       .computed_right = !condition.right.constant_throughout(),
                       .origins = &scene.origins};
  Truth all = Truth::True;
  visit_slots(scene, *field, [&](const Slot& slot) {
    Truth one = Truth::Unknown;
    if (!charge(scene, right->is_array() ? right->size() : 1)) {
      all = Truth::Error;
      return false;
    }
    if (slot.kind != Slot::Kind::OpenArray)
      one = compare(condition.op, slot.kind == Slot::Kind::Missing ? nullptr : &slot.value, *right, how,
                    scene.error);
    if (one == Truth::Error) {
      all = all == Truth::Unknown ? Truth::Unknown : Truth::Error;
      return false;
    }
    if (one == Truth::False) all = one;
    if (one == Truth::Unknown) all = one;
    return one != Truth::False;
  });
  return all;
}

Truth count_range(Scene& scene, const Condition& condition, CountRange& range,
                  const std::function<void(const Slot&, Truth)>& visit) {
  if (condition.kind == Condition::Kind::CountValue) return count_values(scene, condition, range, visit);
  Field computed;
  const Result<const Field*> resolved = field_to_use(scene, condition.field, computed);
  if (!resolved) return failed(scene, resolved.error());
  const Field* const field = *resolved;
  if (field->kind == Field::Kind::Computed) {
    range.endless = true;
    return Truth::Unknown;
  }
  const AliasPattern* pattern = nullptr;
  const std::span<const Step> path = path_of(scene, *field, pattern);
  Truth outcome = Truth::True;
  visit_slots(scene, *field, [&](const Slot& slot) {
    if (slot.kind == Slot::Kind::OpenArray) {
      range.endless = true;
      if (visit) visit(slot, Truth::Unknown);
      return true;
    }
    const Bound bound(scene, Binding{.name = {},
                                     .path = path,
                                     .elements = slot.elements,
                                     .indexes = slot.indexes,
                                     .value = slot.value});
    const Truth truth = condition.members.empty() ? Truth::True : evaluate(scene, *condition.members[0]);
    if (truth == Truth::Error) {
      outcome = truth;
      return false;
    }
    add(range, truth);
    if (visit) visit(slot, truth);
    return true;
  });
  return outcome;
}

Truth evaluate_count(Scene& scene, const Condition& condition) {
  CountRange range;
  if (count_range(scene, condition, range) == Truth::Error) return Truth::Error;
  return compare_range(scene, condition, range);
}

}  // namespace redoubt::policy::detail
