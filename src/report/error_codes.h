#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace redoubt::report {

/// A row of docs/reference/errors.md.
struct ErrorCode {
  std::string code;
  std::string meaning;                  ///< a sentence
  std::string remedy;                   ///< the same
  Severity severity = Severity::Error;  ///< that it has where nothing else is said
};

/// Null: there is none of that name. Rows live as long as the program.
const ErrorCode* find_error_code(std::string_view code);
/// The code that may have been meant; empty: none is near.
std::string_view closest_error_code(std::string_view code);

}  // namespace redoubt::report
