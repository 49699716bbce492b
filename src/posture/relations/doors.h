#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "posture/relations/accounts.h"
#include "posture/relations/references.h"
#include "posture/relations/verdicts.h"

namespace redoubt::posture::relations {

/// Whether an id names a part of the judged resource by that name (`.../frontendIPConfigurations/NAME`).
bool names_part(const Scene& scene, std::string_view id, const doc::Value* name);

/// Whether the frontend of that id, of a load balancer or an application gateway, has a public address.
Truth public_frontend(const Scene& scene, const doc::Value* id);

/// What a door leads to, and how it is told.
class Forwarding {
 public:
  /// `is_public`: whether the door is open to the internet.
  Forwarding(const Scene& scene, std::string door) : scene_(scene), door_(std::move(door)), doubts_(scene) {}

  /// A value that names where requests go: a host, a URL, a policy document; open ones count where an account
  /// in the estate could be meant.
  void to(const doc::Value& value, const Spot& spot, Truth is_public);
  /// An address that may be that of a private endpoint.
  void to_address(const doc::Value& value, const Spot& spot, Truth is_public);

  Doubts& doubts() { return doubts_; }
  policy::Verdict verdict(std::string good) const;

 private:
  void tell(const Backend& backend, const Spot& spot, Truth is_public);

  const Scene& scene_;
  std::string door_;
  Doubts doubts_;
  std::optional<policy::Verdict> failure_;
};

}  // namespace redoubt::posture::relations
