#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "doc/sources.h"
#include "doc/value.h"
#include "policy/definition.h"

namespace redoubt::posture {

/// A control of the secure score.
struct ScoreControl {
  std::string name;
  double max = 0;
};

/// Which checks belong to which control. Form: content/score/controls.yaml, docs/score.md.
class ScoreControls {
 public:
  /// What is part of the program.
  static ScoreControls built_in();

  /// Takes a file of the same form on top: its checks move to its controls, its maxima hold.
  /// Diagnostics, all errors: POS0080 the form, or a new control without maximum, POS0081 a check stands in
  /// two controls of the file, or a control twice.
  std::vector<Diagnostic> add(const doc::Value& root, const doc::Sources& sources);

  /// Warnings POS0084 about checks of such files that are neither among `names`, those of the definitions
  /// that judge, nor part of the program: they are likely misspelt.
  std::vector<Diagnostic> lacking(std::span<const std::string_view> names) const;

  const std::vector<ScoreControl>& controls() const { return controls_; }
  /// The number of the control of a definition: by its name, for built-in policies by their title, too.
  std::optional<std::size_t> find(const policy::Definition& definition) const;

 private:
  struct Title {
    std::string phrase;
    std::size_t control;
  };
  struct NamedCheck {
    std::string name;
    Where where;
  };
  std::size_t control_named(std::string_view name);
  bool is_known(std::string_view name) const;

  std::vector<ScoreControl> controls_;
  std::unordered_map<std::string, std::size_t> checks_;  // lower case
  std::vector<Title> titles_;                            // longest first
  std::vector<NamedCheck> named_;                        // by files of the user
  std::set<std::string> shipped_;                        // lower case
};

/// A preview: its assessments do not count.
bool is_preview(const policy::Definition& definition);

}  // namespace redoubt::posture
