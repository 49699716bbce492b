#pragma once

#include <string>

#include "core/result.h"
#include "doc/json.h"

namespace redoubt::report {

/// `{"code","message","file"?,"line"?,"column"?,"path"?,"hint"?}`, the form of errors in all JSON output.
void write_json(doc::JsonWriter& json, const Error& error);
/// The same with `severity`: `error`, `warning` or `hint`.
void write_json(doc::JsonWriter& json, const Diagnostic& diagnostic);

std::string to_json(const Error& error);

}  // namespace redoubt::report
