#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "doc/value.h"

namespace redoubt::policy::detail {

/// A member and the JSON type that it has when it is there. Null counts as not there.
struct ShapeRow {
  std::string_view member;
  std::string_view wanted;  ///< for the message
  bool (*fits)(const doc::Value&);
  Severity severity = Severity::Error;
};

inline bool is_text(const doc::Value& value) { return value.is_string(); }
inline bool is_flag(const doc::Value& value) { return value.is_bool(); }
inline bool is_list(const doc::Value& value) { return value.is_array(); }
inline bool is_object(const doc::Value& value) { return value.is_object(); }
inline bool is_list_or_object(const doc::Value& value) { return value.is_container(); }

/// Calls `say(severity, message, place)` for each member of another type: `displayName must be text, not
/// int`.
template <class Say>
void check_shape(const doc::Value& node, std::span<const ShapeRow> rows, const Say& say) {
  for (const ShapeRow& row : rows) {
    const doc::Value* value = node.find_any_case(row.member);
    if (value == nullptr || value->is_null() || row.fits(*value)) continue;
    say(row.severity,
        std::string(row.member)
            .append(" must be ")
            .append(row.wanted)
            .append(", not ")
            .append(doc::name_of(value->kind())),
        value->place());
  }
}

}  // namespace redoubt::policy::detail
