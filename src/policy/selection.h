#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "policy/library.h"

namespace redoubt::policy {

/// Picks the lines of big JSON Lines files that a few initiatives need, so that the rest is not parsed: first
/// the initiatives by their names, then the definitions they refer to. A line is picked by the text it holds;
/// one too many does no harm.
class Selection {
 public:
  explicit Selection(const std::vector<std::string>& initiative_names);

  /// Lines of the named initiatives. Must not outlive the selection.
  Library::LineFilter initiatives() const;
  /// Notes the definitions of an initiative that the library does not have yet.
  void need(const Initiative& initiative, const Library& library);
  void need(std::string_view definition, const Library& library);
  bool needs_more() const { return !definitions_.empty(); }
  /// Lines of those definitions.
  Library::LineFilter definitions() const;

 private:
  std::vector<std::string> names_;               // lower case
  std::unordered_set<std::string> definitions_;  // lower case
};

}  // namespace redoubt::policy
