#pragma once

#include <cstddef>
#include <iosfwd>

namespace redoubt::cli {

/// The streams a run talks through, and what is known about them. Tests put strings in place of terminals.
struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool in_is_terminal = false;
  bool out_shows_color = false;
  bool err_is_terminal = false;
  std::size_t out_width = 0;  ///< columns; 0 when stdout is no terminal
};

}  // namespace redoubt::cli
