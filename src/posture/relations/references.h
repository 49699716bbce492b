#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/operators.h"
#include "posture/relations/scene.h"

namespace redoubt::posture::relations {

using policy::Truth;

Truth both(Truth left, Truth right);
Truth either(Truth left, Truth right);

/// The value at a dotted path, names in any case; null when it is missing or null. Where a value on the way
/// is unknown, that is the answer.
const doc::Value* find(const doc::Value& root, std::string_view path);

/// The items of a list, which may be open.
struct Items {
  std::span<const doc::Value> items;
  const doc::Value* open = nullptr;  ///< the unknown in place of the list
};
Items items_at(const doc::Value& root, std::string_view path);

/// Text of a value, open parts in braces; empty when it is missing.
std::string text_of(const doc::Value* value, const arm::Origins& origins);
/// Whether the value is that text, in any case; `true` is the text "true", too. A missing value is not.
Truth is_text(const doc::Value* value, std::string_view wanted);
Truth is_true(const doc::Value* value);

/// Whether a text that refers to a resource means the one of that id.
///
/// Where parts are open it is unknown, except that what is the id of another resource means that one.
Truth refers_to(const Scene& scene, std::string_view reference, std::string_view id);
/// Whether the text has a part that is not known: something in braces, other than where it lies.
bool is_open_reference(std::string_view reference);

/// Whether a resource is there: unknown when a template only refers to it, or its deployment is open and does
/// not hang on what the judged resource's hangs on.
Truth is_there(const Scene& scene, const estate::Resource& other);

/// The tag, names and values in any case.
Truth has_tag(const estate::Resource& resource, std::string_view name, std::string_view value);

/// The last segment of an id; segments in braces are one.
std::string_view last_segment(std::string_view id);
/// The segments of an id without empty ones; what is in braces is one piece.
std::vector<std::string_view> segments(std::string_view id);

}  // namespace redoubt::posture::relations
