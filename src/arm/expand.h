#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arm/origins.h"
#include "arm/resource_id.h"
#include "core/result.h"
#include "core/time.h"
#include "doc/json.h"
#include "doc/sources.h"
#include "doc/value.h"

namespace redoubt::arm {

/// What the user says about the deployment; what is left out is unknown.
struct ExpandOptions {
  std::optional<Scope> scope;
  std::string location;  ///< of the resource group, or of the deployment at higher scopes
  std::string tenant;
  std::optional<Instant> now;  ///< utcNow() is unknown without it
  bool follow_links = true;    ///< read linked templates from files beside the template
  // What the whole expansion may cost (ARM0203 past it).
  std::uint64_t max_steps = 20'000'000;
  std::size_t max_bytes = std::size_t{1} << 30;
};

/// One resource that a template deploys (or refers to, when `existing`).
struct Resource {
  std::string id;     ///< empty for a resource of another extension
  std::string type;   ///< full type as the template writes it, `Microsoft.Network/virtualNetworks/subnets`
  std::string name;   ///< `parent/child`; open parts in braces
  std::string scope;  ///< id of the scope, or of the resource it extends
  std::string extension;   ///< of a resource of another extension than az, else empty
  std::string deployment;  ///< names of the nested deployments around it, joined by `/`; empty at the top
  doc::Value body;         ///< the evaluated resource: type, name, apiVersion, location, tags, properties ...
  doc::Value condition;    ///< true, or unknown
  doc::Value open;  ///< the first unknown its deployment hangs on (condition, loop, deployments around it),
                    ///< else null
  bool existing = false;
  bool broken =
      false;  ///< something in its body could not be evaluated and stands as unknown; a diagnostic says why
  doc::Place place;
};

/// A template after expansion. Values live in `arena` and in the Sources they were read through.
struct Expansion {
  ScopeKind kind = ScopeKind::ResourceGroup;
  Scope scope;
  std::deque<Resource> resources;  ///< depth first in template order
  std::vector<std::pair<std::string, doc::Value>> outputs;
  /// Linked templates that could not be read: what they deploy is not known.
  std::vector<std::string> unread_links;
  /// Part of the template could not be expanded at all (a name, a loop, a limit); a diagnostic says why.
  bool failed = false;
  std::unique_ptr<Arena> arena;
  std::vector<doc::Document> linked;  ///< linked templates, which values of the expansion refer to
};

/// True when the document says it is a deployment template (by its $schema, or by its shape).
bool is_template(const doc::Value& root);
/// True for a deployment parameter file.
bool is_parameter_file(const doc::Value& root);
/// {name: {value}} of a parameter file, or of such an object by itself; null for anything else.
const doc::Value* given_parameters(const doc::Value& root);

/// Expands a template: parameters, variables, loops, conditions, nested and linked deployments.
///
/// `parameters` is the root of a parameter file (or an object of {name: {value}}), or null. Required
/// parameters without a value become typed unknowns. Goes on after mistakes: a resource that cannot be
/// evaluated is reported and marked broken. Errors (diagnostics): ARM0105 parameter value of a wrong type,
/// ARM0106 not an allowed value, ARM0107 a parameter the template does not have, ARM0201.. evaluation,
/// ARM0207 too many copies, ARM0208 circular reference, ARM0209 name and type do not fit, ARM0210 linked
/// template not read. Source: ARM template structure and syntax; shared semantics 4.2 and 4.3.
Result<Reading<Expansion>> expand(doc::Sources& sources, Origins& origins, const doc::Document& document,
                                  const doc::Value* parameters, const ExpandOptions& options);

/// Evaluates one expression, or plain text, with plain parameters and variables (objects or null).
Result<doc::Value> evaluate_text(std::string_view text, const doc::Value* parameters,
                                 const doc::Value* variables, bool policy_language, Origins& origins,
                                 Arena& arena, const ExpandOptions& options);

/// The same for a whole value: expressions anywhere inside, property loops, escapes.
Result<doc::Value> evaluate_value(const doc::Value& node, const doc::Value* parameters,
                                  const doc::Value* variables, bool policy_language, Origins& origins,
                                  Arena& arena, const ExpandOptions& options);

}  // namespace redoubt::arm
