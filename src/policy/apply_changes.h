#pragma once

#include <span>

#include "core/arena.h"
#include "doc/value.h"
#include "policy/evaluate.h"

namespace redoubt::policy {

/// A resource's body after the changes of modify and append, in order. What is new is copied into `arena`,
/// all else is shared with `body`. Objects and arrays on the way to a path are made where they are missing.
doc::Value apply(const doc::Value& body, std::span<const Change> changes, Arena& arena);

}  // namespace redoubt::policy
