#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doc/value.h"

namespace redoubt::policy {

/// A policy definition as it was loaded. Values live in the library that loaded it.
struct Definition {
  std::string name;  ///< the GUID of a built-in, else the name its author gave
  std::string id;    ///< resource id; empty when the file has none
  std::string display_name;
  std::string description;
  std::string category;     ///< metadata.category
  std::string version;      ///< properties.version, else metadata.version
  std::string mode;         ///< as written; empty = not given
  std::string policy_type;  ///< BuiltIn, Custom, Static
  std::string severity;     ///< metadata.severity, lower case; empty = not given
  bool deprecated = false;
  bool preview = false;
  doc::Value properties;  ///< policyRule, parameters, mode ...
  doc::Place place;
};

/// The mode of definitions that name a relation check in place of a rule; Azure has none like it.
inline constexpr std::string_view kRelationMode = "Redoubt.Relations";
bool is_relation(const Definition& definition);
/// Whether metadata.when names fields or values of the rule that say where it applies: a resource of which
/// one of those conditions surely fails is not applicable, and no evidence of anything.
bool says_when(const Definition& definition);

/// One member of an initiative.
struct Reference {
  std::string reference_id;        ///< policyDefinitionReferenceId
  std::string definition_id;       ///< policyDefinitionId as written
  std::string definition_name;     ///< its last segment
  std::string definition_version;  ///< `1.*.*`; empty = not pinned
  std::vector<std::string> groups;
  doc::Value parameters;  ///< {name: {value}}; values may be expressions over the initiative's parameters
  doc::Place place;
  /// Of metadata.relations: a relation check, which takes the initiative's parameters of the same names.
  bool relation = false;
};

/// Whether the reference's version pin (`1.*.*`) names another major version than the definition has.
bool pins_another_major(const Reference& reference, const Definition& definition);

/// A policy set definition. Values live in the library that loaded it.
struct Initiative {
  std::string name;
  std::string id;
  std::string display_name;
  std::string category;
  std::string version;
  std::string policy_type;
  bool deprecated = false;
  doc::Value properties;
  std::vector<Reference> references;
  doc::Place place;
};

/// Parameters that only relation checks take (metadata.relationParameters), declared as others are; null when
/// there are none. Azure refuses an initiative with a parameter that no member takes.
const doc::Value* relation_parameters(const Initiative& initiative);

}  // namespace redoubt::policy
