#include <fmt/format.h>

#include "core/text.h"
#include "posture/relations/checks.h"
#include "posture/relations/references.h"
#include "posture/relations/remedies.h"
#include "posture/relations/verdicts.h"

// Model servers that run in containers, and the ways from the internet to them.

namespace redoubt::posture::relations {

using doc::Value;
using policy::Verdict;

Verdict judge_container_app(const Scene& scene) {
  const Value& body = scene.resource.body;
  const Truth serves = has_tag(scene.resource, "purpose", "inference");
  if (serves == Truth::False) return not_applicable("the app is not tagged as one of inference");
  const Value* external = find(body, "properties.configuration.ingress.external");
  const Truth open_ingress = is_true(external);
  if (open_ingress == Truth::False) return compliant("its ingress is not external");
  const Value* reference = find(body, "properties.managedEnvironmentId");
  if (reference == nullptr) reference = find(body, "properties.environmentId");
  const std::string id = text_of(reference, scene.origins);
  const estate::Resource* environment = scene.estate().find(id);
  Doubts doubts(scene);
  if (environment == nullptr || environment->existing) {
    doubts.add("managedEnvironmentId", fmt::format("whether the environment {} is internal", id));
    return doubts.verdict();
  }
  const Value* internal = find(environment->body, "properties.vnetConfiguration.internal");
  const Value* access = find(environment->body, "properties.publicNetworkAccess");
  const Truth closed = either(is_true(internal), is_text(access, "Disabled"));
  if (closed == Truth::True)
    return compliant(is_true(internal) == Truth::True ? "its environment is internal"
                                                      : "its environment takes no public network access");
  const Truth all = both(both(serves, open_ingress), both(negate(closed), is_there(scene, *environment)));
  if (all == Truth::True)
    return noncompliant(
        fmt::format("external ingress of a model server, in the environment {}, which is not internal",
                    environment->name),
        {"properties.configuration.ingress.external", external, scene.resource.place},
        "set ingress.external to false, or vnetConfiguration.internal of the environment to true");
  if (serves == Truth::Unknown)
    doubts.add("tags.purpose", body.find_any_case("tags")->is_unknown()
                                   ? body.find_any_case("tags")
                                   : body.find_any_case("tags")->find_any_case("purpose"));
  if (open_ingress == Truth::Unknown) doubts.add("properties.configuration.ingress.external", external);
  if (closed == Truth::Unknown) {
    doubts.add("vnetConfiguration.internal", internal);
    doubts.add("publicNetworkAccess", access);
  }
  if (is_there(scene, *environment) == Truth::Unknown) doubts.add(*environment);
  return doubts.verdict();
}

namespace {

/// The annotation that makes the load balancer of a service an internal one.
/// Source: "Use an internal load balancer with Azure Kubernetes Service".
constexpr std::string_view kInternal = "service.beta.kubernetes.io/azure-load-balancer-internal";

Verdict public_service(const Scene& scene, const Spot& spot, std::string path) {
  return noncompliant("a service of type LoadBalancer gets a public address: it lacks the annotation " +
                          std::string(kInternal),
                      spot, set_to(std::move(path), Value::string("true"), scene));
}

/// A service that a template makes in the cluster.
Verdict judge_service(const Scene& scene) {
  const Value& body = scene.resource.body;
  const Value* type = find(body, "properties.spec.type");
  const Truth balanced = is_text(type, "LoadBalancer");
  if (balanced == Truth::False) return compliant("the service is none of type LoadBalancer");
  const Value* annotations = find(body, "properties.metadata.annotations");
  const Value* internal = annotations == nullptr      ? nullptr
                          : annotations->is_unknown() ? annotations
                                                      : annotations->find_any_case(kInternal);
  const Truth closed = is_true(internal);
  if (closed == Truth::True) return compliant("its load balancer is internal");
  if (both(balanced, negate(closed)) == Truth::True)
    return public_service(scene, {"properties.metadata.annotations", annotations, scene.resource.place},
                          fmt::format("properties.metadata.annotations['{}']", kInternal));
  Doubts doubts(scene);
  if (balanced == Truth::Unknown) doubts.add("properties.spec.type", type);
  if (closed == Truth::Unknown) doubts.add("properties.metadata.annotations", internal);
  return doubts.verdict();
}

/// Values of a chart, `controller.service.type` and the annotations beside it, whose dots are escaped.
Verdict judge_chart(const Scene& scene) {
  const Value* settings = find(scene.resource.body, "properties.configurationSettings");
  Doubts doubts(scene);
  if (settings != nullptr && settings->is_unknown()) {
    doubts.add("properties.configurationSettings", settings);
    return doubts.verdict();
  }
  bool any = false;
  for (const doc::Member& member :
       settings == nullptr || !settings->is_object() ? std::span<const doc::Member>() : settings->members()) {
    static constexpr std::string_view kType = "service.type";
    if (!ends_with_any_case(member.name, kType)) continue;
    const Truth balanced = is_text(&member.value, "LoadBalancer");
    if (balanced == Truth::False) continue;
    any = true;
    const std::string_view service =
        member.name.substr(0, member.name.size() - std::string_view("type").size());
    Truth closed = Truth::False;
    for (const doc::Member& other : settings->members()) {
      const std::string plain = replace_all(replace_all(other.name, "\\", ""), "\"", "");
      if (starts_with_any_case(plain, service) && ends_with_any_case(plain, kInternal))
        closed = either(closed, is_true(&other.value));
    }
    if (both(balanced, negate(closed)) == Truth::True)
      return public_service(
          scene, {fmt::format("properties.configurationSettings.{}", member.name), &member.value, {}},
          fmt::format("properties.configurationSettings['{}annotations.{}']", service,
                      replace_all(kInternal, ".", "\\.")));
    if (closed != Truth::True)
      doubts.add(member.name, fmt::format("values of the chart of {}", scene.resource.name));
  }
  if (doubts.any()) return doubts.verdict();
  return any ? compliant("its load balancer is internal")
             : not_applicable("it sets no service of type LoadBalancer");
}

}  // namespace

Verdict judge_kubernetes_service(const Scene& scene) {
  return starts_with_any_case(scene.resource.type, "core/Service") ? judge_service(scene)
                                                                   : judge_chart(scene);
}

}  // namespace redoubt::posture::relations
