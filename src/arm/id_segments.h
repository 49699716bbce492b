#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace redoubt::arm {

/// Walks the segments of an id, a type or a name. Slashes inside braces (open parts) do not count, unless a
/// brace is left open: then braces are plain characters. Linear over all of them.
class Segments {
 public:
  explicit Segments(std::string_view path);

  /// Empty at the end.
  std::string_view next();
  /// The offset of the next slash that counts at or after `at`, or the path's size.
  std::size_t slash(std::size_t at) const;

 private:
  std::string_view path_;
  std::size_t at_ = 0;
  bool braces_;  // every brace is closed
};

/// All of them, as split() gives them: empty ones are there too, and text without a slash is one.
std::vector<std::string_view> id_segments(std::string_view path);

}  // namespace redoubt::arm
