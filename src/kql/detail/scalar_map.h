#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kql/text_map.h"

namespace redoubt::kql::detail {

/// Puts the map of a text together that a reader has decoded, piece by piece in the order of the text.
class MapBuilder {
 public:
  /// `decoded` is what must come out.
  explicit MapBuilder(std::string_view decoded) : decoded_(decoded) {}

  /// `bytes` came out of the `size` bytes at `at`. False when they are not what was decoded there.
  bool put(std::string_view bytes, std::size_t at, std::size_t size);
  bool put(std::string_view bytes, std::size_t at) { return put(bytes, at, bytes.size()); }
  /// Behind what was put last.
  std::size_t behind_last() const { return end_; }
  bool done() const { return taken_ == decoded_.size(); }
  /// The byte that is wanted next; not once it is done.
  char wanted() const { return decoded_[taken_]; }
  /// `end` is behind the last of what was read. Bytes that nobody put stand there.
  TextMap finish(std::size_t end);

 private:
  std::string_view decoded_;
  std::size_t taken_ = 0;
  std::size_t end_ = 0;
  std::vector<TextMap::Step> steps_;
};

/// Where the bytes of a JSON string stand. `start` is its opening quote in `text`, as it was written;
/// `decoded` what a reader made of it.
TextMap map_json_string(std::string_view text, std::size_t start, std::string_view decoded);

/// The same of a YAML scalar of any style. `start` is its first byte: its anchor or tag, where it has one.
TextMap map_yaml_scalar(std::string_view text, std::size_t start, std::string_view decoded);

/// Of a block scalar; `start` is its `|` or `>`.
TextMap map_yaml_block(std::string_view text, std::size_t start, std::string_view decoded);

/// Bytes of the YAML line break that `text` has at `at`; 0 = none.
std::size_t yaml_break_size(std::string_view text, std::size_t at);
/// What it becomes: a line feed, or one of the separators of Unicode itself.
std::string_view yaml_break_text(std::string_view text, std::size_t at);

constexpr bool is_yaml_blank(char c) { return c == ' ' || c == '\t'; }

/// The code of `digits` hexadecimal digits at `at`; 0 where there are none.
std::uint32_t hex_code(std::string_view text, std::size_t at, std::size_t digits);

}  // namespace redoubt::kql::detail
