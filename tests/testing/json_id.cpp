#include "testing/json_id.h"

#include <algorithm>

namespace redoubt::testing {
namespace {

// The end of the string literal that begins at `start`: the position after its closing quote.
std::size_t string_end(std::string_view line, std::size_t start) {
  for (std::size_t i = start + 1; i < line.size(); ++i) {
    if (line[i] == '\\')
      ++i;
    else if (line[i] == '"')
      return i + 1;
  }
  return line.size();
}

std::size_t skip(std::string_view line, std::size_t start, std::string_view what) {
  return std::min(line.find_first_not_of(what, start), line.size());
}

std::string scalar_at(std::string_view line, std::size_t start) {
  if (start < line.size() && line[start] == '"') {
    std::size_t end = string_end(line, start);
    return std::string(line.substr(start + 1, end - start - 2));
  }
  return std::string(line.substr(start, skip(line, start, "0123456789") - start));
}

}  // namespace

std::string json_id(std::string_view line) {
  int depth = 0;
  for (std::size_t i = 0; i < line.size();) {
    char c = line[i];
    if (c == '"') {
      std::size_t end = string_end(line, i);
      std::size_t next = skip(line, end, " \t");
      if (depth == 1 && line.substr(i, end - i) == "\"id\"" && next < line.size() && line[next] == ':')
        return scalar_at(line, skip(line, next + 1, " \t"));
      i = end;
      continue;
    }
    depth += c == '{' || c == '[' ? 1 : 0;
    depth -= c == '}' || c == ']' ? 1 : 0;
    ++i;
  }
  return {};
}

}  // namespace redoubt::testing
