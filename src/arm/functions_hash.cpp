#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstring>

#include "arm/detail/arguments.h"
#include "arm/detail/dotnet_format.h"
#include "arm/detail/lenient_json.h"
#include "arm/detail/percent.h"
#include "core/hash.h"
#include "core/text.h"
#include "core/utf8.h"

// Names and encodings made of text. Source: Microsoft Learn "String functions for ARM templates";
// semantics.md 4.3 for guid() and uniqueString(), whose algorithms Microsoft does not document.

namespace redoubt::arm {
namespace {

using detail::Arguments;
using doc::UnknownType;
using doc::Value;

/// The arguments joined with "-", as both hashes take them.
Result<std::string> hashed_text(const Call& call, Arguments arguments) {
  std::string joined;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view text = RD_TRY(detail::text_at(call, arguments, i));
    if (i != 0) joined += '-';
    joined += text;
    if (joined.size() > kMaxTextBytes) return detail::too_large(call);
  }
  return joined;
}

/// 11fb06fb-712d-4ddd-98c7-e71bbd588830
constexpr std::string_view kGuidNamespace =
    "\x11\xfb\x06\xfb\x71\x2d\x4d\xdd\x98\xc7\xe7\x1b\xbd\x58\x88\x30";

/// RFC 9562 version 5.
Result<Value> guid(Call& call, Arguments arguments) {
  const std::string name = RD_TRY(hashed_text(call, arguments));
  return detail::text_result(call, name_uuid(kGuidNamespace, name));
}

constexpr std::uint32_t kFirstFactor = 0x239b961b;
constexpr std::uint32_t kSecondFactor = 0xab0e9789;

std::uint32_t finalised(std::uint32_t hash) {
  hash = (hash ^ (hash >> 16)) * 0x85ebca6bU;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35U;
  return hash ^ (hash >> 16);
}

/// Up to four bytes, little-endian.
std::uint32_t word(std::string_view bytes) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < bytes.size() && i < 4; ++i)
    out |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  return out;
}

/// 64 bits in two lanes of 32, like MurmurHash3. The last word of a tail is taken as unsigned.
std::uint64_t lane_hash(std::string_view bytes) {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  const auto mix_first = [](std::uint32_t value) {
    return std::rotl(value * kFirstFactor, 15) * kSecondFactor;
  };
  const auto mix_second = [](std::uint32_t value) {
    return std::rotl(value * kSecondFactor, 17) * kFirstFactor;
  };
  std::string_view rest = bytes;
  for (; rest.size() >= 8; rest.remove_prefix(8)) {
    first = std::rotl(first ^ mix_first(word(rest)), 19) + second;
    first = first * 5 + 0x561ccd1bU;
    second = std::rotl(second ^ mix_second(word(rest.substr(4))), 13) + first;
    second = second * 5 + 0x0bcaa747U;
  }
  if (!rest.empty()) first ^= mix_first(word(rest));
  if (rest.size() > 4) second ^= mix_second(word(rest.substr(4)));
  first ^= static_cast<std::uint32_t>(bytes.size());
  second ^= static_cast<std::uint32_t>(bytes.size());
  first += second;
  second += first;
  first = finalised(first);
  second = finalised(second);
  first += second;
  second += first;
  return (std::uint64_t{second} << 32) | first;
}

Result<Value> unique_string(Call& call, Arguments arguments) {
  static constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
  const std::string text = RD_TRY(hashed_text(call, arguments));
  std::uint64_t hash = lane_hash(text);
  std::string out;
  for (int i = 0; i < 13; ++i, hash <<= 5)
    out += kAlphabet[hash >> 59];
  return detail::text_result(call, out);
}

Result<Value> base64(Call& call, Arguments arguments) {
  const std::string_view text = RD_TRY(detail::text_at(call, arguments, 0));
  return detail::text_result(call, base64_encode(text));
}

/// What .NET reads bytes as: those that are no UTF-8 become U+FFFD.
std::string utf8_text(std::string_view bytes) {
  if (valid_utf8(bytes)) return std::string(bytes);
  std::string out;
  for (std::size_t i = 0; i < bytes.size();) {
    const Utf8Character character = decode_utf8(bytes, i);
    append_utf8(out, character.valid ? character.code : char32_t{0xFFFD});
    i += character.bytes;
  }
  return out;
}

Result<std::string> decoded(const Call& call, Arguments arguments) {
  const std::string_view text = RD_TRY(detail::text_at(call, arguments, 0));
  const Result<std::string> bytes = base64_decode(text);
  if (!bytes) return detail::bad_argument(call, "takes base64 text");
  return utf8_text(*bytes);
}

Result<Value> base64_to_string(Call& call, Arguments arguments) {
  const std::string text = RD_TRY(decoded(call, arguments));
  return detail::text_result(call, text);
}

Result<Value> base64_to_json(Call& call, Arguments arguments) {
  const std::string text = RD_TRY(decoded(call, arguments));
  const Value value = RD_TRY(detail::parse_lenient_json(call, text));
  return detail::made_of(arguments, value);
}

Result<Value> data_uri(Call& call, Arguments arguments) {
  const Value& value = arguments[0];
  const bool plain = !value.is_container();
  const std::string bytes = plain ? dotnet_text(value) : detail::newtonsoft_json(value, '"');
  return detail::text_result(
      call, fmt::format("data:{};charset=utf8;base64,{}", plain ? "text/plain" : "application/json",
                        base64_encode(bytes)));
}

/// RFC 2397; the character set is taken to be UTF-8.
Result<Value> data_uri_to_string(Call& call, Arguments arguments) {
  const std::string_view uri = RD_TRY(detail::text_at(call, arguments, 0));
  const std::size_t comma = uri.find(',');
  if (!starts_with_any_case(uri, "data:") || comma == std::string_view::npos)
    return detail::bad_argument(call, "takes a data URI");
  const std::string_view data = uri.substr(comma + 1);
  if (!ends_with_any_case(uri.substr(0, comma), ";base64"))
    return detail::text_result(call, utf8_text(detail::percent_decoded(data)));
  const Result<std::string> bytes = base64_decode(data);
  if (!bytes) return detail::bad_argument(call, "takes a data URI with base64 text");
  return detail::text_result(call, utf8_text(*bytes));
}

constexpr auto kBoth = Language::Both;
constexpr auto kOpaque = OpenArguments::Opaque;
constexpr auto kString = UnknownType::String;

constexpr Function kFunctions[] = {
    {"base64", 1, 1, kBoth, kString, kOpaque, true, base64, "Base64 of the UTF-8 of a string"},
    {"base64ToJson", 1, 1, kBoth, UnknownType::Any, kOpaque, true, base64_to_json,
     "The value of base64 JSON text"},
    {"base64ToString", 1, 1, kBoth, kString, kOpaque, true, base64_to_string, "The text of base64"},
    {"dataUri", 1, 1, kBoth, kString, OpenArguments::Deep, true, data_uri, "A data URI of a value"},
    {"dataUriToString", 1, 1, kBoth, kString, kOpaque, true, data_uri_to_string, "The text of a data URI"},
    {"guid", 1, kAnyCount, kBoth, kString, kOpaque, true, guid, "A name-based UUID (version 5) of strings"},
    {"uniqueString", 1, kAnyCount, kBoth, kString, kOpaque, true, unique_string,
     "13 characters of a hash of strings"},
};

}  // namespace

std::span<const Function> hash_functions() { return kFunctions; }

}  // namespace redoubt::arm
