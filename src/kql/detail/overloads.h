#pragma once

#include <span>
#include <vector>

#include "kql/detail/argument_layout.h"

namespace redoubt::kql::detail {

/// The ways of calling that fit the arguments best: one, or several that fit as well; none for no signature.
/// Source: Kusto.Language 12.4.1, Binder.GetBestMatchingSignatures.
std::vector<const Signature*> best_signatures(std::span<const Signature> signatures,
                                              std::span<const ArgumentHint> arguments);

/// The common type of the arguments that must have one; `agreed` is false where there is none.
struct CommonArgument {
  Type type = Type::Unknown;
  bool agreed = true;
  bool any = false;  ///< whether a parameter asks for it
};
CommonArgument common_argument(std::span<const Parameter* const> parameters,
                               std::span<const Expression* const> arguments, bool without_dynamic = false);

}  // namespace redoubt::kql::detail
