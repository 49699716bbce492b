#pragma once

#include <cstdint>
#include <fstream>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"

namespace redoubt::files::detail {

/// Bytes a piece at a time; a piece lives until the next one is asked for, empty is the end. Errors have no
/// file.
class Pieces {
 public:
  Pieces() = default;
  Pieces(const Pieces&) = delete;
  Pieces& operator=(const Pieces&) = delete;
  virtual ~Pieces() = default;

  Result<std::string_view> next() {
    return std::exchange(held_, false) ? Result<std::string_view>(front_) : read();
  }
  /// The same as next(), which will give it again.
  Result<std::string_view> peek();
  /// Of what is peeked at, so many bytes are not given again.
  void drop(std::size_t bytes) { front_.remove_prefix(bytes); }
  std::uint64_t bytes() const { return bytes_; }

 protected:
  virtual Result<std::string_view> read() = 0;
  std::uint64_t bytes_ = 0;  ///< given so far

 private:
  std::string_view front_;
  bool held_ = false;
};

class StreamPieces : public Pieces {
 public:
  StreamPieces(std::istream& stream, std::size_t size) : stream_(stream), buffer_(size, '\0') {}

 protected:
  Result<std::string_view> read() override;

 private:
  std::istream& stream_;
  std::string buffer_;
};

class FilePieces : public Pieces {
 public:
  FilePieces(std::ifstream file, std::size_t size) : file_(std::move(file)), pieces_(file_, size) {}

 protected:
  Result<std::string_view> read() override;

 private:
  std::ifstream file_;
  StreamPieces pieces_;
};

/// What a gzip file unpacks to, all its members; zeros behind the last one are passed over, as tapes have
/// them. FIL0004 when it is damaged or ends too early.
class GzipPieces : public Pieces {
 public:
  explicit GzipPieces(Pieces& packed);
  ~GzipPieces() override;

 protected:
  Result<std::string_view> read() override;

 private:
  struct State;
  Result<bool> more_input();
  Result<bool> begins_member();
  Result<void> unpack();

  Pieces& packed_;
  std::unique_ptr<State> state_;
  std::string buffer_;
};

/// UTF-16 as UTF-8. A half of a pair becomes U+FFFD. FIL0004 for a last byte without its other one.
class Utf16Pieces : public Pieces {
 public:
  Utf16Pieces(Pieces& wide, bool big_endian) : wide_(wide), big_endian_(big_endian) {}

 protected:
  Result<std::string_view> read() override;

 private:
  void take(char16_t unit);

  Pieces& wide_;
  bool big_endian_;
  bool odd_ = false;  ///< first_ waits for its other byte
  char first_ = 0;
  char16_t high_ = 0;  ///< the first half of a pair
  std::string out_;
};

}  // namespace redoubt::files::detail
