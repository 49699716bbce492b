#pragma once

#include <map>
#include <string>

#include "arm/function.h"
#include "core/text.h"
#include "policy/detail/lint_report.h"
#include "policy/library.h"
#include "policy/policy.h"

namespace redoubt::policy::detail {

/// A definition as the checks of lint() see it; parts that are not there, or are no objects, are null.
struct LintSubject {
  const Definition& definition;
  const CompileOptions& options;
  LintReport& report;
  const doc::Value* parameters = nullptr;
  const doc::Value* rule = nullptr;
  const doc::Value* then = nullptr;
  const doc::Value* details = nullptr;
  bool data_plane = false;  ///< the mode is one of another plane: its details and types are its own
};

/// The member, when it is there and an object.
const doc::Value* object_at(const doc::Value* node, std::string_view name);

/// Whether the declaration {type, allowedValues ...} of a parameter takes the value; POL0006 when not.
Result<void> takes(const doc::Value& declaration, const doc::Value& value, const CompileOptions& options);

/// Parameters that expressions ask for by name, over parts of a document.
class ParameterUses {
 public:
  explicit ParameterUses(LintReport& report) : report_(report) {}

  /// Notes the parameters that the texts below `node` use, all but those below `except`; reports what does
  /// not parse (POL0102).
  void visit(const doc::Value& node, const doc::Value* except = nullptr);
  /// Only reports what does not parse: the parameters are those of the template itself.
  void visit_template(const doc::Value& node);
  /// Notes one that is used by its name.
  void note(std::string_view name, doc::Place place) { names_.emplace(lower(name), place); }
  /// POL0101 for those that are not declared, POL0105 for declared ones that nothing uses.
  void compare(const doc::Value* declared) const;

 private:
  void text(const doc::Value& node, arm::Language language);
  void walk(const doc::Value& node, arm::Language language, const doc::Value* except);

  LintReport& report_;
  std::map<std::string, doc::Place> names_;  // lower case; where each is used first
};

// The checks of a definition, one file each.
void check_parts(const LintSubject& subject);  // lint_parts.cpp

void check_parameters(const LintSubject& subject);  // lint_parameters.cpp
void check_effects(const LintSubject& subject);     // lint_effects.cpp
void check_deployment(const LintSubject& subject);  // lint_effects.cpp
void check_uses(const LintSubject& subject);        // lint_uses.cpp
void check_members(const LintSubject& subject);     // lint_members.cpp
void check_types(const LintSubject& subject);       // lint_shape.cpp

/// What compiles but can't be meant, in `node` and what was compiled of it.    lint_conditions.cpp
void check_conditions(const LintSubject& subject, const Policy& part, const doc::Value& node);

/// Members of an initiative that nobody knows.                              lint_members.cpp
void check_members(const Initiative& initiative, LintReport& report);

}  // namespace redoubt::policy::detail
