#include <fmt/format.h>

#include <algorithm>

#include "policy/detail/explain.h"

// What an unknown verdict hung on.

namespace redoubt::policy::detail {

using doc::Value;

namespace {

void unknowns_of_leaf(Scene& scene, const Condition& condition, std::vector<UnknownUse>& out) {
  const std::string_view name = condition.field.text;
  const auto operand = [&](const Operand& of, std::string_view field) {
    const Result<Value> value = value_of(scene, of);
    if (value) add_unknowns_of(scene, *value, field, out);
  };
  operand(condition.right, name);
  if (condition.kind == Condition::Kind::Value || condition.kind == Condition::Kind::CountValue)
    operand(condition.left, "value");
  if (condition.kind == Condition::Kind::Field || condition.kind == Condition::Kind::CountField) {
    const Result<Field> field = resolve_field(scene, condition.field);
    if (!field) return;
    if (field->kind == Field::Kind::Computed)
      return add_unknowns_of(scene, field->computed.constant, name, out);
    if (condition.kind == Condition::Kind::Field)
      visit_slots(scene, *field, [&](const Slot& slot) {
        if (slot.kind != Slot::Kind::Missing) add_unknowns_of(scene, slot.value, name, out);
        return true;
      });
  }
  if (condition.kind != Condition::Kind::CountField && condition.kind != Condition::Kind::CountValue) return;
  CountRange range;
  static_cast<void>(count_range(scene, condition, range, [&](const Slot& slot, Truth truth) {
    if (truth != Truth::Unknown) return;
    if (slot.kind == Slot::Kind::OpenArray || condition.members.empty())
      add_unknowns_of(scene, slot.value, name, out);
    else
      collect_unknowns(scene, *condition.members[0], out);
  }));
}

}  // namespace

void add_unknowns_of(const Scene& scene, const Value& value, std::string_view field,
                     std::vector<UnknownUse>& out) {
  if (value.is_unknown()) {
    const std::string& origin = scene.origins.at(value.unknown_id()).text;
    const bool known = std::any_of(out.begin(), out.end(), [&](const UnknownUse& use) {
      return use.origin == origin && use.field == field;
    });
    if (!known) out.push_back({std::string(field), origin});
  } else if (value.is_array()) {
    for (const Value& item : value.items())
      add_unknowns_of(scene, item, field, out);
  } else if (value.is_object()) {
    for (const doc::Member& member : value.members())
      add_unknowns_of(scene, member.value, field, out);
  }
}

void collect_unknowns(Scene& scene, const Condition& condition, std::vector<UnknownUse>& out) {
  switch (condition.kind) {
    case Condition::Kind::AllOf:
    case Condition::Kind::AnyOf:
    case Condition::Kind::Not:
      for (const Condition* member : condition.members) {
        const Truth truth = evaluate(scene, *member);
        if (truth == Truth::Unknown) collect_unknowns(scene, *member, out);
        if (truth == Truth::Error) {
          out.push_back({std::string(), fmt::format("evaluation error: {}", scene.error)});
          return;
        }
      }
      return;
    default:
      break;
  }
  unknowns_of_leaf(scene, condition, out);
}

}  // namespace redoubt::policy::detail
