#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "doc/value.h"

namespace redoubt::estate {

/// One resource, of a template or of an export, as policies see it. Values live in the estate.
struct Resource {
  std::string id;    ///< as written; open parts in braces
  std::string type;  ///< by the id: an extension resource's own type, not `.../providers/...`
  std::string name;  ///< `parent/child`
  std::string api_version;  ///< of the template; empty in an export
  std::string subscription;    ///< of the id; empty above subscriptions
  std::string resource_group;  ///< of the id; empty above groups
  doc::Value body;   ///< the ARM resource: type, name, location, tags, kind, sku, identity, properties ...
  doc::Value open;   ///< unknown that its being deployed hangs on; null = surely there
  bool existing = false;     ///< a template refers to it and does not deploy it
  bool from_export = false;
  doc::Place place;
};

}  // namespace redoubt::estate
