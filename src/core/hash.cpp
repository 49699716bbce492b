#include "core/hash.h"

#include <openssl/evp.h>

namespace redoubt {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr int kNone = -1;

// Looked up once: that takes longer than the digest of a short text.
const EVP_MD* algorithm_named(const char* name) {
  const EVP_MD* algorithm = EVP_MD_fetch(nullptr, name, nullptr);
  RD_CHECK(algorithm != nullptr);
  return algorithm;
}

template <class Digest>
Digest digest(const EVP_MD* algorithm, std::string_view bytes) {
  Digest out{};
  unsigned int size = 0;
  RD_CHECK(EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, algorithm, nullptr) == 1);
  RD_CHECK(size == out.size());
  return out;
}

template <class Digest>
std::string digest_hex(const Digest& value) {
  return hex({reinterpret_cast<const char*>(value.data()), value.size()});
}

constexpr std::array<std::int8_t, 256> make_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(kNone);
  for (std::size_t i = 0; i < kBase64.size(); ++i)
    values[static_cast<unsigned char>(kBase64[i])] = static_cast<std::int8_t>(i);
  return values;
}

constexpr std::array<std::int8_t, 256> kValues = make_values();

tl::unexpected<Error> no_base64(std::string_view reason) {
  return fail(Error::Kind::InvalidInput, "CORE0201", "no base64: " + std::string(reason));
}

// Base64 characters without white space and padding.
Result<std::string> significant_characters(std::string_view text) {
  std::string out;
  std::size_t padding = 0;
  for (char c : text) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    if (padding != 0) return no_base64("characters after the padding");
    if (kValues[static_cast<unsigned char>(c)] == kNone) return no_base64("a character of no meaning");
    out += c;
  }
  if (padding > 2 || (out.size() + padding) % 4 != 0) return no_base64("wrong length or padding");
  return out;
}

}  // namespace

Sha1 sha1(std::string_view bytes) {
  static const EVP_MD* const algorithm = algorithm_named("SHA1");
  return digest<Sha1>(algorithm, bytes);
}

Sha256 sha256(std::string_view bytes) {
  static const EVP_MD* const algorithm = algorithm_named("SHA256");
  return digest<Sha256>(algorithm, bytes);
}

std::string hex(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kHexDigits[byte >> 4];
    out += kHexDigits[byte & 0xF];
  }
  return out;
}

std::string md5_hex(std::string_view bytes) {
  static const EVP_MD* const algorithm = algorithm_named("MD5");
  return digest_hex(digest<std::array<std::uint8_t, 16>>(algorithm, bytes));
}

std::string sha1_hex(std::string_view bytes) { return digest_hex(sha1(bytes)); }

std::string sha256_hex(std::string_view bytes) { return digest_hex(sha256(bytes)); }

struct Sha256Sum::State {
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

Sha256Sum::Sha256Sum() : state_(std::make_unique<State>()) {
  RD_CHECK(state_->context != nullptr);
  RD_CHECK(EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) == 1);
}
Sha256Sum::Sha256Sum(Sha256Sum&&) noexcept = default;
Sha256Sum& Sha256Sum::operator=(Sha256Sum&&) noexcept = default;
Sha256Sum::~Sha256Sum() = default;

void Sha256Sum::add(std::string_view bytes) {
  RD_CHECK(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

std::string Sha256Sum::hex() {
  Sha256 out{};
  RD_CHECK(EVP_DigestFinal_ex(state_->context.get(), out.data(), nullptr) == 1);
  return digest_hex(out);
}

std::string name_uuid(std::string_view name_space, std::string_view name) {
  Sha1 digest = sha1(std::string(name_space).append(name));
  digest[6] = static_cast<std::uint8_t>((digest[6] & 0x0F) | 0x50);
  digest[8] = static_cast<std::uint8_t>((digest[8] & 0x3F) | 0x80);
  std::string out = hex({reinterpret_cast<const char*>(digest.data()), 16});
  for (const std::size_t dash : {8U, 13U, 18U, 23U})
    out.insert(dash, 1, '-');
  return out;
}

std::string base64_encode(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      out += j <= count ? kBase64[group >> (18 - 6 * j) & 0x3F] : '=';
  }
  return out;
}

Result<std::string> base64_decode(std::string_view text) {
  const std::string characters = RD_TRY(significant_characters(text));
  std::string out;
  out.reserve(characters.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  int count = 0;
  for (char c : characters) {
    bits = bits << 6 | static_cast<std::uint32_t>(kValues[static_cast<unsigned char>(c)]);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xFF);
  }
  return out;
}

}  // namespace redoubt
