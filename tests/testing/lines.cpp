#include "testing/lines.h"

#include <algorithm>
#include <utility>

namespace redoubt::testing {

Render by_line(Render render_line) {
  return [render_line = std::move(render_line)](std::string_view input) {
    std::string out;
    for (std::size_t start = 0; start <= input.size();) {
      const std::size_t end = std::min(input.find('\n', start), input.size());
      out += render_line(input.substr(start, end - start)) + "\n";
      start = end + 1;
    }
    return out;
  };
}

}  // namespace redoubt::testing
