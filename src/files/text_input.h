#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace redoubt::files {

namespace detail {
class Pieces;
}

/// What is read of a text that others wrote.
struct TextLimits {
  std::uint64_t max_bytes = std::uint64_t{64} << 30;  ///< unpacked
  std::size_t piece_bytes = std::size_t{1} << 18;
};

/// A text of any size, a piece at a time, as UTF-8: unpacked where it is gzip (one member or several), turned
/// over where its byte order mark says UTF-16, without its byte order mark. What it is, its first bytes say.
///
/// Bytes that are no UTF-8 are handed on as they are; halves of UTF-16 pairs become U+FFFD.
/// Source: RFC 1952; the Unicode Standard, section 3.10.
class TextInput {
 public:
  /// DOC0001 when the file can't be read.
  static Result<std::unique_ptr<TextInput>> open(const std::string& path, const TextLimits& limits = {});
  /// `stream` has to outlive it; messages call it `name`.
  static std::unique_ptr<TextInput> of_stream(std::istream& stream, std::string name,
                                              const TextLimits& limits = {});

  TextInput(const TextInput&) = delete;
  TextInput& operator=(const TextInput&) = delete;
  ~TextInput();

  /// The next piece, which lives until the call after it; empty at the end.
  /// Errors: DOC0001 (Io); FIL0003 (Limit) larger than max_bytes; FIL0004 damaged gzip, gzip or UTF-16
  /// that ends too early.
  Result<std::string_view> next();
  /// What the next piece is; it is still to be read.
  Result<std::string_view> peek();
  /// What messages call it.
  const std::string& name() const { return name_; }
  /// Bytes that were read so far, packed as they are.
  std::uint64_t bytes_read() const;

 private:
  TextInput(std::unique_ptr<detail::Pieces> stream, std::string name, const TextLimits& limits);
  Result<void> begin();
  Result<std::string_view> read();

  std::string name_;
  TextLimits limits_;
  std::vector<std::unique_ptr<detail::Pieces>> layers_;  ///< the bytes, then what is made of them
  std::uint64_t given_ = 0;
  std::string_view pending_;
  bool begun_ = false;
  bool peeked_ = false;
};

}  // namespace redoubt::files
