#include <fmt/format.h>

#include "core/text.h"
#include "policy/detail/lint_checks.h"

namespace redoubt::policy::detail {

using doc::Member;
using doc::Value;

namespace {

/// Conditions of one definition that are compiled by themselves; of more it is said that they were not looked
/// at.
constexpr std::size_t kMaxConditions = 2'000;

/// compile() stops at the first mistake. Here a definition that it refuses is compiled part by part, each in
/// a definition that is right otherwise, so that every mistake is found.
class Parts {
 public:
  explicit Parts(const LintSubject& subject) : subject_(subject) {
    const Member subject_of_if[] = {{"field", Value::string("type")}, {"exists", Value::boolean(true)}};
    if_ = doc::make_object(arena_, subject_of_if);
    const Member audit[] = {{"effect", Value::string("audit")}};
    then_ = doc::make_object(arena_, audit);
  }

  void run() {
    mode();
    parameters();
    shape();
    if (subject_.rule == nullptr) return;
    if (const Value* then = subject_.rule->find_any_case("then")) then_part(*then);
    if (const Value* condition = subject_.rule->find_any_case("if")) this->condition(*condition);
  }

 private:
  Result<Policy> compile_with(std::span<const Member> properties) {
    Definition definition;
    definition.name = subject_.definition.name;
    definition.place = subject_.definition.place;
    definition.properties = doc::make_object(arena_, properties);
    return compile(definition, Value::object({}), subject_.options);
  }

  Result<Policy> compile_rule(const Value& condition, const Value& then) {
    const Member rule[] = {{"if", condition}, {"then", then}};
    const Member properties[] = {{"parameters", parameters_}, {"policyRule", doc::make_object(arena_, rule)}};
    return compile_with(properties);
  }

  void report(const Result<Policy>& part) {
    if (!part) subject_.report.add(part.error());
  }

  void mode() {
    const Value* mode = subject_.definition.properties.find_any_case("mode");
    if (mode == nullptr) return;
    const Member rule[] = {{"if", if_}, {"then", then_}};
    const Member properties[] = {{"mode", *mode}, {"policyRule", doc::make_object(arena_, rule)}};
    report(compile_with(properties));
  }

  /// Those that are wrong are left out of the parts that follow.
  void parameters() {
    parameters_ = Value::object({});
    if (subject_.parameters == nullptr) {
      if (const Value* other = subject_.definition.properties.find_any_case("parameters")) {
        const Member rule[] = {{"if", if_}, {"then", then_}};
        const Member properties[] = {{"parameters", *other}, {"policyRule", doc::make_object(arena_, rule)}};
        report(compile_with(properties));
      }
      return;
    }
    std::vector<Member> right;
    for (const Member& member : subject_.parameters->members()) {
      const Member alone[] = {member};
      parameters_ = doc::make_object(arena_, alone);
      const Result<Policy> part = compile_rule(if_, then_);
      report(part);
      if (part) right.push_back(member);
    }
    parameters_ = doc::make_object(arena_, right);
  }

  void shape() {
    std::vector<Member> properties;
    if (const Value* rule = subject_.definition.properties.find_any_case("policyRule")) {
      Value shaped = *rule;
      if (rule->is_object()) {
        std::vector<Member> members;
        for (const Member& member : rule->members())
          members.push_back({member.name, equal_any_case(member.name, "if")     ? if_
                                          : equal_any_case(member.name, "then") ? then_
                                                                                : member.value});
        shaped = doc::make_object(arena_, members).at(rule->place());
      }
      properties.push_back({"policyRule", shaped});
    }
    report(compile_with(properties));
  }

  /// The effect without the condition on related resources, then that condition.
  void then_part(const Value& then) {
    const Value* existence =
        subject_.details == nullptr ? nullptr : subject_.details->find_any_case("existenceCondition");
    std::vector<Member> details;
    if (existence != nullptr)
      for (const Member& member : subject_.details->members())
        if (&member.value != existence) details.push_back(member);
    std::vector<Member> members;
    if (existence != nullptr)
      for (const Member& member : then.members())
        members.push_back({member.name, &member.value == subject_.details
                                            ? doc::make_object(arena_, details).at(member.value.place())
                                            : member.value});
    const Value effect = existence == nullptr ? then : doc::make_object(arena_, members).at(then.place());
    const Result<Policy> part = compile_rule(if_, effect);
    report(part);
    if (part) check_conditions(subject_, *part, then);
    if (existence != nullptr) condition(*existence);
  }

  /// The mistakes of the innermost conditions; those of the node itself where they are right.
  void condition(const Value& node) {
    if (conditions_++ == kMaxConditions)
      subject_.report.add(Severity::Warning, "POL0124",
                          fmt::format("conditions after the first {} that were looked at one by one may have "
                                      "mistakes, too",
                                      kMaxConditions),
                          node.place(), "correct the others and run again");
    if (conditions_ > kMaxConditions) return;
    const Result<Policy> part = compile_rule(node, then_);
    if (part) return check_conditions(subject_, *part, node);
    const std::size_t before = subject_.report.errors();
    for (const Value& inner : conditions_in(node))
      condition(inner);
    if (subject_.report.errors() == before) report(part);
  }

  static std::vector<Value> conditions_in(const Value& node) {
    std::vector<Value> inner;
    for (const std::string_view name : {"allOf", "anyOf"})
      if (const Value* list = node.find_any_case(name); list != nullptr && list->is_array())
        inner.insert(inner.end(), list->items().begin(), list->items().end());
    if (const Value* negated = node.find_any_case("not")) inner.push_back(*negated);
    if (const Value* count = object_at(&node, "count"))
      if (const Value* where = count->find_any_case("where")) inner.push_back(*where);
    return inner;
  }

  const LintSubject& subject_;
  Arena arena_;
  Value if_;
  Value then_;
  Value parameters_;
  std::size_t conditions_ = 0;
};

}  // namespace

void check_parts(const LintSubject& subject) {
  const Result<Policy> whole = compile(subject.definition, Value::object({}), subject.options);
  if (whole) return check_conditions(subject, *whole, subject.definition.properties);
  Parts(subject).run();
  // What is wrong in no part alone is wrong with the whole.
  if (subject.report.errors() == 0) subject.report.add(whole.error());
}

}  // namespace redoubt::policy::detail
