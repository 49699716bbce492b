#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "doc/sources.h"
#include "doc/value.h"

namespace redoubt::policy {

/// One condition of an override or of a resource selector. Source: "Azure Policy assignment structure".
struct Selector {
  enum class Kind : std::uint8_t {
    ResourceLocation,
    ResourceType,
    ResourceWithoutLocation,
    PolicyDefinitionReferenceId,
  };
  Kind kind = Kind::ResourceLocation;
  std::vector<std::string> in;      ///< locations normalised, as of normal_location(); else as written
  std::vector<std::string> not_in;  ///< used when `in` is empty
};

/// What selectors look at.
struct Selected {
  std::string_view location;  ///< empty: none
  std::string_view type;
  std::string_view reference_id;
  bool location_open = false;    ///< there is one, and it is not known
  bool at_subscription = false;  ///< it lies in no resource group: what resourceWithoutLocation selects among
};
enum class Match : std::uint8_t { No, Yes, Open };
/// All of `selectors` hold; those of kinds that `what` says nothing about count as said by their text.
Match matches(const std::vector<Selector>& selectors, const Selected& what);

/// The resource is in when it meets every selector of one of these; of an empty list everything is in.
struct ResourceSelector {
  std::string name;
  std::vector<Selector> selectors;
};
Match matches(const std::vector<ResourceSelector>& selectors, const Selected& what);

/// Changes effect or version of some references without touching parameters; the first that fits counts.
struct Override {
  enum class Kind : std::uint8_t { PolicyEffect, DefinitionVersion };
  Kind kind = Kind::PolicyEffect;
  std::string value;
  std::vector<Selector> selectors;
  doc::Place place;
};

struct NonComplianceMessage {
  std::string text;
  std::string reference_id;  ///< empty: for all
};

/// A policy assignment. Values live in the library that loaded it.
struct Assignment {
  std::string name;
  std::string id;     ///< `SCOPE/providers/Microsoft.Authorization/policyAssignments/NAME`
  std::string scope;  ///< as written
  std::string display_name;
  std::string definition_id;  ///< of a definition or an initiative, as written
  std::string definition_version;
  bool enforced = true;  ///< enforcementMode Default
  std::string enforcement_mode = "Default";
  bool has_identity = false;  ///< that modify and deployIfNotExists act with
  std::vector<std::string> not_scopes;
  doc::Value parameters;  ///< {name: value}
  std::vector<Override> overrides;
  std::vector<ResourceSelector> resource_selectors;
  std::vector<NonComplianceMessage> messages;
  doc::Place place;

  /// Whether it assigns an initiative, by its definition's id.
  bool of_initiative() const;
  std::string_view definition_name() const;  ///< last segment of its id
  /// The message for the reference, with `{enforcementMode}` as must or should; empty when there is none.
  std::string message_for(std::string_view reference_id) const;
};

/// A policy exemption. Source: "Azure Policy exemption structure".
struct Exemption {
  std::string name;
  std::string id;
  std::string scope;
  std::string display_name;
  std::string description;
  std::string assignment_id;
  std::vector<std::string> reference_ids;  ///< empty: the whole assignment
  std::string category;                    ///< Waiver, Mitigated
  std::optional<Instant> expires_on;
  std::vector<ResourceSelector> resource_selectors;
  doc::Place place;

  bool expired(Instant now) const { return expires_on && *expires_on <= now; }
};

/// What a row of JSON says; `node` is the resource, `properties` what lies in it (the same where a client
/// prints it flat). Mistakes are diagnostics, and the rest is taken all the same.
/// Diagnostics: POL0401 a member is missing or of the wrong type (error: a row without name, definition or
/// assignment is not used, nor is an exemption or an override whose selectors or references are wrong),
/// POL0402 an unknown kind or value, POL0403 more than ten overrides or selectors, POL0404 no time.
Reading<std::optional<Assignment>> read_assignment(const doc::Value& node, const doc::Value& properties,
                                                   Arena& arena, const doc::Sources& sources);
Reading<std::optional<Exemption>> read_exemption(const doc::Value& node, const doc::Value& properties,
                                                 const doc::Sources& sources);

}  // namespace redoubt::policy
