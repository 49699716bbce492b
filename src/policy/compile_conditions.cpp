#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "policy/detail/compiler.h"
#include "policy/vocabulary.h"

namespace redoubt::policy::detail {

using doc::Member;
using doc::Value;

namespace {

constexpr int kMaxDepth = 64;

constexpr std::string_view kConnectives[] = {"allOf", "anyOf", "not"};
constexpr std::string_view kSubjects[] = {"field", "value", "count"};

template <std::size_t N>
bool is_one_of(std::string_view name, const std::string_view (&words)[N]) {
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return equal_any_case(word, name); });
}

}  // namespace

Result<const Condition*> Compiler::condition(const Value& node, int depth) {
  at_ = node.place();
  if (depth > kMaxDepth)
    return wrong("POL0002", fmt::format("conditions nested deeper than {} levels", kMaxDepth));
  if (!node.is_object()) return wrong("POL0002", "a condition must be an object");
  Condition out;
  out.place = node.place();
  for (const Member& member : node.members()) {
    if (!is_one_of(member.name, kConnectives)) continue;
    if (node.size() != 1) return wrong("POL0002", fmt::format("{} stands alone in its object", member.name));
    return connective(member, out, depth);
  }
  RD_TRY(leaf(node, out, depth));
  note_role(out);
  out.says_when = says_when(node);
  return rule_.arena.make<Condition>(out);
}

Result<const Condition*> Compiler::connective(const Member& member, Condition out, int depth) {
  std::vector<const Condition*> members;
  if (equal_any_case(member.name, "not")) {
    out.kind = Condition::Kind::Not;
    const Condition* inner = RD_TRY(condition(member.value, depth + 1));
    members.push_back(inner);
  } else {
    out.kind = equal_any_case(member.name, "allOf") ? Condition::Kind::AllOf : Condition::Kind::AnyOf;
    if (!member.value.is_array())
      return wrong("POL0002", fmt::format("{} takes a list of conditions", member.name));
    for (const Value& item : member.value.items()) {
      const Condition* inner = RD_TRY(condition(item, depth + 1));
      members.push_back(inner);
    }
  }
  out.members = rule_.arena.copy(std::span<const Condition* const>(members));
  return rule_.arena.make<Condition>(out);
}

Result<void> Compiler::leaf(const Value& node, Condition& out, int depth) {
  const Member* subject = nullptr;
  const Member* comparison = nullptr;
  for (const Member& member : node.members()) {
    const bool is_subject = is_one_of(member.name, kSubjects);
    at_ = member.value.place();
    if (!is_subject && !find_operator(member.name)) {
      std::vector<std::string_view> names;
      for (const OperatorRow& row : operators())
        names.push_back(row.name);
      const auto near = closest(member.name, names);
      return wrong("POL0002", fmt::format("unknown operator: {}", member.name),
                   near ? fmt::format("did you mean {}?", *near) : std::string());
    }
    const Member*& slot = is_subject ? subject : comparison;
    if (slot != nullptr)
      return wrong("POL0002", is_subject ? "a condition has one of field, value and count"
                                         : "a condition has one operator");
    slot = &member;
  }
  if (subject == nullptr) return wrong("POL0002", "a condition has one of field, value and count");
  if (comparison == nullptr) return wrong("POL0002", "a condition has no operator");
  at_ = comparison->value.place();
  out.op = *find_operator(comparison->name);
  out.right = RD_TRY(operand(comparison->value));
  RD_TRY(check_right(*comparison, out));
  if (equal_any_case(subject->name, "field")) {
    out.kind = Condition::Kind::Field;
    out.field = RD_TRY(field(subject->value));
    return {};
  }
  if (equal_any_case(subject->name, "value")) {
    out.kind = Condition::Kind::Value;
    out.left = RD_TRY(operand(subject->value));
    return {};
  }
  return count(subject->value, out, depth);
}

/// What is wrong with the right side whatever the resource is.
Result<void> Compiler::check_right(const Member& member, const Condition& out) const {
  const Value& right = out.right.constant;
  if (out.right.kind == Operand::Kind::Expression || right.is_unknown()) return {};
  const bool is_list = out.op == Operator::In || out.op == Operator::NotIn;
  if (is_list
          ? out.right.kind == Operand::Kind::Object || (out.right.constant_throughout() && !right.is_array())
          : out.right.kind != Operand::Kind::Constant || right.is_container())
    return wrong("POL0002", fmt::format("{} takes {}", member.name,
                                        is_list ? "a list" : "one value, no list or object"));
  if (out.op == Operator::Exists) {
    const std::string text = scalar_text(right).value_or("");
    if (!equal_any_case(text, "true") && !equal_any_case(text, "false"))
      return wrong("POL0002", "exists takes true or false");
  }
  return {};
}

Result<void> Compiler::count(const Value& node, Condition& out, int depth) {
  if (!node.is_object()) return wrong("POL0002", "count must be an object");
  const Value* of_field = nullptr;
  const Value* of_value = nullptr;
  const Value* where = nullptr;
  const Value* name = nullptr;
  for (const Member& member : node.members()) {
    if (equal_any_case(member.name, "field"))
      of_field = &member.value;
    else if (equal_any_case(member.name, "value"))
      of_value = &member.value;
    else if (equal_any_case(member.name, "where"))
      where = &member.value;
    else if (equal_any_case(member.name, "name"))
      name = &member.value;
    else
      return wrong("POL0002", fmt::format("count has an unknown member: {}", member.name));
  }
  if ((of_field == nullptr) == (of_value == nullptr))
    return wrong("POL0002", "count takes one of field and value");
  if (of_field != nullptr) {
    out.kind = Condition::Kind::CountField;
    out.field = RD_TRY(field(*of_field));
    if (out.field.kind != Field::Kind::Computed && !out.field.text.ends_with("[*]"))
      return wrong("POL0002", fmt::format("count.field must end in [*]: {}", out.field.text));
  } else {
    out.kind = Condition::Kind::CountValue;
    out.left = RD_TRY(operand(*of_value));
    if (out.left.constant_throughout() && !out.left.constant.is_array() && !out.left.constant.is_unknown())
      return wrong("POL0002", "count.value must be a list");
    if (name != nullptr) {
      if (!name->is_string()) return wrong("POL0002", "count.name must be text");
      out.count_name = name->as_string();
    } else if (counts_ > 0) {
      return wrong("POL0002", "a value count inside a value count needs a name");
    }
  }
  if (where == nullptr) return {};
  counts_ += out.kind == Condition::Kind::CountValue ? 1 : 0;
  const Result<const Condition*> inner = condition(*where, depth + 1);
  counts_ -= out.kind == Condition::Kind::CountValue ? 1 : 0;
  if (!inner) return tl::unexpected(inner.error());
  const Condition* const members[] = {*inner};
  out.members = rule_.arena.copy(std::span<const Condition* const>(members));
  return {};
}

/// Whether metadata.when names what the leaf looks at, as it is written there.
bool Compiler::says_when(const Value& node) const {
  if (!rule_.when.is_array()) return false;
  std::optional<std::string_view> subject = node.text_of("field");
  if (!subject) subject = node.text_of("value");
  return subject && std::any_of(rule_.when.items().begin(), rule_.when.items().end(), [&](const Value& one) {
           return one.is_string() && equal_any_case(one.as_string(), *subject);
         });
}

void Compiler::note_role(Condition& condition) {
  if (condition.kind == Condition::Kind::Field) {
    switch (condition.field.kind) {
      case Field::Kind::Type:
        condition.role = Condition::Role::Type;
        rule_.has_type = true;
        return;
      case Field::Kind::Name:
      case Field::Kind::FullName:
        condition.role = Condition::Role::Name;
        rule_.has_name = true;
        return;
      case Field::Kind::ResourceKind:
        condition.role = Condition::Role::ResourceKind;
        rule_.has_kind = true;
        return;
      case Field::Kind::Location:
        rule_.has_location = true;
        break;
      default:
        break;
    }
  }
  rule_.has_other = true;
}

namespace {

using Types = std::optional<std::set<std::string>>;

Types of_leaf(const Condition& condition) {
  if (condition.role != Condition::Role::Type || !condition.right.constant_throughout()) return std::nullopt;
  const Value& right = condition.right.constant;
  std::set<std::string> types;
  if (condition.op == Operator::Equals && right.is_string()) {
    types.insert(lower(right.as_string()));
    return types;
  }
  if (condition.op != Operator::In || !right.is_array()) return std::nullopt;
  for (const Value& item : right.items()) {
    if (!item.is_string()) return std::nullopt;
    types.insert(lower(item.as_string()));
  }
  return types;
}

Types of_all(std::span<const Condition* const> members) {
  Types result;
  for (const Condition* member : members) {
    Types types = required_types(*member);
    if (!types) continue;
    if (!result) {
      result = std::move(types);
    } else {
      std::erase_if(*result, [&](const std::string& type) { return types->count(type) == 0; });
    }
  }
  return result;
}

Types of_any(std::span<const Condition* const> members) {
  if (members.empty()) return std::nullopt;
  std::set<std::string> all;
  for (const Condition* member : members) {
    const Types types = required_types(*member);
    if (!types) return std::nullopt;
    all.insert(types->begin(), types->end());
  }
  return all;
}

}  // namespace

Types required_types(const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::AllOf:
      return of_all(condition.members);
    case Condition::Kind::AnyOf:
      return of_any(condition.members);
    case Condition::Kind::Field:
      return of_leaf(condition);
    default:
      return std::nullopt;
  }
}

}  // namespace redoubt::policy::detail

namespace redoubt::policy {

std::vector<Word> condition_words() {
  return {
      {"allOf", "judged", "all members; the first false one decides"},
      {"anyOf", "judged", "one member; the first true one decides"},
      {"not", "judged", "the opposite; unknown stays unknown"},
      {"field", "judged", "a field of the resource"},
      {"value", "judged", "any value, mostly an expression"},
      {"count with field", "judged", "how many elements of an alias with [*] meet `where`, or are there"},
      {"count with value", "judged", "the same over a list; `name` names the element for current()"},
      {"count inside count", "judged", "at any depth; current() reaches the outer ones"},
  };
}

}  // namespace redoubt::policy
