#include "policy/detail/explain.h"

#include <fmt/format.h>

#include <algorithm>

#include "arm/unknown_json.h"
#include "core/text.h"
#include "core/utf8.h"

namespace redoubt::policy::detail {

using doc::Value;

namespace {

/// One condition that the outcome hangs on, and how it came out.
struct Leaf {
  const Condition* condition;
  Truth truth;
  std::string rule_path;
  /// Beside "is missing" in one anyOf: what the same field may not be, and so what to write there.
  const Condition* companion = nullptr;
};

class LeafFinder {
 public:
  explicit LeafFinder(Scene& scene) : scene_(scene) {}

  void find(const Condition& condition, Truth outcome, const std::string& path) {
    switch (condition.kind) {
      case Condition::Kind::Not:
        return find(*condition.members[0], negate(outcome), path + ".not");
      case Condition::Kind::AllOf:
      case Condition::Kind::AnyOf:
        return members(condition, outcome, path);
      default:
        leaves.push_back({&condition, outcome, path});
    }
  }

  std::vector<Leaf> leaves;

 private:
  void members(const Condition& condition, Truth outcome, const std::string& path) {
    const bool all = condition.kind == Condition::Kind::AllOf;
    // One member decided, or every member took part.
    const bool one_decided = outcome == (all ? Truth::False : Truth::True);
    for (std::size_t i = 0; i < condition.members.size(); ++i) {
      const std::string at = fmt::format("{}.{}[{}]", path, all ? "allOf" : "anyOf", i);
      if (!one_decided) {
        find(*condition.members[i], outcome, at);
      } else if (evaluate(scene_, *condition.members[i]) == outcome) {
        find(*condition.members[i], outcome, at);
        if (!all) leaves.back().companion = companion_of(condition, *leaves.back().condition);
        return;
      }
    }
  }

  static const Condition* companion_of(const Condition& any_of, const Condition& leaf) {
    if (leaf.kind != Condition::Kind::Field || leaf.op != Operator::Exists) return nullptr;
    for (const Condition* member : any_of.members)
      if (member->kind == Condition::Kind::Field && member->op != Operator::Exists &&
          equal_any_case(member->field.text, leaf.field.text))
        return member;
    return nullptr;
  }

  Scene& scene_;
};

/// Properties that say which resources a rule is about. A rule rarely wants them changed, and following such
/// a fix would dodge it.
constexpr std::string_view kSelectors[] = {"createMode", "computeType",   "publisher", "offer",     "version",
                                           "type",       "kind",          "osType",    "managedBy", "tier",
                                           "family",     "resourceGroup", "sku"};

bool is_selector(const Field& field) {
  if (field.kind == Field::Kind::Id || field.kind == Field::Kind::Location || field.kind == Field::Kind::Tag)
    return true;
  if (field.text.find("imageReference") != std::string_view::npos ||
      field.text.find("/image") != std::string_view::npos)
    return true;
  if (field.path.empty()) return false;
  return std::any_of(std::begin(kSelectors), std::end(kSelectors),
                     [&](std::string_view word) { return equal_any_case(word, field.path.back().name); });
}

int weight(const Leaf& leaf) {
  if (leaf.condition->role != Condition::Role::Other) return 0;
  switch (leaf.condition->kind) {
    case Condition::Kind::Field:
      return is_selector(leaf.condition->field) ? 2 : 4;
    case Condition::Kind::CountField:
      return 3;
    default:
      return 1;
  }
}

/// What a person would have to hold for the leaf to come out the other way.
struct Wish {
  std::string text;
  std::optional<Value> value;
  bool gone = false;  ///< the property itself
};

Wish wish_for(const Scene& scene, Operator op, bool holds, const Value& right) {
  const OperatorRow& row = operators()[static_cast<std::size_t>(op)];
  // The positive form of the operator is to become true, or false.
  const bool wanted = (row.positive == op) != holds;
  const std::string text = shown(scene, right);
  switch (row.positive) {
    case Operator::Equals:
      if (wanted) return {fmt::format("expected {}", text), right};
      if (const auto scalar = scalar_text(right);
          scalar && (equal_any_case(*scalar, "true") || equal_any_case(*scalar, "false")))
        return {fmt::format("must not be {}", text), Value::boolean(equal_any_case(*scalar, "false"))};
      return {fmt::format("must not be {}", text), std::nullopt};
    case Operator::In:
      if (!wanted) return {fmt::format("must be none of {}", text), std::nullopt};
      if (right.is_array() && right.size() > 0)
        return {fmt::format("expected one of {}", text), right.items()[0]};
      return {fmt::format("expected one of {}", text), std::nullopt};
    case Operator::Exists: {
      const bool present = equal_any_case(scalar_text(right).value_or(""), "true") == wanted;
      return {present ? "it must be set" : "it must not be set", std::nullopt, !present};
    }
    case Operator::Less:
      return {fmt::format("expected {} {}", wanted ? "less than" : "at least", text), std::nullopt};
    case Operator::LessOrEquals:
      return {fmt::format("expected {} {}", wanted ? "at most" : "more than", text), right};
    case Operator::Greater:
      return {fmt::format("expected {} {}", wanted ? "more than" : "at most", text), std::nullopt};
    case Operator::GreaterOrEquals:
      return {fmt::format("expected {} {}", wanted ? "at least" : "less than", text), right};
    default:
      return {fmt::format("must {}{} {}", wanted ? "" : "not ",
                          row.positive == Operator::Like          ? "be like"
                          : row.positive == Operator::Contains    ? "contain"
                          : row.positive == Operator::ContainsKey ? "have the key"
                                                                  : "match",
                          text),
              std::nullopt};
  }
}

class Describer {
 public:
  Describer(Scene& scene, bool fact) : scene_(scene), fact_(fact) {}

  Decision describe(const Leaf& leaf) {
    Decision out;
    out.explanation.rule = leaf.rule_path;
    const Condition& condition = *leaf.condition;
    if (condition.kind == Condition::Kind::Field) return field(leaf, std::move(out));
    if (condition.kind == Condition::Kind::CountField) return count(leaf, std::move(out));
    if (condition.kind == Condition::Kind::CountValue) return value_count(leaf, std::move(out));
    const Result<Value> left = value_of(scene_, condition.left);
    const Result<Value> right = value_of(scene_, condition.right);
    out.explanation.place = scene_.looked_at->place;
    if (!left || !right) return out;
    out.explanation.value = *left;
    out.explanation.text =
        fmt::format("{} {} {}", shown(scene_, *left), name_of(condition.op), shown(scene_, *right));
    return out;
  }

 private:
  void place_of(const Slot& slot, Explanation& out) const {
    if (slot.kind == Slot::Kind::Present && slot.value.place()) {
      out.place = slot.value.place();
      if (slot.value.has_own_value_place()) out.value_place = slot.value.value_place();
    } else if (slot.parent != nullptr && slot.parent->place()) {
      out.place = slot.parent->place();
      if (slot.parent->has_own_value_place()) out.value_place = slot.parent->value_place();
    } else {
      out.place = scene_.looked_at->place;
    }
  }

  std::string path_for(const Field& field, const Slot& slot) {
    static constexpr std::string_view kPlain[] = {"type", "name", "name", "kind", "location", "id", "tags"};
    if (field.kind <= Field::Kind::Tags) return std::string(kPlain[static_cast<std::size_t>(field.kind)]);
    const AliasPattern* pattern = nullptr;
    return path_text(path_of(scene_, field, pattern), slot.indexes);
  }

  Decision field(const Leaf& leaf, Decision out) {
    const Condition& condition = *leaf.condition;
    const Result<Field> field = resolve_field(scene_, condition.field);
    const Result<Value> right = value_of(scene_, condition.right);
    out.explanation.field = condition.field.text;
    out.explanation.place = scene_.looked_at->place;
    if (!field || !right || field->kind == Field::Kind::Computed) return out;
    out.explanation.field = field->text;
    const Comparison how{
        .location = field->kind == Field::Kind::Location, .computed_right = true, .origins = &scene_.origins};
    std::optional<Slot> deciding;
    visit_slots(scene_, *field, [&](const Slot& slot) {
      std::string ignored;
      const Truth one = slot.kind == Slot::Kind::OpenArray
                            ? Truth::Unknown
                            : compare(condition.op, slot.kind == Slot::Kind::Missing ? nullptr : &slot.value,
                                      *right, how, ignored);
      if (one != leaf.truth) return true;
      deciding = slot;
      return false;
    });
    Slot slot = deciding.value_or(Slot{});
    if (!deciding) slot.parent = scene_.root;
    out.explanation.path = path_for(*field, slot);
    place_of(slot, out.explanation);
    const bool present = slot.kind == Slot::Kind::Present;
    if (present) out.explanation.value = slot.value;
    const Condition* const companion = fact_ ? nullptr : leaf.companion;
    Result<Value> beside = Value::null();
    if (companion != nullptr) beside = value_of(scene_, companion->right);
    const bool better = companion != nullptr && beside.has_value();
    const Wish wish = fact_    ? fact(condition.op, *right, leaf.truth)
                      : better ? wish_for(scene_, companion->op, leaf.truth == Truth::True, *beside)
                               : wish_for(scene_, condition.op, leaf.truth == Truth::True, *right);
    out.explanation.text =
        present ? fmt::format("{} is {}, {}", out.explanation.path, shown(scene_, slot.value), wish.text)
                : fmt::format("{} is missing, {}", out.explanation.path, wish.text);
    Fix fix{out.explanation.path, wish.value, {}, {}};
    fix.text = wish.value  ? fmt::format("set {} to {}", fix.path, shown(scene_, *wish.value))
               : wish.gone ? fmt::format("remove {}", fix.path)
                           : fmt::format("{}: {}", fix.path, wish.text);
    if (field->kind > Field::Kind::FullName) out.fix = std::move(fix);
    return out;
  }

  Decision count(const Leaf& leaf, Decision out) {
    const Condition& condition = *leaf.condition;
    const Result<Field> field = resolve_field(scene_, condition.field);
    const Result<Value> right = value_of(scene_, condition.right);
    out.explanation.field = condition.field.text;
    out.explanation.place = scene_.looked_at->place;
    if (!field || !right) return out;
    CountRange range;
    std::optional<Decision> hit;
    const Wish wish = fact_ ? fact(condition.op, *right, leaf.truth)
                            : wish_for(scene_, condition.op, leaf.truth == Truth::True, *right);
    static_cast<void>(count_range(scene_, condition, range, [&](const Slot& slot, Truth truth) {
      if (!hit && truth == Truth::True) hit = element(condition, *field, slot, leaf.rule_path);
    }));
    if (hit) {
      // The first element that counts is the first to change.
      hit->explanation.text += fmt::format(" ({} such of {}, {})", range.least, field->text, wish.text);
      return std::move(*hit);
    }
    const AliasPattern* pattern = nullptr;
    const std::span<const Step> path = path_of(scene_, *field, pattern);
    const std::span<const Step> array = path.first(path.empty() ? 0 : path.size() - 1);
    out.explanation.path = path_text(array, {});
    Slot at;
    at.parent = scene_.root;
    visit_path(scene_, *scene_.root, array, [&](const Slot& slot) {
      at = slot;
      return false;
    });
    place_of(at, out.explanation);
    out.explanation.text =
        fmt::format("no element of {} meets the condition, {}", out.explanation.path, wish.text);
    out.fix = Fix{out.explanation.path, std::nullopt, std::nullopt,
                  fmt::format("add an element to {} that meets the condition", out.explanation.path)};
    return out;
  }

  /// A count of listed values: which of them count, and what the first of those, or of the others, met.
  Decision value_count(const Leaf& leaf, Decision out) {
    const Condition& condition = *leaf.condition;
    const Result<Value> list = value_of(scene_, condition.left);
    const Result<Value> right = value_of(scene_, condition.right);
    out.explanation.place = scene_.looked_at->place;
    if (!list || !right) return out;
    out.explanation.value = *list;
    const Wish wish = fact_ ? fact(condition.op, *right, leaf.truth)
                            : wish_for(scene_, condition.op, leaf.truth == Truth::True, *right);
    CountRange range;
    std::optional<Decision> hit;
    std::optional<Decision> miss;
    const auto look_at = [&](const Slot& slot, Truth truth) {
      std::optional<Decision>& first = truth == Truth::True ? hit : miss;
      if (first || truth == Truth::Unknown || condition.members.empty()) return;
      first = explain(scene_, *condition.members[0], truth, leaf.rule_path + ".count.where", true);
      first->explanation.text = fmt::format("for {}: {}", shown(scene_, slot.value), first->explanation.text);
    };
    static_cast<void>(count_range(scene_, condition, range, look_at));
    std::string text = fmt::format("{} of the values {} meet{} the condition, {}",
                                   range.least == 0 ? "none" : std::to_string(range.least),
                                   shown(scene_, *list), range.least == 1 ? "s" : "", wish.text);
    if (const std::optional<Decision>& shown_one = hit ? hit : miss) {
      out.explanation = shown_one->explanation;
      text += fmt::format("; {}", shown_one->explanation.text);
    }
    out.explanation.text = std::move(text);
    return out;
  }

  /// What makes one element of a counted array count.
  Decision element(const Condition& condition, const Field& field, const Slot& slot,
                   const std::string& rule_path) {
    if (!condition.members.empty())
      return explain(scene_, *condition.members[0], Truth::True, rule_path + ".count.where", fact_);
    Decision out;
    const AliasPattern* pattern = nullptr;
    out.explanation.rule = rule_path;
    out.explanation.field = condition.field.text;
    out.explanation.path = path_text(path_of(scene_, field, pattern), slot.indexes);
    out.explanation.value = slot.value;
    place_of(slot, out.explanation);
    out.explanation.text = fmt::format("{} is there", out.explanation.path);
    out.fix =
        Fix{out.explanation.path, std::nullopt, std::nullopt, fmt::format("remove {}", out.explanation.path)};
    return out;
  }

  /// How the condition came out, for verdicts that need no change.
  Wish fact(Operator op, const Value& right, Truth truth) const {
    return {fmt::format("{} {} {}", name_of(op), shown(scene_, right),
                        truth == Truth::True ? "holds" : "does not hold"),
            std::nullopt};
  }

  Scene& scene_;
  bool fact_;
};

}  // namespace

std::string in_whole(const Scene& scene, const Value& value) {
  if (value.is_unknown()) return scene.origins.at(value.unknown_id()).form;
  if (value.is_string() && !value.secret()) return std::string(value.as_string());
  return arm::to_words(value, scene.origins);
}

std::string shown(const Scene& scene, const Value& value) {
  static constexpr std::size_t kLongest = 120;
  const std::string text = in_whole(scene, value);
  if (text.size() <= kLongest) return text.empty() ? "empty" : text;
  return std::string(first_bytes(text, kLongest)) + " ...";
}

Decision explain(Scene& scene, const Condition& condition, Truth outcome, std::string_view rule_path,
                 bool fact) {
  LeafFinder finder(scene);
  finder.find(condition, outcome, std::string(rule_path));
  if (finder.leaves.empty()) {
    Decision out;
    out.explanation.rule = rule_path;
    out.explanation.place = scene.looked_at->place;
    out.explanation.text = "the rule holds for every resource";
    return out;
  }
  const Leaf* best = &finder.leaves.front();
  for (const Leaf& leaf : finder.leaves)
    if (weight(leaf) > weight(*best)) best = &leaf;
  return Describer(scene, fact).describe(*best);
}

}  // namespace redoubt::policy::detail
