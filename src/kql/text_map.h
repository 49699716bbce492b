#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace redoubt::kql {

/// Leads from each byte of a text back to the text it was taken out of: a query to its file. Total, monotone,
/// never behind the end of the text itself.
class TextMap {
 public:
  /// From `from` on both sides go on byte by byte, up to where the next step begins on either side.
  struct Step {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
  };

  /// Of the empty text.
  TextMap() : steps_{{0, 0}} {}
  /// The first step is that of byte 0, the last one that of the end; both sides ascend.
  explicit TextMap(std::vector<Step> steps);
  /// Of a text that stands as it is at `to`.
  static TextMap part(std::size_t to, std::size_t size);

  /// Of the size and everything behind it: where the text ends.
  std::uint32_t operator[](std::size_t offset) const;
  std::uint32_t size() const { return steps_.back().from; }
  const std::vector<Step>& steps() const { return steps_; }

  /// This map and then `outer`: for a text inside a text inside a file.
  TextMap through(const TextMap& outer) const;
  /// The map, with everything `by` bytes farther on.
  TextMap moved(std::size_t by) const;

 private:
  std::vector<Step> steps_;
};

}  // namespace redoubt::kql
