#include <fmt/format.h>

#include <array>
#include <functional>

#include "arm/resource_id.h"
#include "core/text.h"
#include "policy/detail/changes.h"
#include "policy/detail/environment.h"
#include "policy/detail/explain.h"
#include "policy/detail/related.h"
#include "policy/detail/written_fix.h"
#include "policy/evaluate.h"
#include "policy/relation.h"

namespace redoubt::policy {

using detail::CompiledRule;
using detail::Condition;
using detail::Effect;
using detail::Mode;
using detail::Scene;
using doc::Value;

namespace {

constexpr std::array<std::string_view, 5> kStates = {"compliant", "noncompliant", "unknown", "error",
                                                     "notApplicable"};

bool is_group(std::string_view type) {
  return equal_any_case(type, "Microsoft.Resources/subscriptions/resourceGroups") ||
         equal_any_case(type, "Microsoft.Resources/resourceGroups");
}

bool is_subscription(std::string_view type) {
  return equal_any_case(type, "Microsoft.Resources/subscriptions");
}

/// Whether the mode looks at the resource. Source: "Resource Manager modes"; applicability, "Not applicable
/// resources".
bool in_mode(const CompiledRule& rule, const estate::Resource& resource,
             const std::function<bool()>& indexed) {
  const std::string_view type = resource.type;
  const bool container = is_group(type) || is_subscription(type);
  if (!container && starts_with_any_case(type, "Microsoft.Resources/")) return false;
  if (rule.mode != Mode::Indexed) return true;
  if (container) return false;
  return indexed();
}

/// Whether the rule could hold if every condition that does not decide applicability were met.
bool could_hold(Scene& scene, const Condition& condition, bool negated) {
  const CompiledRule& rule = scene.rule;
  switch (condition.kind) {
    case Condition::Kind::Not:
      return !could_hold(scene, *condition.members[0], !negated);
    case Condition::Kind::AllOf:
      for (const Condition* member : condition.members)
        if (!could_hold(scene, *member, negated)) return false;
      return true;
    case Condition::Kind::AnyOf:
      for (const Condition* member : condition.members)
        if (could_hold(scene, *member, negated)) return true;
      return false;
    default:
      break;
  }
  // With name or kind alone beside the type, only the type decides (special cases of the page).
  const bool decides = condition.role == Condition::Role::Type || condition.says_when ||
                       (rule.has_other && (condition.role == Condition::Role::Name ||
                                           condition.role == Condition::Role::ResourceKind));
  if (!decides) return !negated;
  const Truth truth = evaluate(scene, condition);
  if (truth == Truth::True || truth == Truth::False) return truth == Truth::True;
  return !negated;
}

/// Source: "What is applicability in Azure Policy?", all other effects and special cases. A definition may
/// name more conditions that decide, in metadata.when, which Azure does not know.
bool applicable(Scene& scene) { return could_hold(scene, *scene.rule.condition, false); }

/// Whether a data-plane mode without a type in its rule can mean anything of this resource's provider:
/// `Microsoft.MachineLearningServices.v2.Data` looks at objects of Microsoft.MachineLearningServices.
bool of_mode_provider(const CompiledRule& rule, std::string_view type) {
  if (!rule.types.empty()) return true;
  const std::string_view provider = type.substr(0, type.find('/'));
  return starts_with_any_case(rule.mode_name, std::string(provider) + ".");
}

bool is_if_not_exists(std::optional<Effect> effect) {
  return effect == Effect::AuditIfNotExists || effect == Effect::DeployIfNotExists;
}

class Judgement {
 public:
  Judgement(Scene& scene, const RelatedResources* related, bool explain, const std::function<bool()>& indexed)
      : scene_(scene), rule_(scene.rule), related_(related), explain_(explain), indexed_(indexed) {}

  Verdict run() {
    effect_ = rule_.known_effect;
    if (!effect_) {
      const Result<Value> effect = value_of(scene_, rule_.effect);
      if (!effect) return error(effect.error().message, effect.error().code);
      if (effect->is_unknown())
        open_effect_ = *effect;
      else if (effect->is_string())
        effect_ = detail::find_effect(effect->as_string());
      if (!effect_ && open_effect_.is_null()) return error("the effect is no effect's name");
    }
    if (effect_ == Effect::Disabled) {
      verdict_.effect = "disabled";
      verdict_.explanation.text = "the policy is disabled";
      return verdict_;
    }
    if (rule_.relation != nullptr) return relation();
    if (const std::string_view why = out_of_scope(); !why.empty()) {
      verdict_.explanation.text = why;
      return verdict_;
    }
    return condition();
  }

 private:
  Verdict relation() {
    verdict_ = rule_.relation->judge(
        {scene_.subject, related_, rule_.relation_parameters, scene_.origins, scene_.arena});
    if (verdict_.state == State::Unknown) return unknown();
    if (verdict_.state != State::Noncompliant) return verdict_;
    verdict_.fix = detail::with_written_fix(scene_, std::move(verdict_.fix));
    if (!open_effect_.is_null()) {
      verdict_ = Verdict{};
      detail::add_unknowns_of(scene_, open_effect_, "effect", verdict_.unknown);
      return unknown();
    }
    verdict_.effect = name_of(*effect_);
    return verdict_;
  }

  std::string_view out_of_scope() const {
    if (scene_.subject.beside) return "policies look at resources of Azure Resource Manager";
    if (rule_.is_static) return "a static definition is never evaluated";
    if (rule_.invalid_alias) return "the rule uses an alias that does not exist";
    if (!in_mode(rule_, scene_.subject, indexed_)) return "the definition's mode does not look at this type";
    const std::string_view type = scene_.subject.type;
    if (rule_.mode == Mode::DataPlane && !of_mode_provider(rule_, type))
      return "the definition's mode does not look at this provider";
    if (is_subscription(type) && rule_.has_location && !is_if_not_exists(effect_))
      return "a condition on the location does not apply to subscriptions";
    if (rule_.modifies_identity && !equal_any_case(type, "Microsoft.Compute/virtualMachines") &&
        !equal_any_case(type, "Microsoft.Compute/virtualMachineScaleSets"))
      return "modify of identity.type is for virtual machines and scale sets only";
    return {};
  }

  Verdict error(std::string message, std::string code = "POL0008") {
    verdict_.state = State::Error;
    verdict_.explanation.text = message;
    verdict_.error = Error{Error::Kind::InvalidInput, std::move(code), std::move(message), {}, {}};
    return verdict_;
  }

  Verdict unknown() {
    verdict_.state = State::Unknown;
    if (explain_ && verdict_.explanation.text.empty()) {
      std::string origins;
      for (const UnknownUse& use : verdict_.unknown) {
        origins += (origins.empty() ? "" : "; ") + use.origin;
        // A type that was looked for says what the reason is about.
        if (equal_any_case(use.field, looked_for_)) origins += fmt::format(" ({})", use.field);
      }
      verdict_.explanation.text = "cannot tell: " + origins;
      verdict_.explanation.place = scene_.subject.place;
    }
    return verdict_;
  }

  Verdict unknown_because(std::string origin, std::string field = {}) {
    verdict_.unknown.push_back({std::move(field), std::move(origin)});
    return unknown();
  }

  Verdict condition() {
    const Truth truth = evaluate(scene_, *rule_.condition);
    switch (truth) {
      case Truth::Error:
        return error(scene_.error);
      case Truth::False:
        return not_met();
      case Truth::Unknown:
        if (explain_) detail::collect_unknowns(scene_, *rule_.condition, verdict_.unknown);
        return unknown();
      case Truth::True:
        break;
    }
    if (rule_.mode == Mode::DataPlane && !rule_.model_deployments)
      return unknown_because(fmt::format("mode {} needs the result of another system", rule_.mode_name));
    if (!open_effect_.is_null()) {
      detail::add_unknowns_of(scene_, open_effect_, "effect", verdict_.unknown);
      return unknown();
    }
    return met();
  }

  Verdict not_met() {
    verdict_.state =
        is_if_not_exists(effect_) || !applicable(scene_) ? State::NotApplicable : State::Compliant;
    if (explain_) decide(Truth::False);
    return verdict_;
  }

  void decide(Truth outcome) {
    detail::Decision decision =
        detail::explain(scene_, *rule_.condition, outcome, "if", outcome == Truth::False);
    verdict_.explanation = std::move(decision.explanation);
    if (outcome == Truth::True) verdict_.fix = detail::with_written_fix(scene_, std::move(decision.fix));
  }

  Verdict noncompliant() {
    verdict_.state = State::Noncompliant;
    verdict_.effect = name_of(*effect_);
    if (explain_ && verdict_.explanation.text.empty()) decide(Truth::True);
    return verdict_;
  }

  Verdict compliant(std::string_view why) {
    verdict_.state = State::Compliant;
    if (explain_) verdict_.explanation.text = why;
    return verdict_;
  }

  Verdict met() {
    switch (*effect_) {
      case Effect::AuditIfNotExists:
      case Effect::DeployIfNotExists:
        return related();
      case Effect::Modify:
      case Effect::Append:
        return changes();
      case Effect::DenyAction:
        return denied_action();
      default:
        return noncompliant();
    }
  }

  Verdict denied_action() {
    if (scene_.context.action.empty()) return noncompliant();
    for (const detail::Operand& name : rule_.action_names) {
      const Result<Value> text = value_of(scene_, name);
      if (text && text->is_string() && equal_any_case(text->as_string(), scene_.context.action))
        return noncompliant();
    }
    return compliant("the action is not one of actionNames");
  }

  Verdict changes() {
    Result<detail::Changes> changes = detail::work_out_changes(scene_);
    if (!changes) return error(changes.error().message, changes.error().code);
    verdict_.changes = std::move(changes->list);
    verdict_.conflict = changes->conflict;
    if (!verdict_.changes.empty()) return noncompliant();
    verdict_.unknown = std::move(changes->unknown);
    if (!verdict_.unknown.empty()) return unknown();
    return compliant("the operations would change nothing");
  }

  Verdict related() {
    detail::RelatedOutcome outcome = detail::look_for_related(scene_, related_, explain_);
    switch (outcome.truth) {
      case Truth::True:
        return compliant(outcome.text);
      case Truth::Error:
        return error(outcome.text);
      case Truth::Unknown:
        verdict_.unknown = std::move(outcome.unknown);
        looked_for_ = outcome.type;
        return unknown();
      case Truth::False:
        break;
    }
    if (explain_) {
      verdict_.explanation = std::move(outcome.explanation);
      verdict_.fix = detail::with_written_fix(scene_, std::move(outcome.fix));
    }
    return noncompliant();
  }

  Scene& scene_;
  const CompiledRule& rule_;
  const RelatedResources* related_;
  bool explain_;
  const std::function<bool()>& indexed_;
  std::optional<Effect> effect_;
  Value open_effect_;
  std::string looked_for_;
  Verdict verdict_;
};

}  // namespace

std::string_view name_of(State state) { return kStates[static_cast<std::size_t>(state)]; }

Judge::Judge(arm::Origins& origins) : origins_(origins) {}
Judge::~Judge() = default;

void Judge::reset() { arena_.reset(); }

Verdict Judge::judge(const Policy& policy, const estate::Resource& resource, const RelatedResources* related,
                     const RequestContext& context, bool explain) {
  Scene scene{policy.rule(), resource, &resource, &resource.body, context, arena_, origins_};
  Value model;
  if (policy.rule().model_deployments &&
      equal_any_case(resource.type, "Microsoft.CognitiveServices/accounts/deployments")) {
    model = detail::model_deployment(scene, related);
    scene.root = &model;
  }
  return Judgement(scene, related, explain, [&] { return indexed(policy.rule().type_table, resource); })
      .run();
}

bool Judge::indexed(const TypeTable* types, const estate::Resource& resource) {
  if (types != nullptr && last_type_ != resource.type) {
    const std::optional<TypeEntry> entry = types->find(resource.type);
    last_type_ = resource.type;
    last_known_ = entry.has_value();
    last_indexed_ = entry && entry->indexed();
  }
  if (types != nullptr && last_known_) return last_indexed_;
  // A type that is not in the list: what the resource itself has is the best hint.
  return resource.body.find_any_case("location") != nullptr || resource.body.find_any_case("tags") != nullptr;
}

}  // namespace redoubt::policy
