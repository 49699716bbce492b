#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "doc/value.h"

namespace redoubt::arm::detail {

/// A part of ids that a deployment without `--scope` leaves open: one unknown wherever it comes from.
struct ScopePart {
  std::string_view form;    ///< as ids have it: `{subscription}`
  std::string_view origin;  ///< for people
  std::uint64_t id;         ///< every Origins gives these ids first

  doc::Value value() const;  ///< the unknown; a name of a path, which holds no slash
};
std::span<const ScopePart> scope_parts();
/// Nothing for other ids.
const ScopePart* find_scope_part(std::uint64_t id);

/// Appends the text, with open scopes in it (in any case) as pieces of their own.
void split_scopes(const doc::Value& text, std::vector<doc::Value>& out);

/// Bytes of the part in braces that the form begins with. Braces inside are counted, those in quoted text are
/// not; one without an end takes all the rest.
std::size_t open_part_size(std::string_view form);

}  // namespace redoubt::arm::detail
