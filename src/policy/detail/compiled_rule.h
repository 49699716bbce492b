#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "policy/detail/rule.h"
#include "policy/policy.h"

namespace redoubt::policy::detail {

/// How a definition's mode limits what it looks at.
enum class Mode : std::uint8_t { All, Indexed, DataPlane, Relations };

/// A compiled definition. Everything lives in `arena` or in the definition's document.
struct CompiledRule {
  Arena arena;
  std::string name;
  Mode mode = Mode::Indexed;
  std::string mode_name;
  bool is_static = false;          ///< policyType Static: Azure never evaluates it
  bool model_deployments = false;  ///< mode Microsoft.CognitiveServices.Data
  bool invalid_alias = false;
  std::vector<doc::Member> parameters;  ///< effective values, lower-case names
  const Condition* condition = nullptr;
  const RelationCheck* relation = nullptr;  ///< in place of `condition`
  doc::Value relation_parameters;           ///< `parameters` as an object
  Operand effect;
  std::optional<Effect> known_effect;  ///< where `effect` does not hang on the resource
  std::vector<Effect> allowed_effects;
  RelatedDetails related;
  std::vector<Operation> operations;
  std::vector<Operand> action_names;
  std::vector<WrittenFix> fixes;
  bool conflict_denies = true;  ///< conflictEffect; Azure's default is deny
  bool has_type = false;        ///< which roles the conditions have
  bool has_name = false;
  bool has_kind = false;
  bool has_other = false;
  bool has_location = false;
  bool modifies_identity = false;
  doc::Value when;  ///< metadata.when: the fields and values that say where the rule applies
  /// Fields that field() and current() name by constant text, by the call.
  std::unordered_map<const arm::Expression*, Field> named_fields;
  std::vector<std::string> types;
  std::vector<std::string> guessed;
  std::vector<std::unique_ptr<AliasPattern>> patterns;
  arm::Origins* origins = nullptr;
  const TypeTable* type_table = nullptr;
  const AliasCatalogue* aliases = nullptr;
  bool only_listed_aliases = false;
};

/// Whether resources of the type can be made on others (diagnostic settings, locks ...).
bool is_extension_type(const TypeTable* types, std::string_view type);

std::optional<Effect> find_effect(std::string_view name);
/// `deployIfNotExists`, as contracts write it.
std::string_view name_of(Effect effect);

}  // namespace redoubt::policy::detail
