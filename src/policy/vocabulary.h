#pragma once

#include <string_view>
#include <vector>

namespace redoubt::policy {

/// A word of the policy language and what the engine does with it, for the coverage page in docs/.
/// Operators are in policy/operators.h, functions in arm/.
struct Word {
  std::string_view name;
  std::string_view status;  ///< as docs/reference/coverage.md explains it: `judged`, `unknown` ...
  std::string_view summary;
};

/// Source of all four: Azure Policy definition structure.
std::vector<Word> condition_words();  // compile_conditions.cpp: logic and what a condition looks at
std::vector<Word> field_words();      // compile_fields.cpp
std::vector<Word> effect_words();     // compile_effect.cpp
std::vector<Word> mode_words();       // compile.cpp

}  // namespace redoubt::policy
