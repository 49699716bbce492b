#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"

namespace redoubt::posture {

/// One control of a framework, or a group of them. Form: content/frameworks/README.md.
struct Control {
  std::string id;
  std::string label;  ///< what people write where the id is a catalogue's own; may be empty
  std::string title;
  std::string parent;                ///< id; may be empty
  std::vector<std::size_t> members;  ///< of a group, numbers of controls
  bool group = false;                ///< judged by its members, and no control itself
  bool withdrawn = false;
  bool manual = false;  ///< no machine can judge it

  const std::string& shown() const { return label.empty() ? id : label; }
  /// Whether it counts in shares.
  bool counts() const { return !group && !withdrawn; }
};

/// Controls that the table of shares shows by themselves, too.
struct FrameworkPart {
  std::string title;
  std::string prefix;  ///< of ids
};

struct Framework {
  std::string id;
  std::string title;
  std::string version;
  std::vector<FrameworkPart> parts;
  std::vector<Control> controls;
  std::unordered_map<std::string, std::size_t> by_name;  ///< lower-case ids and labels

  /// The number of a control by id or label, in any case.
  std::optional<std::size_t> find(std::string_view name) const;
  /// `did you mean A.5.1?`, or where the ids stand.
  std::string suggestion(std::string_view name) const;
};

/// The frameworks that are part of the program, sorted by id.
class Frameworks {
 public:
  Frameworks();

  const std::vector<Framework>& all() const { return all_; }
  /// By id or title; case, blanks and punctuation do not matter. POS0060 (Usage), with a suggestion.
  Result<std::size_t> find(std::string_view name) const;

 private:
  std::vector<Framework> all_;
};

}  // namespace redoubt::posture
