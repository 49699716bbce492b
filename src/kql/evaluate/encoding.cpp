#include <algorithm>
#include <bit>
#include <cstring>

#include "core/hash.h"
#include "core/text.h"
#include "kql/detail/evaluation.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

Result<Value> encode(const Call& call) { return text_result(call, base64_encode(call.text(0))); }

/// Empty where it is no base64 of UTF-8.
Result<Value> decode(const Call& call) {
  Result<std::string> bytes = base64_decode(call.text(0));
  return Value::of_string(bytes && valid_utf8(*bytes) ? *std::move(bytes) : "");
}

Result<Value> decode_to_array(const Call& call) {
  const Result<std::string> bytes = base64_decode(call.text(0));
  if (!bytes) return Value::null(Type::Dynamic);
  std::string out = "[";
  for (const char c : *bytes)
    out.append(out.size() > 1 ? "," : "").append(std::to_string(static_cast<unsigned char>(c)));
  return dynamic_result(call, out + "]");
}

Result<Value> encode_array(const Call& call) {
  const Value array = convert(call[0], Type::Dynamic);
  std::string bytes;
  for (const std::string_view element : json_elements(array.is_null() ? std::string_view() : array.json())) {
    const std::int64_t byte = whole_of(Value::of_dynamic(std::string(element))).value_or(-1);
    if (byte < 0 || byte > 255) return Value::of_string({});
    bytes += static_cast<char>(byte);
  }
  return text_result(call, base64_encode(bytes));
}

/// The bytes of a guid in the order .NET stores them: the first three groups turned round.
template <class Bytes>
void turn_groups(Bytes& bytes) {
  std::reverse(bytes.begin(), bytes.begin() + 4);
  std::reverse(bytes.begin() + 4, bytes.begin() + 6);
  std::reverse(bytes.begin() + 6, bytes.begin() + 8);
}

Result<Value> decode_guid(const Call& call) {
  const Result<std::string> bytes = base64_decode(call.text(0));
  Guid out;
  if (!bytes || bytes->size() != out.bytes.size()) return Value::null(Type::Guid);
  std::memcpy(out.bytes.data(), bytes->data(), out.bytes.size());
  turn_groups(out.bytes);
  return Value::of_guid(out);
}

Result<Value> encode_guid(const Call& call) {
  const Value guid = convert(call[0], Type::Guid);
  if (guid.is_null()) return Value::of_string({});
  std::string bytes(reinterpret_cast<const char*>(guid.as_guid().bytes.data()), guid.as_guid().bytes.size());
  turn_groups(bytes);
  return Value::of_string(base64_encode(bytes));
}

constexpr EvaluationRow kEncoding[] = {
    {"base64_decode_toarray", decode_to_array}, {"base64_decode_toguid", decode_guid},
    {"base64_decode_tostring", decode},         {"base64_encode_fromarray", encode_array},
    {"base64_encode_fromguid", encode_guid},    {"base64_encode_tostring", encode}};

constexpr std::uint64_t kPrimes[] = {0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9,
                                     0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5};

/// Of bytes that are at least as many.
template <class T>
T load(std::string_view bytes) {
  T out = 0;
  std::memcpy(&out, bytes.data(), sizeof out);
  return out;
}

std::uint64_t mixed(std::uint64_t state, std::uint64_t input) {
  return std::rotl(state + input * kPrimes[1], 31) * kPrimes[0];
}

/// The part of the input that comes in blocks of 32 bytes, taken off.
std::uint64_t hash_blocks(std::string_view& bytes) {
  std::uint64_t lanes[] = {kPrimes[0] + kPrimes[1], kPrimes[1], 0, 0 - kPrimes[0]};
  for (; bytes.size() >= 32; bytes.remove_prefix(32))
    for (std::size_t i = 0; i < 4; ++i)
      lanes[i] = mixed(lanes[i], load<std::uint64_t>(bytes.substr(i * 8)));
  std::uint64_t out =
      std::rotl(lanes[0], 1) + std::rotl(lanes[1], 7) + std::rotl(lanes[2], 12) + std::rotl(lanes[3], 18);
  for (const std::uint64_t lane : lanes)
    out = (out ^ mixed(0, lane)) * kPrimes[0] + kPrimes[3];
  return out;
}

/// XXH64 with seed 0. Source: xxHash fast digest algorithm, version 0.1.1.
std::uint64_t xxhash64(std::string_view bytes) {
  const std::size_t size = bytes.size();
  std::uint64_t out = size >= 32 ? hash_blocks(bytes) : kPrimes[4];
  out += size;
  for (; bytes.size() >= 8; bytes.remove_prefix(8))
    out = std::rotl(out ^ mixed(0, load<std::uint64_t>(bytes)), 27) * kPrimes[0] + kPrimes[3];
  if (bytes.size() >= 4) {
    out = std::rotl(out ^ load<std::uint32_t>(bytes) * kPrimes[0], 23) * kPrimes[1] + kPrimes[2];
    bytes.remove_prefix(4);
  }
  for (const char c : bytes)
    out = std::rotl(out ^ static_cast<unsigned char>(c) * kPrimes[4], 11) * kPrimes[0];
  out = (out ^ out >> 33U) * kPrimes[1];
  out = (out ^ out >> 29U) * kPrimes[2];
  return out ^ out >> 32U;
}

/// What hash() takes of a value: a text as it is, numbers and times in their bytes. The digests take its
/// text.
std::string hashed_bytes(const Value& value) {
  const auto bytes = [](const auto& number) {
    return std::string(reinterpret_cast<const char*>(&number), sizeof number);
  };
  if (value.is_null()) return {};
  switch (value.type()) {
    case Type::Int:
      return bytes(static_cast<std::int32_t>(value.as_long()));
    case Type::Long:
      return bytes(value.as_long());
    case Type::DateTime:
    case Type::Timespan:
      return bytes(value.ticks());
    case Type::Real:
      return bytes(value.as_real());
    case Type::Bool:
      return bytes(static_cast<std::uint8_t>(value.as_bool()));
    default:
      return to_text(value);
  }
}

/// hash(value [, modulus])
Result<Value> hash(const Call& call) {
  const auto out = static_cast<std::int64_t>(hash_of(call[0]));
  return call.size() == 1 ? Value::of_long(out) : modulo(Value::of_long(out), convert(call[1], Type::Long));
}

/// Hashes one into the other. How the engine does it is not known; the page asks not to rely on the numbers
/// beyond a query, and equal values get equal ones here, too.
std::uint64_t combined(std::uint64_t state, std::uint64_t hash) {
  return (state ^ mixed(0, hash)) * kPrimes[0] + kPrimes[3];
}

Result<Value> hash_combine(const Call& call) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < call.size(); ++i)
    out = combined(out, static_cast<std::uint64_t>(call.whole(i).value_or(0)));
  return Value::of_long(static_cast<std::int64_t>(out));
}

/// The combined hashes of its arguments.
Result<Value> hash_many(const Call& call) {
  std::uint64_t out = 0;
  for (const Value& value : call.arguments)
    out = combined(out, xxhash64(hashed_bytes(value)));
  return Value::of_long(static_cast<std::int64_t>(out));
}

template <std::string (*digest)(std::string_view)>
Result<Value> digest_of(const Call& call) {
  return Value::of_string(digest(call.text(0)));
}

constexpr EvaluationRow kHashes[] = {{"hash", hash, 1, 2},
                                     {"hash_combine", hash_combine, 2, kMany},
                                     {"hash_many", hash_many, 1, kMany},
                                     {"hash_md5", digest_of<md5_hex>},
                                     {"hash_sha1", digest_of<sha1_hex>},
                                     {"hash_sha256", digest_of<sha256_hex>},
                                     {"hash_xxhash64", hash, 1, 2}};

}  // namespace

std::uint64_t hash_of(const Value& value) { return xxhash64(hashed_bytes(value)); }

EvaluationRows encoding_evaluations() { return kEncoding; }
EvaluationRows hash_evaluations() { return kHashes; }

}  // namespace redoubt::kql::detail
