#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "arm/origins.h"
#include "core/arena.h"
#include "core/result.h"
#include "doc/json.h"
#include "doc/sources.h"
#include "estate/scope_tree.h"
#include "policy/assignment.h"
#include "policy/library.h"

namespace redoubt::policy {

/// Azure Landing Zones libraries: architectures of management groups, archetypes, and the assignments,
/// definitions and initiatives that archetypes place. Source: the schemas of
/// github.com/Azure/Azure-Landing-Zones-Library.
class AlzLibrary {
 public:
  /// Values of `alz_policy_default_values.json` by name (`default_location` ...), as text or JSON.
  using Values = std::map<std::string, std::string, std::less<>>;

  explicit AlzLibrary(arm::Origins& origins) : origins_(origins) {}

  /// Reads every file below the folder by the ending of its name; may be called for several libraries that
  /// build on each other. Definitions and initiatives go to `library`.
  /// Diagnostics: POL0411 the folder is not there or holds no library (error), POL0412 a file is not what its
  /// name says, POL0413 a name stands twice, and those of doc and Library.
  void load(doc::Sources& sources, const std::string& folder, Library& library);

  /// Builds the tree of an architecture and places its archetypes' assignments at its groups.
  ///
  /// `architecture` may be empty when there is only one. Text `${name}` and the parameters that the defaults
  /// file lists are filled from `values`; what stays open in `${name}` is an unknown of that name.
  /// POL0414 (Usage): no such architecture, none, or several to choose from. Diagnostics: POL0415 an
  /// archetype or an assignment is not in the library, POL0416 a value that no default is called (warning).
  Result<void> place(doc::Sources& sources, std::string_view architecture, const Values& values,
                     estate::ScopeTree& tree);

  /// Those that place() put at groups, in order of the groups and of the archetypes' lists.
  const std::deque<Assignment>& assignments() const { return assignments_; }
  std::vector<Diagnostic> take_diagnostics() { return std::move(diagnostics_); }

 private:
  using Named = std::map<std::string, const doc::Value*, std::less<>>;  // by lower-case name
  struct Default {
    std::string assignment;  // lower case, as the next
    std::string parameter;
    std::string name;
  };

  void load_file(doc::Sources& sources, const std::string& path, Library& library);
  void name(Named& table, const doc::Value& root, std::string_view what, doc::Sources& sources);
  void read_defaults(const doc::Value& root);
  std::vector<std::string> assignments_of(const std::string& archetype, doc::Sources& sources);
  void place_at(const std::string& group, const std::string& assignment, const Values& values,
                doc::Sources& sources);
  doc::Value filled(const doc::Value& value, const Values& values);
  doc::Value filled_text(const doc::Value& value, const Values& values);
  doc::Value given(std::string_view text);

  arm::Origins& origins_;
  Arena arena_;
  std::deque<doc::Document> documents_;
  Named architectures_;
  Named archetypes_;
  Named overrides_;
  Named templates_;  // assignments that are not placed yet
  std::vector<Default> defaults_;
  std::deque<Assignment> assignments_;
  std::set<std::string> placed_;  // lower-case ids of assignments_
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace redoubt::policy
