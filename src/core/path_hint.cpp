#include "core/path_hint.h"

namespace redoubt {

std::string path_hint(std::string_view path, std::string_view hint) {
  // Findings name file and line, so that there has to be a file.
  return path == "-" ? "stdin is not read here; save the input to a file" : std::string(hint);
}

}  // namespace redoubt
