#pragma once

#include <map>
#include <set>

#include "arm/evaluate.h"
#include "policy/detail/compiled_rule.h"

namespace redoubt::policy::detail {

/// Turns the JSON of one definition into a CompiledRule.
class Compiler {
 public:
  Compiler(CompiledRule& rule, const CompileOptions& options) : rule_(rule), options_(options) {}

  Result<void> compile(const Definition& definition, const doc::Value& parameters);

  Result<Operand> operand(const doc::Value& node);
  Result<Field> field(const doc::Value& node);
  Result<Field> field_of_text(std::string_view text, doc::Place place);
  Result<const Condition*> condition(const doc::Value& node, int depth);

 private:
  // compile_conditions.cpp
  Result<const Condition*> connective(const doc::Member& member, Condition out, int depth);
  Result<void> leaf(const doc::Value& node, Condition& out, int depth);
  Result<void> count(const doc::Value& node, Condition& out, int depth);
  Result<void> check_right(const doc::Member& member, const Condition& out) const;
  void note_role(Condition& condition);
  bool says_when(const doc::Value& node) const;

  // compile_effect.cpp
  Result<void> then(const doc::Value& node);
  doc::Place place_of_parameter(const doc::Value& effect);
  Result<Operand> effect_operand(const doc::Value& node);
  Result<void> details(const doc::Value* node, std::span<const Effect> effects);
  Result<Operand> text_operand(const doc::Value& node, std::string_view what);
  Result<void> related_details(const doc::Value& node);
  Result<void> modify_details(const doc::Value& node);
  Result<void> append_details(const doc::Value& node);
  Result<void> action_details(const doc::Value& node);

  // written_fix.cpp
  void written_fixes(const Definition& definition);

  // compile_relation.cpp
  Result<void> relation(const Definition& definition);

  // compile.cpp
  Result<void> mode(const Definition& definition);
  Result<void> check_declaration(const doc::Member& member);
  Result<void> bind_parameters(const doc::Value* declared, const doc::Value& given);
  Result<doc::Value> check_parameter(std::string_view name, const doc::Value& declaration,
                                     const doc::Value& value, bool given);
  Result<std::span<const Step>> path(std::string_view text);
  Result<void> alias_field(Field& out);

  const arm::Expression* fold_parts(const arm::Expression& expression);
  void name_fields(const arm::Expression& expression);

  tl::unexpected<Error> wrong(std::string_view code, std::string message, std::string hint = {}) const;

  CompiledRule& rule_;
  const CompileOptions& options_;
  doc::Place at_;   ///< the innermost node that is being read, for errors
  int counts_ = 0;  ///< value counts around the condition being read
};

/// The types that a condition lets through, when it surely fails for all others.
std::optional<std::set<std::string>> required_types(const Condition& condition);

}  // namespace redoubt::policy::detail
