#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "policy/detail/compiler.h"
#include "policy/detail/lint_checks.h"

namespace redoubt::policy::detail {

using doc::Value;

namespace {

/// The types a condition is judged on; nothing: any.
using Types = std::optional<std::set<std::string>>;

Types both(const Types& left, const Types& right) {
  if (!left || !right) return left ? left : right;
  Types common = left;
  std::erase_if(*common, [&](const std::string& type) { return right->count(type) == 0; });
  return common;
}

/// `Microsoft.Sql/servers` and `Microsoft.Sql/servers/databases`, either way round.
bool in_one_line(std::string_view left, std::string_view right) {
  if (left.size() > right.size()) std::swap(left, right);
  return starts_with_any_case(right, left) && (left.size() == right.size() || right[left.size()] == '/');
}

/// Whether each word of two type names is close to its counterpart: a slip of the keyboard, not another type.
bool similar(std::string_view left, std::string_view right) {
  const std::string joined[] = {replace_all(left, ".", "/"), replace_all(right, ".", "/")};
  const std::vector<std::string_view> words = split(joined[0], '/');
  const std::vector<std::string_view> others = split(joined[1], '/');
  for (std::size_t i = 0; i < words.size() && words.size() == others.size(); ++i)
    if (!closest(words[i], std::span(&others[i], 1))) return false;
  return words.size() == others.size();
}

/// Where the texts below a node stand, each the first time.
class TextPlaces {
 public:
  explicit TextPlaces(const Value& node) { note(node); }

  doc::Place of(std::string_view text) const {
    const auto found = places_.find(text);
    return found == places_.end() ? doc::Place{} : found->second;
  }
  /// Of a text that holds `part`; looks through all.
  doc::Place holding(std::string_view part) const {
    for (const auto& [text, place] : places_)
      if (text.find(part) != std::string_view::npos) return place;
    return {};
  }

 private:
  void note(const Value& node) {
    if (node.is_string()) places_.emplace(node.as_string(), node.place());
    for (std::size_t i = 0; i < (node.is_container() ? node.size() : 0); ++i)
      note(node.is_array() ? node.items()[i] : node.members()[i].value);
  }

  std::map<std::string_view, doc::Place> places_;
};

/// Looks at compiled conditions for what compiles but can't be meant.
class ConditionChecks {
 public:
  explicit ConditionChecks(const LintSubject& subject) : subject_(subject), report_(subject.report) {}

  void visit(const Condition& condition, const Types& around, bool in_count) {
    const bool joined = condition.kind == Condition::Kind::AllOf;
    const Types types = joined ? both(around, required_types(condition)) : around;
    if (types && types->empty()) return never(condition);
    if (condition.kind == Condition::Kind::Field) field(condition, types, in_count);
    const bool counts =
        condition.kind == Condition::Kind::CountField || condition.kind == Condition::Kind::CountValue;
    if (condition.kind == Condition::Kind::CountField) alias_type(condition, types);
    // A negated condition says nothing about the types it is judged on, but its own parts still do.
    for (const Condition* member : condition.members)
      visit(*member, types, in_count || counts);
  }

 private:
  void never(const Condition& condition) {
    report_.add(Severity::Warning, "POL0108",
                "no resource meets this: it asks for types that exclude each other", condition.place,
                "use anyOf where one of several types is meant");
  }

  void field(const Condition& condition, const Types& types, bool in_count) {
    const bool negative = find_row(condition.op).positive != condition.op;
    if (condition.field.kind == Field::Kind::Alias && condition.field.star && negative && !in_count)
      report_.add(Severity::Hint, "POL0107",
                  fmt::format("{} over [*] holds for an empty list, too, and else for all elements only",
                              name_of(condition.op)),
                  condition.place, "use count to ask for one element");
    if (condition.op == Operator::Like || condition.op == Operator::NotLike) wildcards(condition);
    const bool is_static = equal_any_case(subject_.definition.policy_type, "Static");
    if (condition.field.kind == Field::Kind::Type && !is_static) type_names(condition);
    alias_type(condition, types);
  }

  static const OperatorRow& find_row(Operator op) {
    const auto rows = operators();
    return *std::find_if(rows.begin(), rows.end(), [&](const OperatorRow& row) { return row.op == op; });
  }

  /// Source: Azure Policy definition structure, policy rule, "Conditions": not more than one wildcard.
  void wildcards(const Condition& condition) {
    const Value& right = condition.right.constant;
    if (!condition.right.constant_throughout() || !right.is_string()) return;
    if (std::count(right.as_string().begin(), right.as_string().end(), '*') > 1)
      report_.add(Severity::Warning, "POL0119",
                  fmt::format("{} takes one wildcard: {}", name_of(condition.op), right.as_string()),
                  right.place(), "join several conditions with allOf, or use contains");
  }

  void type_names(const Condition& condition) {
    const Operator op = find_row(condition.op).positive;
    if (!condition.right.constant_throughout()) return;
    const Value& right = condition.right.constant;
    if (op == Operator::Equals) type_name(right);
    if (op == Operator::In && right.is_array())
      for (const Value& item : right.items())
        type_name(item);
  }

  void type_name(const Value& name) {
    const TypeTable* table = subject_.options.types;
    if (!name.is_string() || table == nullptr || subject_.data_plane) return;
    const std::string_view type = name.as_string();
    if (is_known(*table, type)) return;
    const std::optional<std::string> near =
        report_.may_search() ? meant(*table, type) : std::optional<std::string>();
    report_.add(near ? Severity::Warning : Severity::Hint, "POL0120",
                fmt::format("no list has this resource type: {}", type), name.place(),
                near ? fmt::format("did you mean {}?", *near) : std::string());
  }

  static std::optional<std::string> meant(const TypeTable& table, std::string_view type) {
    std::optional<std::string> near = table.closest_name(type);
    return near && similar(type, *near) ? near : std::nullopt;
  }

  /// Scopes are types to policies, but not resources that templates deploy.
  static bool is_known(const TypeTable& table, std::string_view type) {
    return equal_any_case(type, "Microsoft.Resources/subscriptions") ||
           equal_any_case(type, "Microsoft.Resources/subscriptions/resourceGroups") || table.find(type);
  }

  void alias_type(const Condition& condition, const Types& types) {
    const std::string_view alias = condition.field.text;
    const std::size_t slash = alias.rfind('/');
    if (!types || condition.field.kind != Field::Kind::Alias || slash == std::string_view::npos) return;
    if (subject_.data_plane) return;
    const std::string_view type = alias.substr(0, slash);
    if (std::any_of(types->begin(), types->end(),
                    [&](const std::string& one) { return in_one_line(one, type); }))
      return;
    report_.add(Severity::Warning, "POL0109",
                fmt::format("the alias belongs to another type than {}: {}", *types->begin(), alias),
                condition.place, "use an alias of the type that the rule asks for");
  }

  const LintSubject& subject_;
  LintReport& report_;
};

void check_aliases(const LintSubject& subject, const Policy& part, const Value& node) {
  if (part.guessed_aliases().empty()) return;
  const TextPlaces places(node);
  for (const std::string& alias : part.guessed_aliases()) {
    doc::Place place = places.of(alias);
    std::vector<std::string> near;
    if (subject.report.may_search()) {
      near = subject.options.aliases->closest_names(alias, 1);
      if (!place) place = places.holding(alias);
    }
    subject.report.add(Severity::Warning, "POL0301", fmt::format("no list has this alias: {}", alias), place,
                       near.empty() ? std::string("give newer aliases with --aliases")
                                    : fmt::format("did you mean {}?", near[0]));
  }
}

}  // namespace

void check_conditions(const LintSubject& subject, const Policy& part, const Value& node) {
  check_aliases(subject, part, node);
  const CompiledRule& rule = part.rule();
  ConditionChecks checks(subject);
  if (rule.condition != nullptr) checks.visit(*rule.condition, required_types(*rule.condition), false);
  if (rule.related.existence == nullptr) return;
  Types related;
  const Value& type = rule.related.type.constant;
  if (rule.related.type.constant_throughout() && type.is_string())
    related = std::set<std::string>{lower(type.as_string())};
  checks.visit(*rule.related.existence, related, false);
}

}  // namespace redoubt::policy::detail
