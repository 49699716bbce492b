#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "arm/expression.h"
#include "core/arena.h"
#include "doc/value.h"
#include "policy/alias_catalogue.h"
#include "policy/operators.h"

namespace redoubt::policy::detail {

/// A value of a rule: a constant, or something to work out for each resource.
struct Operand {
  enum class Kind : std::uint8_t { Constant, Expression, Array, Object };

  Kind kind = Kind::Constant;
  doc::Value constant;                          ///< Constant; else the text as written
  const arm::Expression* expression = nullptr;  ///< Expression
  std::span<const Operand> items;               ///< Array, Object
  std::span<const std::string_view> names;      ///< Object
  bool constant_throughout() const { return kind == Kind::Constant; }
};

/// One step of a path into a resource: a property name, or every element of an array.
struct Step {
  std::string_view name;
  bool star = false;
};

/// A path for one resource type (empty: any) and api versions (empty: any).
struct PathVariant {
  std::string_view resource_type;
  std::span<const std::string_view> api_versions;
  std::span<const Step> path;
  const AliasPattern* pattern = nullptr;
};

/// What a condition looks at. Source: policy rule, "Fields".
struct Field {
  enum class Kind : std::uint8_t {
    Type,
    Name,
    FullName,
    ResourceKind,
    Location,
    Id,
    Tags,
    Tag,
    Identity,
    Alias,
    Computed
  };

  Kind kind = Kind::Alias;
  std::string_view text;                  ///< as written, or as computed
  std::span<const Step> path;             ///< Tag, Identity, Alias
  std::span<const PathVariant> variants;  ///< Alias whose path differs by type or version
  const AliasPattern* pattern = nullptr;
  bool star = false;  ///< the alias's own name holds [*]
  Operand computed;   ///< Computed
};

struct Condition {
  enum class Kind : std::uint8_t { AllOf, AnyOf, Not, Field, Value, CountField, CountValue };
  /// What the condition means to applicability.
  enum class Role : std::uint8_t { Other, Type, Name, ResourceKind };

  Kind kind = Kind::AllOf;
  Role role = Role::Other;
  bool says_when = false;  ///< named in metadata.when: where it surely fails, the rule does not apply
  Operator op = Operator::Equals;
  std::span<const Condition* const> members;  ///< AllOf, AnyOf, Not (one), counts (the where, or none)
  Field field;                                ///< Field, CountField
  Operand left;                               ///< Value, CountValue
  Operand right;
  std::string_view count_name;  ///< CountValue
  doc::Place place;
};

enum class Effect : std::uint8_t {
  Audit,
  Deny,
  Append,
  Modify,
  AuditIfNotExists,
  DeployIfNotExists,
  DenyAction,
  Manual,
  Disabled,
  AddToNetworkGroup,
  Mutate,
  EnforceRegoPolicy,
  EnforceOpaConstraint,
  EnforceSetting,
  AuditAction,
};

/// One operation of modify, or one pair of append.
struct Operation {
  enum class Kind : std::uint8_t { Add, AddOrReplace, Remove, Append };
  Kind kind = Kind::Add;
  Field field;
  Operand value;
  bool has_condition = false;
  Operand condition;
  doc::Place place;
};

/// What deployIfNotExists would deploy, as written; null where the rule does not have it.
struct DeploymentDetails {
  doc::Value deployment;
  doc::Value scope;  ///< deploymentScope
  doc::Value roles;  ///< roleDefinitionIds
};

/// details of the if-not-exists effects.
struct RelatedDetails {
  Operand type;
  Operand name;             ///< null constant: any name
  Operand resource_group;   ///< resourceGroupName
  Operand existence_scope;  ///< existenceScope
  bool names_subject = false;  ///< no candidate without the subject's id in it meets `existence`
  bool anywhere = false;    ///< metadata.existenceScope: in any subscription, which Azure can't look in
  const Condition* existence = nullptr;
  std::optional<bool> extends_others;  ///< where the type is a constant: it is made on other resources
  DeploymentDetails deployment;
};

/// An entry of metadata.fix: what an author says a person should write.
struct WrittenFix {
  std::string_view path;  ///< `[*]` stands for the element that was found, `[]` at the end for a new one
  std::optional<Operand> value;
  std::optional<Operand> resource;  ///< to add
  std::optional<Operand> text;
};

}  // namespace redoubt::policy::detail
