#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.h"
#include "core/result.h"

namespace redoubt::cli {

/// What comments in a query say not to tell: `// redoubt:ignore KQL0605, KQL0603 why`.
///
/// Behind code it is about that line, on a line of its own about the next one that has code, in front of the
/// query about all of it.
class IgnoreComments {
 public:
  explicit IgnoreComments(std::string_view query);

  /// Of a problem at a byte of the query.
  bool covers(std::string_view code, std::size_t offset) const;
  /// Of one that is about the whole query.
  bool covers_all(std::string_view code) const;

 private:
  struct Comment {
    std::string code;
    std::size_t begin = 0;  ///< what it is about, bytes
    std::size_t end = 0;
  };

  std::string_view query_;
  std::vector<Comment> comments_;
};

/// The codes of `--ignore`. KQL0014 (Usage): one is none.
Result<std::set<std::string, std::less<>>> ignored_codes(const Arguments& arguments);
/// The option `--ignore CODE`.
Option ignore_option();

}  // namespace redoubt::cli
