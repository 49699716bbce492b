#include <fmt/format.h>

#include <filesystem>

#include "arm/detail/deployment.h"
#include "core/text.h"

// Deployments inside deployments: where they land, and where their templates come from.

namespace redoubt::arm {

using doc::Value;

Result<Scope> Deployment::nested_target(const Instance& instance, Surroundings& surroundings) {
  const Value& node = *instance.declaration;
  Scope scope = target_;
  const Value* subscription = node.find_any_case("subscriptionId");
  const Value* group = node.find_any_case("resourceGroup");
  const Value* explicit_scope = node.find_any_case("scope");
  if (instance.is_deployment() && explicit_scope != nullptr) {
    const std::string text = RD_TRY(text_of(*explicit_scope, surroundings, "scope"));
    if (std::optional<Scope> parsed = Scope::parse(text)) {
      if (parsed->kind == ScopeKind::ManagementGroup) parsed->subscription = scope.subscription;
      return *parsed;
    }
    scope.kind = ScopeKind::ManagementGroup;
    scope.management_group = text;
    return scope;
  }
  if (subscription != nullptr) {
    scope.subscription = RD_TRY(text_of(*subscription, surroundings, "subscriptionId"));
    scope.kind = ScopeKind::Subscription;
  }
  if (group != nullptr) {
    scope.resource_group = RD_TRY(text_of(*group, surroundings, "resourceGroup"));
    scope.kind = ScopeKind::ResourceGroup;
  }
  return scope;
}

Deployment* Deployment::nested(Instance& instance) {
  if (!instance.nested_known) {
    instance.nested_known = true;
    if (Result<void> opened = open_nested(instance); !opened)
      run_.give_up(opened.error(), instance.declaration->place());
  }
  return instance.nested.get();
}

/// Whether expressions are evaluated inside or outside hangs on it.
Result<void> Deployment::check_evaluation_options(const Value* options) const {
  if (options == nullptr || options->is_null()) return {};
  const Value* scope = options->find_any_case("scope");
  if (options->is_object() && (scope == nullptr || scope->is_null() || scope->is_string())) return {};
  const Value& wrong = options->is_object() ? *scope : *options;
  return fail(Error::Kind::InvalidInput, "ARM0202",
              fmt::format("expressionEvaluationOptions must be an object with scope as text, not {}",
                          doc::name_of(wrong.kind())),
              run_.sources.where(wrong.place()));
}

/// What a deployment gives its template; null when it gives nothing.
Result<const Value*> Deployment::nested_parameters(const Value& properties, Surroundings& surroundings) {
  const Value* parameters = properties.find_any_case("parameters");
  if (parameters != nullptr && parameters->is_string()) {
    const Value whole = RD_TRY(resolve(*parameters, surroundings));
    parameters = run_.arena.make<Value>(whole);
  }
  if (parameters != nullptr && !parameters->is_object() && !parameters->is_null() &&
      !parameters->is_unknown())
    run_.report({Error::Kind::InvalidInput,
                 "ARM0202",
                 fmt::format("parameters of a deployment must be an object, not {}",
                             doc::name_of(parameters->kind())),
                 {},
                 {}},
                parameters->place(), Severity::Warning);
  return parameters;
}

Result<void> Deployment::open_nested(Instance& instance) {
  static constexpr int kMaxNested = 32;
  int depth = 0;
  for (const Deployment* at = this; at != nullptr; at = at->around())
    ++depth;
  if (depth > kMaxNested)
    return fail(Error::Kind::Limit, "ARM0208",
                fmt::format("deployments nested deeper than {} levels", kMaxNested));
  static constexpr Value kNone{};
  const Value* properties = instance.declaration->find_any_case("properties");
  if (properties == nullptr) properties = &kNone;
  Surroundings surroundings(*this, instance.loops);
  const Value* root = properties->find_any_case("template");
  Value computed;
  bool inner = false;
  if (root == nullptr) {
    const Value* link = properties->find_any_case("templateLink");
    root = link == nullptr ? nullptr : linked_template(instance, *link, surroundings);
    inner = true;
  } else {
    const Value* evaluation = properties->find_any_case("expressionEvaluationOptions");
    RD_TRY(check_evaluation_options(evaluation));
    const std::optional<std::string_view> scope =
        evaluation == nullptr ? std::nullopt : evaluation->text_of("scope");
    inner = scope && equal_any_case(*scope, "inner");
    if (root->is_string()) {
      computed = RD_TRY(resolve(*root, surroundings));
      root = &computed;
    }
  }
  const bool has_link = properties->find_any_case("templateLink") != nullptr;
  if (root == nullptr && has_link) return {};
  if (root == nullptr || !root->is_object()) {
    run_.unread_links.push_back(instance.name);
    run_.report({Error::Kind::InvalidInput,
                 "ARM0210",
                 fmt::format("the template of {} is not known: what it deploys is unknown", instance.name),
                 {},
                 {}},
                instance.declaration->place(), Severity::Warning);
    return {};
  }
  instance.nested = std::make_unique<Deployment>(run_, *root, this, &instance, instance.target, inner);
  const Value* parameters = RD_TRY(nested_parameters(*properties, surroundings));
  if (!inner) return {};
  instance.nested->supply_parameters(parameters, instance.loops);
  instance.nested->check_supplied();
  return {};
}

const Value* Deployment::linked_template(const Instance& instance, const Value& link,
                                         Surroundings& surroundings) {
  const auto unread = [&](std::string message, std::string hint) -> const Value* {
    run_.unread_links.push_back(instance.name);
    run_.report({Error::Kind::NotFound, "ARM0210", std::move(message), {}, std::move(hint)}, link.place(),
                Severity::Warning);
    return nullptr;
  };
  if (!run_.options.follow_links)
    return unread(
        fmt::format("the linked template of {} is not read: links are not followed here", instance.name), {});
  const Value* path_node = link.find_any_case("relativePath");
  if (path_node == nullptr)
    return unread(fmt::format("the linked template of {} is not read: it has a uri", instance.name),
                  "what it deploys is unknown; use relativePath to have it judged");
  const Result<Value> path = resolve(*path_node, surroundings);
  if (!path || !path->is_string())
    return unread(fmt::format("the path of the linked template of {} is not known", instance.name), {});
  static constexpr std::size_t kMaxLinks = 500;
  static constexpr std::size_t kMaxBytes = std::size_t{16} << 20;
  if (path->secret() || path->as_string().starts_with('/'))
    return unread(
        fmt::format("the path of the linked template of {} must be relative and no secret", instance.name),
        {});
  if (run_.linked.size() >= kMaxLinks)
    return unread(
        fmt::format("more than {} linked templates; the one of {} is not read", kMaxLinks, instance.name),
        {});
  const std::string& from =
      run_.sources.name(link.place().file == 0 ? root_.place().file : link.place().file);
  const std::size_t folder = from.rfind('/');
  std::string file = (folder == std::string::npos ? std::string() : from.substr(0, folder + 1)) +
                     std::string(path->as_string());
  std::error_code error;
  if (std::filesystem::exists(file, error) && !std::filesystem::is_regular_file(file, error))
    return unread(fmt::format("the linked template of {} is no regular file", instance.name), {});
  doc::JsonLimits limits;
  limits.max_bytes = kMaxBytes;
  Result<Reading<doc::Document>> document = doc::read_json_file(run_.sources, file, limits);
  if (!document) return unread(document.error().text(), "is the path relative to this template?");
  run_.linked.push_back(std::move(document->value));
  return &run_.linked.back().root;
}

}  // namespace redoubt::arm
