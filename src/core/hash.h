#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

namespace redoubt {

using Sha1 = std::array<std::uint8_t, 20>;
using Sha256 = std::array<std::uint8_t, 32>;

/// For identifiers that others define by it (name-based UUIDs); not for protecting anything.
Sha1 sha1(std::string_view bytes);
Sha256 sha256(std::string_view bytes);

/// Lower-case hexadecimal digits.
std::string hex(std::string_view bytes);
/// For comparing with what others have written down by it; not for protecting anything.
std::string md5_hex(std::string_view bytes);
std::string sha1_hex(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);

/// The SHA-256 of bytes that come piece by piece.
class Sha256Sum {
 public:
  Sha256Sum();
  Sha256Sum(Sha256Sum&&) noexcept;
  Sha256Sum& operator=(Sha256Sum&&) noexcept;
  ~Sha256Sum();

  void add(std::string_view bytes);
  /// Of all that was added; the end of it.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The UUID of a name, 36 characters: version 5 of RFC 9562, SHA-1 over the 16 bytes of a namespace and the
/// name.
std::string name_uuid(std::string_view name_space, std::string_view name);

/// RFC 4648 with padding, on one line.
std::string base64_encode(std::string_view bytes);

/// RFC 4648; white space between characters is passed over, as .NET's Convert.FromBase64String does.
/// Errors: CORE0201 (InvalidInput) for other characters, wrong padding or a wrong length.
Result<std::string> base64_decode(std::string_view text);

}  // namespace redoubt
