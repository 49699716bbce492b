#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arm/origins.h"
#include "core/result.h"
#include "core/time.h"
#include "doc/sources.h"
#include "doc/value.h"
#include "estate/resource.h"
#include "policy/alias_catalogue.h"
#include "policy/definition.h"
#include "policy/type_table.h"

namespace redoubt::policy {

namespace detail {
struct CompiledRule;
}
struct RelationCheck;

/// What policies are compiled against. Must outlive them.
struct CompileOptions {
  const AliasCatalogue* aliases = nullptr;
  const TypeTable* types = nullptr;
  arm::Origins* origins = nullptr;
  /// The catalogue is the only truth: an alias it neither has nor can derive from one it has makes the policy
  /// not applicable, instead of being guessed by rule.
  bool only_listed_aliases = false;
  /// Where errors of compile() are to have a place; may be null.
  const doc::Sources* sources = nullptr;
  /// An assignment's override: the effect whatever the rule and its parameters say. Empty: none.
  std::string_view effect = {};
  /// How parameters are held to their allowedValues. Azure compares with case when something is assigned;
  /// what is assigned already has passed that, maybe with another version of the definition.
  enum class AllowedValues : std::uint8_t { Exact, AnyCase, Any } allowed_values = AllowedValues::Exact;
  /// Finds the relation check of a name; null in its place: none is known.
  const RelationCheck* (*find_relation)(std::string_view name) = nullptr;
};

/// A definition with its parameters, ready to judge resources: aliases are paths, expressions are parsed,
/// what does not hang on the resource is worked out. Immutable; safe to use from several threads.
class Policy {
 public:
  Policy(Policy&&) noexcept;
  Policy& operator=(Policy&&) noexcept;
  ~Policy();

  const detail::CompiledRule& rule() const { return *rule_; }

  /// `deny` ..., where it does not hang on the resource or on a parameter that is not set; else empty.
  std::string_view known_effect() const;

  /// The data-plane mode whose objects only another system sees (`Microsoft.KeyVault.Data`); empty for modes
  /// that look at ARM resources, and for the models' mode.
  std::string_view data_plane_mode() const;
  /// What modify's conflictEffect says of changes that another policy makes differently.
  bool conflict_denies() const;

  /// Whether it looks at the resource at all: of what is beside ARM's resources relation checks alone do.
  bool sees(const estate::Resource& resource) const;

  /// Types (lower case) outside of which the rule is surely false; empty = it may apply to any type.
  const std::vector<std::string>& types() const;
  /// Aliases whose path was guessed: worth a warning.
  const std::vector<std::string>& guessed_aliases() const;

 private:
  friend Result<Policy> compile(const Definition&, const doc::Value&, const CompileOptions&);
  explicit Policy(std::unique_ptr<detail::CompiledRule> rule);
  std::unique_ptr<detail::CompiledRule> rule_;
};

/// Compiles a definition with parameter values (an object {name: value}, or null).
///
/// A parameter without value and default is the unknown `policy parameter X not set`.
/// Errors: POL0001 the definition's shape, POL0002 a condition, POL0003 a field, POL0004 an expression,
/// POL0005 an effect or its details, POL0006 a parameter value, POL0007 the mode, POL0009 the relation check.
/// Source: Azure Policy definition structure; semantics 2.1 and 2.2.
Result<Policy> compile(const Definition& definition, const doc::Value& parameters,
                       const CompileOptions& options);

/// The definition inside a document: {properties: {policyRule ...}} or the properties alone.
Result<Definition> read_definition(const doc::Value& node);

}  // namespace redoubt::policy
