#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "doc/value.h"

namespace redoubt::arm {

/// The first parameter of a parameter file that the template does not declare; empty when it has all.
std::string_view undeclared_parameter(const doc::Value& file, const doc::Value& template_root);

/// The parameter file that belongs to a template by convention, beside it: NAME.parameters.json, else
/// azuredeploy.parameters.json or main.parameters.json when the template declares all its parameters. Nothing
/// when there is none.
///
/// `root_at` reads a file that is there; null where it can't be read.
std::optional<std::string> find_parameter_file(
    const std::string& template_path, const doc::Value& template_root,
    const std::function<const doc::Value*(const std::string& path)>& root_at);

}  // namespace redoubt::arm
