#pragma once

#include "arm/detail/deployment.h"

namespace redoubt::arm::detail {

// Members whose JSON type the template language does not have. Each would be passed over in silence: Azure
// refuses the template. Null counts as not there.
// Source: ARM template structure and syntax; languageVersion 2.0.

/// Reports (ARM0202) the sections of a template and what is declared in them: an error that gives the
/// template up where expressions hang on it, a warning where all is judged without it.
void check_sections(Run& run, const doc::Value& root);

/// The same for the declaration of a resource. False: the resource is given up.
bool check_declaration(Run& run, const doc::Value& node);

/// Whether an evaluated member of a resource's body has a type it can have; reports ARM0202 where not.
bool check_body_member(Run& run, std::string_view name, const doc::Value& value);

}  // namespace redoubt::arm::detail
