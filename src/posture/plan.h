#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "arm/origins.h"
#include "core/arena.h"
#include "core/result.h"
#include "doc/sources.h"
#include "doc/value.h"
#include "policy/assignment.h"
#include "policy/definition.h"
#include "policy/library.h"
#include "policy/policy.h"
#include "posture/data_plane.h"

namespace redoubt::posture {

/// The initiative that brought a policy in, and under which reference.
struct InitiativeUse {
  std::string id;  ///< name of the initiative
  std::string reference_id;
};

/// One definition with its effective parameters: judged once, however many initiatives carry it.
struct PlannedPolicy {
  std::uint32_t number = 0;  ///< in the plan
  const policy::Definition* definition = nullptr;
  doc::Value parameters;       ///< {name: value}
  std::string parameters_key;  ///< canonical JSON of the effective parameters
  std::vector<InitiativeUse> initiatives;
  std::string effect;             ///< an assignment's override; empty: none
  bool version_mismatch = false;  ///< a reference pins another major version
  bool assigned = false;          ///< by an assignment, not asked for by itself
  std::optional<policy::Policy> compiled;
  DataPlaneObjects objects;    ///< of a rule of a data-plane mode: the verdict is another system's
  std::optional<Error> error;  ///< why it could not be compiled
};

/// Finds the definition of a reference; null when it is not at hand.
using DefinitionFinder = std::function<const policy::Definition*(const policy::Reference&)>;

/// One (assignment, reference) pair: what an assignment does with one definition.
struct AssignedPolicy {
  const policy::Assignment* assignment = nullptr;
  std::string reference_id;  ///< empty where the assignment is of a single definition
  std::string definition;    ///< its name
  /// Null when the definition is not at hand or its parameters can't be worked out; then `problem` says why.
  PlannedPolicy* policy = nullptr;
  std::string problem;
  bool version_mismatch = false;
  /// Overrides that hang on the resource, in order; the first that fits takes the place of `policy`.
  std::vector<std::pair<const policy::Override*, PlannedPolicy*>> overridden;
};

/// What a scan judges with. Definitions must outlive it.
class Plan {
 public:
  explicit Plan(arm::Origins& origins) : origins_(origins) {}

  /// `given` is an object {name: value} of `--policy-parameters`, or null.
  void add(const policy::Definition& definition, const doc::Value& given);
  /// Every reference of an initiative. A reference whose definition is not at hand gives a warning POS0001.
  void add(const policy::Initiative& initiative, const doc::Value& given, const DefinitionFinder& find,
           std::vector<Diagnostic>& diagnostics);

  /// Every reference of what is assigned. What is not at hand, or has parameters that can't be worked out,
  /// gives a pair with a problem and a warning POS0001 or POS0004.
  std::vector<AssignedPolicy> add(const policy::Assignment& assignment, const policy::Library& library,
                                  std::vector<Diagnostic>& diagnostics);

  /// Compiles all; a definition that cannot be compiled keeps its error.
  void compile(const policy::CompileOptions& options);
  /// Aliases whose path was guessed, a warning POL0301 each, with what was probably meant.
  std::vector<Diagnostic> guessed_aliases(const policy::AliasCatalogue& aliases,
                                          const doc::Sources& sources) const;

  std::deque<PlannedPolicy>& policies() { return policies_; }
  const std::deque<PlannedPolicy>& policies() const { return policies_; }

 private:
  PlannedPolicy& add(const policy::Definition& definition, const doc::Value& parameters,
                     std::string_view effect);
  AssignedPolicy of_reference(const policy::Assignment& assignment, const policy::Initiative& initiative,
                              const policy::Reference& reference, const policy::Definition& definition,
                              const doc::Value& parameters, std::vector<Diagnostic>& diagnostics);
  AssignedPolicy assigned(const policy::Assignment& assignment, const policy::Definition& definition,
                          const doc::Value& parameters, std::string reference_id);
  Result<doc::Value> reference_parameters(const policy::Reference& reference,
                                          const policy::Definition& definition,
                                          const doc::Value& initiative_parameters);
  doc::Value shared_parameters(const policy::Definition& definition, const doc::Value& initiative_parameters);
  doc::Value initiative_parameters(const policy::Initiative& initiative, const doc::Value& given);

  arm::Origins& origins_;
  Arena arena_;
  std::deque<PlannedPolicy> policies_;
  std::unordered_map<std::string, PlannedPolicy*> by_key_;
};

/// Values as `az policy assignment create --params` takes them: {name: {"value": v}} or {name: v}.
/// Gives {name: v}. POS0002 when it is no object.
Result<doc::Value> read_policy_parameters(const doc::Value& root, Arena& arena);

}  // namespace redoubt::posture
