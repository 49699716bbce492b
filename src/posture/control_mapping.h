#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/result.h"
#include "doc/sources.h"
#include "doc/value.h"
#include "posture/frameworks.h"

namespace redoubt::posture {

/// A check that says something about a control: its failing does.
struct MappedCheck {
  std::string check;  ///< name of a definition
  std::string why;
  Where where;
};

/// Which checks say something about the controls of one framework. Form: content/frameworks/README.md.
struct ControlMapping {
  std::size_t framework = 0;                                 ///< number
  std::string source;                                        ///< `redoubt`, or the user's file
  std::map<std::size_t, std::vector<MappedCheck>> controls;  ///< by number
};

/// Errors among the diagnostics: POS0060 no such framework, POS0061 the form, POS0062 no such control,
/// POS0064 a member is missing.
Reading<ControlMapping> read_mapping(const doc::Value& root, const doc::Sources& sources,
                                     const Frameworks& frameworks, std::string source);

/// Those that are part of the program: one for each framework, checks of the pack `ailz`.
std::vector<ControlMapping> built_in_mappings(const Frameworks& frameworks);

}  // namespace redoubt::posture
