#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace redoubt::kql {

/// What a dynamic value may be, by the JSON it is.
enum class JsonKind : std::uint8_t { Null, Bool, Long, Real, String, Array, Bag };

/// What a reader of untrusted JSON accepts.
struct JsonTextLimits {
  std::size_t max_bytes = std::size_t{16} << 20;
  std::uint32_t max_depth = 512;
};

/// Strict JSON (RFC 8259) without blanks: numbers in their shortest form (integers within 64 bits stay
/// integers, others become reals with a point or exponent), texts with the fewest escapes. Nothing: it is no
/// JSON, or past a limit. Linear, no recursion.
std::optional<std::string> normalize_json(std::string_view text, const JsonTextLimits& limits = {});

// All others take what normalize_json gives, or a part of it, and do not check it again.

JsonKind json_kind(std::string_view json);
/// The member of a bag with that name (of several the first), or an element of an array counted from its
/// start, or for a negative index from its end; empty where there is none. Linear.
std::string_view json_member(std::string_view bag, std::string_view name);
std::string_view json_element(std::string_view array, std::int64_t index);
std::vector<std::string_view> json_elements(std::string_view array);
/// Names as they stand, in quotes, and values.
std::vector<std::pair<std::string_view, std::string_view>> json_members(std::string_view bag);
std::size_t json_count(std::string_view array);

/// The text that a JSON string stands for.
std::string json_string(std::string_view json);
/// The JSON string of a text; bytes that are no UTF-8 become U+FFFD.
std::string json_of_text(std::string_view text);
void append_json_of_text(std::string& out, std::string_view text);

std::string json_array(const std::vector<std::string_view>& elements);
std::string json_bag(const std::vector<std::pair<std::string_view, std::string_view>>& members);

/// Members sorted by name at every level (ordinal), as dynamic_to_json() gives it.
std::string sorted_json(std::string_view json);

}  // namespace redoubt::kql
