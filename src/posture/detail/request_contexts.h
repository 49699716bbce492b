#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "arm/origins.h"
#include "core/arena.h"
#include "core/time.h"
#include "estate/estate.h"
#include "policy/evaluate.h"
#include "posture/scan.h"

namespace redoubt::posture {

/// subscription() and resourceGroup() of one group, made once.
struct GroupContext {
  doc::Value subscription;
  doc::Value resource_group;
};

/// Belongs to one worker; by subscription and group.
struct GroupContexts {
  Arena arena;
  std::unordered_map<std::string, GroupContext> by_group;
};

/// What subscription(), resourceGroup() and requestContext() give for each resource.
class RequestContexts {
 public:
  RequestContexts(const estate::Estate& estate, arm::Origins& origins, const ScanOptions& options);

  policy::RequestContext context(const estate::Resource& resource, GroupContexts& groups, Arena& arena,
                                 Instant time) const;

 private:
  doc::Value text(std::string_view value, Arena& arena) const;
  doc::Value subscription(const estate::Resource& resource, Arena& arena) const;
  doc::Value group(const estate::Resource& resource, Arena& arena) const;

  const estate::Estate& estate_;
  arm::Origins& origins_;
  const ScanOptions& options_;
  Arena arena_;
  doc::Value tenant_;
  doc::Value display_name_;
  std::unordered_map<std::string, doc::Value> newest_;  // requestContext() by lower-case type
};

}  // namespace redoubt::posture
