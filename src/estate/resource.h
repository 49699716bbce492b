#pragma once

#include <string_view>

#include "doc/value.h"

namespace redoubt::estate {

/// One resource, of a template or of an export, as policies see it. Text and values live in the estate, or in
/// the documents it was loaded from.
struct Resource {
  std::string_view id;              ///< as written; open parts in braces
  std::string_view type;            ///< by the id: an extension resource's own type, not `.../providers/...`
  std::string_view name;            ///< `parent/child`
  std::string_view api_version;     ///< of the template; empty in an export
  std::string_view subscription;    ///< of the id; empty above subscriptions
  std::string_view resource_group;  ///< of the id; empty above groups
  doc::Value body;  ///< the ARM resource: type, name, location, tags, kind, sku, identity, properties ...
  doc::Value open;  ///< unknown that its being deployed hangs on; null = surely there
  bool existing = false;  ///< a template refers to it and does not deploy it
  bool from_export = false;
  /// Beside ARM's resources: an object of another extension (a Kubernetes service), or the subscription that
  /// a template deploys into. Policies don't see it, relation checks do.
  bool beside = false;
  doc::Place place;
};

}  // namespace redoubt::estate
