#include "arm/id_segments.h"

namespace redoubt::arm {

namespace {

bool braces_are_closed(std::string_view text) {
  std::size_t depth = 0;
  for (const char c : text) {
    if (c == '}' && depth == 0) return false;
    depth += c == '{' ? 1U : 0U;
    depth -= c == '}' ? 1U : 0U;
  }
  return depth == 0;
}

}  // namespace

Segments::Segments(std::string_view path) : path_(path), braces_(braces_are_closed(path)) {}

std::size_t Segments::slash(std::size_t at) const {
  std::size_t depth = 0;
  for (; at < path_.size(); ++at) {
    const char c = path_[at];
    if (c == '/' && depth == 0) break;
    if (!braces_) continue;
    depth += c == '{' ? 1U : 0U;
    depth -= c == '}' && depth > 0 ? 1U : 0U;
  }
  return at;
}

std::string_view Segments::next() {
  const std::size_t end = slash(at_);
  const std::string_view segment = path_.substr(at_, end - at_);
  at_ = end < path_.size() ? end + 1 : end;
  return segment;
}

std::vector<std::string_view> id_segments(std::string_view path) {
  const Segments slashes(path);
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  for (std::size_t end = slashes.slash(0);; end = slashes.slash(begin)) {
    out.push_back(path.substr(begin, end - begin));
    if (end >= path.size()) return out;
    begin = end + 1;
  }
}

}  // namespace redoubt::arm
