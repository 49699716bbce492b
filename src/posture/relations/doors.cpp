#include "posture/relations/doors.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace redoubt::posture::relations {

using doc::Value;

bool names_part(const Scene& scene, std::string_view id, const Value* name) {
  return !id.empty() && equal_any_case(last_segment(id), text_of(name, scene.origins));
}

Truth public_frontend(const Scene& scene, const Value* id) {
  const std::string text = text_of(id, scene.origins);
  const Items frontends = items_at(scene.resource.body, "properties.frontendIPConfigurations");
  if (frontends.open != nullptr) return Truth::Unknown;
  Truth any = Truth::False;
  for (const Value& frontend : frontends.items) {
    const Value* name = find(frontend, "name");
    // A frontend whose name, or the reference to it, is open may be the one.
    Truth named = policy::truth_of(names_part(scene, text, name));
    if (named == Truth::False &&
        (last_segment(text).find('{') != std::string_view::npos || (name != nullptr && name->is_unknown())))
      named = Truth::Unknown;
    Truth is_public = Truth::False;
    for (const std::string_view path : {"properties.publicIPAddress", "properties.publicIPPrefix"}) {
      const Value* address = find(frontend, path);
      if (address == nullptr) continue;
      is_public = either(is_public, address->is_unknown() ? Truth::Unknown : Truth::True);
    }
    any = either(any, both(named, is_public));
  }
  return any;
}

void Forwarding::to(const Value& value, const Spot& spot, Truth is_public) {
  if (is_public == Truth::False) return;
  const std::vector<Backend> backends = backends_in(scene_, value);
  for (const Backend& backend : backends)
    tell(backend, spot, is_public);
  if (!backends.empty() || !value.is_unknown()) return;
  // Whatever it is: it matters only where it could be an account that is private.
  const estate::Estate::List accounts = scene_.estate().of_type("Microsoft.CognitiveServices/accounts");
  if (std::any_of(accounts.begin(), accounts.end(),
                  [](const estate::Resource* one) { return is_private(*one) != Truth::False; }))
    doubts_.add(spot.path, &value);
}

void Forwarding::to_address(const Value& value, const Spot& spot, Truth is_public) {
  if (is_public == Truth::False) return;
  if (value.is_unknown()) return to(value, spot, is_public);
  if (const estate::Resource* account = account_at(scene_, text_of(&value, scene_.origins)))
    tell({account, text_of(&value, scene_.origins)}, spot, is_public);
}

void Forwarding::tell(const Backend& backend, const Spot& spot, Truth is_public) {
  if (backend.account == nullptr)
    return doubts_.add(spot.path, fmt::format("publicNetworkAccess of the account of {}", backend.host));
  const Truth hidden = both(is_private(*backend.account), is_there(scene_, *backend.account));
  const Truth all = both(is_public, hidden);
  if (all == Truth::Unknown) {
    if (is_public == Truth::Unknown)
      doubts_.add(spot.path, std::string("whether it is reached from the internet"));
    if (is_there(scene_, *backend.account) == Truth::Unknown) doubts_.add(*backend.account);
    if (is_private(*backend.account) == Truth::Unknown)
      doubts_.add("publicNetworkAccess", fmt::format("publicNetworkAccess of {}", backend.account->id));
  }
  if (all == Truth::True && !failure_)
    failure_ = noncompliant(
        fmt::format("{} forwards to {}, which is private otherwise", door_, backend.account->name), spot,
        fmt::format("remove {}, or close the door to the internet", spot.path));
}

policy::Verdict Forwarding::verdict(std::string good) const {
  if (failure_) return *failure_;
  if (doubts_.any()) return doubts_.verdict();
  return compliant(std::move(good));
}

}  // namespace redoubt::posture::relations
