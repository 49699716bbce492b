#pragma once

#include <string_view>
#include <vector>

namespace redoubt::kql::detail {

struct Comment {
  std::string_view text;     ///< with its slashes, without the blanks at its end
  bool own_line = false;     ///< nothing but blanks stands in front of it on its line
  bool after_blank = false;  ///< an empty line stands in front of it
};

/// What stands in front of a token.
struct Leading {
  std::vector<Comment> comments;
  bool after_blank = false;  ///< an empty line stands right in front of the token
};

/// Reads blanks and comments; `at_start`: of a text, so that a line begins there.
Leading read_leading(std::string_view text, bool at_start);

}  // namespace redoubt::kql::detail
