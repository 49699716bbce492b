#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "policy/detail/compiler.h"
#include "policy/detail/environment.h"
#include "policy/policy.h"
#include "policy/vocabulary.h"

namespace redoubt::policy {

using doc::Member;
using doc::Value;

namespace detail {

namespace {

/// Modes and what they look at. Source: Azure Policy definition structure, "Resource Manager modes" and
/// "Resource provider modes"; modes of other Microsoft.*.Data planes are read the same way.
struct ModeRow {
  std::string_view name;
  Mode mode;
};
constexpr std::string_view kModelMode = "Microsoft.CognitiveServices.Data";
constexpr ModeRow kModes[] = {
    {"All", Mode::All},
    {"Indexed", Mode::Indexed},
    {"Microsoft.KeyVault.Data", Mode::DataPlane},
    {"Microsoft.ManagedHSM.Data", Mode::DataPlane},
    {"Microsoft.Kubernetes.Data", Mode::DataPlane},
    {"Microsoft.ContainerService.Data", Mode::DataPlane},
    {"Microsoft.Network.Data", Mode::DataPlane},
    {"Microsoft.DataFactory.Data", Mode::DataPlane},
    {"Microsoft.DataCatalog.Data", Mode::DataPlane},
    {kModelMode, Mode::DataPlane},
    {"Microsoft.MachineLearningServices.Data", Mode::DataPlane},
    {"Microsoft.MachineLearningServices.v2.Data", Mode::DataPlane},
    {"Microsoft.LoadTestService.Data", Mode::DataPlane},
    {"Microsoft.ContainerInstance.Data", Mode::DataPlane},
};

struct ParameterType {
  std::string_view name;
  bool (*fits)(const Value&);
};
constexpr ParameterType kParameterTypes[] = {
    {"string", [](const Value& value) { return value.is_string(); }},
    {"array", [](const Value& value) { return value.is_array(); }},
    {"object", [](const Value& value) { return value.is_object(); }},
    {"boolean",
     [](const Value& value) {
       return value.is_bool() || (value.is_string() && (equal_any_case(value.as_string(), "true") ||
                                                        equal_any_case(value.as_string(), "false")));
     }},
    {"integer",
     [](const Value& value) {
       return value.is_int() ||
              (value.is_string() && value.size() > 0 &&
               value.as_string().find_first_not_of("0123456789-") == std::string_view::npos);
     }},
    {"float", [](const Value& value) { return value.is_number(); }},
    {"datetime", [](const Value& value) { return value.is_string(); }},
};

bool listed(const Value& value, const Value& allowed, CompileOptions::AllowedValues how) {
  const auto same = [&](const Value& left, const Value& right) {
    if (how == CompileOptions::AllowedValues::AnyCase && left.is_string() && right.is_string())
      return equal_any_case(left.as_string(), right.as_string());
    return doc::equal(left, right);
  };
  const auto is = [&](const Value& one) {
    return std::any_of(allowed.items().begin(), allowed.items().end(),
                       [&](const Value& candidate) { return same(one, candidate); });
  };
  if (how == CompileOptions::AllowedValues::Any) return true;
  if (is(value)) return true;
  return value.is_array() && std::all_of(value.items().begin(), value.items().end(), is);
}

/// Which value was probably meant, else what may stand there.
std::string allowed_hint(const Value& value, const Value& allowed) {
  static constexpr std::size_t kShown = 12;
  std::vector<std::string_view> words;
  for (const Value& one : allowed.items())
    if (one.is_string()) words.push_back(one.as_string());
  const bool secret = value.secret() || doc::contains_secret(allowed);
  if (words.empty() || secret) return {};
  if (const auto near = value.is_string() ? closest(value.as_string(), words) : std::nullopt)
    return fmt::format("did you mean {}?", *near);
  return words.size() > kShown ? std::string() : "one of " + join(words, ", ");
}

}  // namespace

tl::unexpected<Error> Compiler::wrong(std::string_view code, std::string message, std::string hint) const {
  const Where where = options_.sources == nullptr ? Where{} : options_.sources->where(at_);
  return fail(Error::Kind::InvalidInput, code, std::move(message), where, std::move(hint));
}

Result<void> Compiler::mode(const Definition& definition) {
  const Value* node = definition.properties.find_any_case("mode");
  at_ = node == nullptr ? definition.place : node->place();
  rule_.mode_name = "Indexed";
  if (node == nullptr) {
    // Without a mode a definition made by the portal is All, by the command line Indexed; All sees more.
    rule_.mode = Mode::All;
    rule_.mode_name = "All";
    return {};
  }
  if (node->is_null()) return {};
  if (!node->is_string()) return wrong("POL0007", "the mode must be text");
  rule_.mode_name = node->as_string();
  if (is_relation(definition)) {
    rule_.mode = Mode::Relations;
    return {};
  }
  for (const ModeRow& row : kModes) {
    if (!equal_any_case(row.name, node->as_string())) continue;
    rule_.mode = row.mode;
    rule_.model_deployments = equal_any_case(row.name, kModelMode);
    return {};
  }
  return wrong("POL0007", fmt::format("unknown mode: {}", node->as_string()), "use All or Indexed");
}

Result<Value> Compiler::check_parameter(std::string_view name, const Value& declaration, const Value& value,
                                        bool given) {
  if (value.is_unknown() || (value.is_null() && !given)) return value;
  if (value.place()) at_ = value.place();
  const std::optional<std::string_view> type = declaration.text_of("type");
  for (const ParameterType& row : kParameterTypes)
    if (type && equal_any_case(row.name, *type) && !row.fits(value))
      return wrong("POL0006", fmt::format("the parameter {} takes a value of type {}, not {}", name, *type,
                                          doc::name_of(value.kind())));
  const Value* allowed = declaration.find_any_case("allowedValues");
  if (given && allowed != nullptr && allowed->is_array() && allowed->size() > 0 &&
      !listed(value, *allowed, options_.allowed_values))
    return wrong("POL0006",
                 fmt::format("the value of the parameter {} is not one of its allowedValues", name),
                 allowed_hint(value, *allowed));
  return value;
}

/// What a declaration of another form says would be passed over: a list of allowed values that is none.
Result<void> Compiler::check_declaration(const Member& member) {
  at_ = member.value.place();
  if (!member.value.is_object())
    return wrong("POL0106", fmt::format("the parameter {} must be an object", member.name));
  if (const Value* type = member.value.find_any_case("type");
      type != nullptr && !type->is_string() && !type->is_null()) {
    at_ = type->place();
    return wrong("POL0106", fmt::format("the type of {} must be text", member.name));
  }
  if (const Value* allowed = member.value.find_any_case("allowedValues");
      allowed != nullptr && !allowed->is_array() && !allowed->is_null()) {
    at_ = allowed->place();
    return wrong("POL0106", fmt::format("the allowedValues of {} must be a list", member.name));
  }
  return {};
}

Result<void> Compiler::bind_parameters(const Value* declared, const Value& given) {
  if (declared == nullptr || declared->is_null()) return {};
  if (!declared->is_object()) return wrong("POL0001", "parameters must be an object");
  for (const Member& member : declared->members()) {
    RD_TRY(check_declaration(member));
    const Value* value = given.find_any_case(member.name);
    const Value* default_value = member.value.find_any_case("defaultValue");
    Value bound;
    if (value != nullptr)
      bound = RD_TRY(check_parameter(member.name, member.value, *value, true));
    else if (default_value != nullptr)
      bound = RD_TRY(check_parameter(member.name, member.value, *default_value, false));
    else
      bound = options_.origins->unknown(doc::UnknownType::Any,
                                        fmt::format("policy parameter {} not set", member.name), false, true);
    rule_.parameters.push_back({rule_.arena.copy(std::string_view(lower(member.name))), bound});
  }
  return {};
}

Result<Operand> Compiler::operand(const Value& node) {
  at_ = node.place();
  Operand out;
  out.constant = node;
  if (node.is_string()) {
    if (!arm::is_expression(node.as_string())) {
      out.constant = Value::string(arm::unescape(node.as_string())).at(node.place());
      return out;
    }
    Result<const arm::Expression*> expression =
        arm::parse_expression(rule_.arena, node.as_string(), arm::Language::Policy);
    if (!expression) return wrong("POL0004", expression.error().message, expression.error().hint);
    out.expression = *expression;
    out.kind = Operand::Kind::Expression;
    if (std::optional<Value> folded = fold_constant(rule_, **expression)) {
      out.kind = Operand::Kind::Constant;
      out.constant = folded->at(node.place());
    } else {
      out.expression = fold_parts(**expression);
      name_fields(*out.expression);
    }
    return out;
  }
  if (!node.is_container()) return out;
  std::vector<Operand> items;
  std::vector<std::string_view> names;
  bool constant = true;
  for (std::size_t i = 0; i < node.size(); ++i) {
    const Operand item = RD_TRY(operand(node.is_array() ? node.items()[i] : node.members()[i].value));
    items.push_back(item);
    if (node.is_object()) names.push_back(node.members()[i].name);
    constant = constant && item.constant_throughout();
  }
  if (constant) {
    std::vector<Value> values;
    std::vector<Member> members;
    for (std::size_t i = 0; i < items.size(); ++i) {
      values.push_back(items[i].constant);
      if (node.is_object()) members.push_back({names[i], items[i].constant});
    }
    out.constant =
        (node.is_array() ? doc::make_array(rule_.arena, values) : doc::make_object(rule_.arena, members))
            .at(node.place());
    return out;
  }
  out.kind = node.is_array() ? Operand::Kind::Array : Operand::Kind::Object;
  out.items = rule_.arena.copy(std::span<const Operand>(items));
  out.names = rule_.arena.copy(std::span<const std::string_view>(names));
  return out;
}

/// The expression with what hangs on parameters alone worked out.
const arm::Expression* Compiler::fold_parts(const arm::Expression& expression) {
  if (expression.kind == arm::Expression::Kind::Literal) return &expression;
  std::vector<const arm::Expression*> arguments;
  for (const arm::Expression* argument : expression.arguments) {
    const bool literal = argument->kind == arm::Expression::Kind::Literal;
    if (std::optional<Value> folded = literal ? std::nullopt : fold_constant(rule_, *argument)) {
      arm::Expression known;
      known.offset = argument->offset;
      known.literal = *folded;
      arguments.push_back(rule_.arena.make<arm::Expression>(known));
    } else {
      arguments.push_back(fold_parts(*argument));
    }
  }
  arm::Expression out = expression;
  out.arguments = rule_.arena.copy(std::span<const arm::Expression* const>(arguments));
  return rule_.arena.make<arm::Expression>(out);
}

/// field('x') and current('x') are looked up here once. What is wrong with one is said when it is reached.
void Compiler::name_fields(const arm::Expression& expression) {
  for (const arm::Expression* argument : expression.arguments)
    name_fields(*argument);
  if (expression.form != arm::Form::Field && expression.form != arm::Form::Current) return;
  if (expression.arguments.empty()) return;
  std::optional<Value> name = fold_constant(rule_, *expression.arguments[0]);
  if (!name || !name->is_string()) return;
  if (expression.form == arm::Form::Current && name->as_string().find('/') == std::string_view::npos) return;
  if (Result<Field> field = field_of_text(name->as_string(), {}))
    rule_.named_fields.emplace(&expression, *field);
}

Result<void> Compiler::compile(const Definition& definition, const Value& parameters) {
  rule_.name = definition.name;
  rule_.origins = options_.origins;
  rule_.type_table = options_.types;
  rule_.aliases = options_.aliases;
  rule_.only_listed_aliases = options_.only_listed_aliases;
  rule_.is_static = equal_any_case(definition.policy_type, "Static");
  RD_TRY(mode(definition));
  RD_TRY(bind_parameters(definition.properties.find_any_case("parameters"), parameters));
  written_fixes(definition);
  if (rule_.mode == Mode::Relations) return relation(definition);
  const Value* rule = definition.properties.find_any_case("policyRule");
  at_ = rule == nullptr ? definition.place : rule->place();
  if (rule == nullptr || !rule->is_object())
    return wrong("POL0001",
                 rule == nullptr ? "the definition has no policyRule" : "policyRule must be an object");
  for (const Member& member : rule->members())
    if (!equal_any_case(member.name, "if") && !equal_any_case(member.name, "then"))
      return wrong("POL0001", fmt::format("policyRule has an unknown member: {}", member.name));
  const Value* then_node = rule->find_any_case("then");
  const Value* if_node = rule->find_any_case("if");
  if (if_node == nullptr || then_node == nullptr)
    return wrong("POL0001", fmt::format("policyRule has no {}", if_node == nullptr ? "if" : "then"));
  RD_TRY(then(*then_node));
  const Value* metadata = definition.properties.find_any_case("metadata");
  if (metadata != nullptr && metadata->is_object()) {
    if (const Value* when = metadata->find_any_case("when")) rule_.when = *when;
    const std::optional<std::string_view> scope = metadata->text_of("existenceScope");
    rule_.related.anywhere = scope && equal_any_case(*scope, "anywhere");
  }
  rule_.condition = RD_TRY(condition(*if_node, 0));
  if (std::optional<std::set<std::string>> types = required_types(*rule_.condition))
    rule_.types.assign(types->begin(), types->end());
  return {};
}

}  // namespace detail

Policy::Policy(std::unique_ptr<detail::CompiledRule> rule) : rule_(std::move(rule)) {}
Policy::Policy(Policy&&) noexcept = default;
Policy& Policy::operator=(Policy&&) noexcept = default;
Policy::~Policy() = default;

std::string_view Policy::known_effect() const {
  return rule_->known_effect ? detail::name_of(*rule_->known_effect) : std::string_view();
}

std::string_view Policy::data_plane_mode() const {
  const bool data_plane = rule_->mode == detail::Mode::DataPlane && !rule_->model_deployments;
  return data_plane ? std::string_view(rule_->mode_name) : std::string_view();
}

bool Policy::conflict_denies() const { return rule_->conflict_denies; }

bool Policy::sees(const estate::Resource& resource) const {
  return !resource.beside || rule_->relation != nullptr;
}

const std::vector<std::string>& Policy::types() const { return rule_->types; }
const std::vector<std::string>& Policy::guessed_aliases() const { return rule_->guessed; }

Result<Policy> compile(const Definition& definition, const Value& parameters, const CompileOptions& options) {
  auto rule = std::make_unique<detail::CompiledRule>();
  RD_TRY(detail::Compiler(*rule, options).compile(definition, parameters));
  return Policy(std::move(rule));
}

Result<Definition> read_definition(const Value& node) {
  if (!node.is_object())
    return fail(Error::Kind::InvalidInput, "POL0001", "a policy definition must be an object");
  const Value* properties = node.find_any_case("properties");
  Definition out;
  out.properties = properties != nullptr && properties->is_object() ? *properties : node;
  out.name = node.text_of("name").value_or("");
  out.id = node.text_of("id").value_or("");
  out.display_name = out.properties.text_of("displayName").value_or("");
  out.policy_type = out.properties.text_of("policyType").value_or("");
  out.mode = out.properties.text_of("mode").value_or("");
  out.place = node.place();
  return out;
}

std::vector<Word> mode_words() {
  static constexpr std::string_view kSummaries[] = {
      "looks at every type, at resource groups and at subscriptions; of Microsoft.Resources at nothing else",
      "looks at types that have tags and location",
      "unknown where the rule holds: the objects are in another system"};
  std::vector<Word> words;
  for (const detail::ModeRow& row : detail::kModes) {
    const std::string_view status = row.mode == detail::Mode::DataPlane ? "unknown" : "judged";
    words.push_back({row.name, status, kSummaries[static_cast<std::size_t>(row.mode)]});
    if (row.name == detail::kModelMode)
      words.back() = {row.name, "judged", "looks at accounts/deployments with their accounts/raiPolicies"};
  }
  return words;
}

}  // namespace redoubt::policy
