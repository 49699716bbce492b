#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace redoubt::doc::detail {

/// A mistake as libyaml tells it: "did not find expected key" "while parsing a block mapping".
struct YamlProblem {
  std::string_view problem;
  std::string_view context;        ///< may be empty
  std::uint32_t context_line = 0;  ///< where the thing named in `context` begins; 0 = not known
  char next = '\0';                ///< the byte at the mistake, NUL at the end
};

/// DOC0201 in one line, with what is most often behind it.
Error yaml_error(const YamlProblem& problem, Where where);

}  // namespace redoubt::doc::detail
