#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "kql/functions.h"
#include "kql/plan.h"

namespace redoubt::kql::detail {

/// What is known of an argument before parameters are told.
struct ArgumentHint {
  std::string_view name;              ///< that it is given by (`radius = 5`); may be empty
  const Expression* value = nullptr;  ///< null: not bound so far
};

/// The parameter of each argument; null where the call has too many.
/// Source: Kusto.Language 12.4.1, Signature.GetArgumentParameters.
std::vector<const Parameter*> lay_out(const Signature& signature, std::span<const ArgumentHint> arguments);

/// Whether an argument is the `~` that stands for the parameter's default.
bool is_default(const Parameter& parameter, const Expression& argument);

/// How many arguments a signature takes.
struct ArgumentCount {
  std::size_t least = 0;
  std::size_t most = 0;
};
ArgumentCount argument_count(const Signature& signature);

/// Whether a signature can be called with so many.
bool takes(const Signature& signature, std::size_t arguments);

}  // namespace redoubt::kql::detail
