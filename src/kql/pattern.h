#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"

namespace redoubt::kql {

/// A regular expression in RE2's syntax, as the engine has it. Matching is linear in the text; what a pattern
/// may compile to is limited to 8 MiB.
/// Source: Kusto Query Language reference, "RE2 syntax".
class Pattern {
 public:
  /// Errors: KQL0406 for what RE2 does not take, and for patterns that grow too large.
  static Result<Pattern> compile(std::string_view text, std::int64_t max_bytes = std::int64_t{8} << 20);
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  /// Whether it matches a part of the text.
  bool matches(std::string_view text) const;

  using Groups = std::vector<std::optional<std::string_view>>;
  /// The first match at or behind `from`: the whole and its groups, empty ones where a group took no part.
  bool find(std::string_view text, std::size_t from, Groups& groups) const;
  /// How many groups there are, without the whole.
  std::size_t group_count() const;
  std::optional<std::size_t> group_named(std::string_view name) const;

 private:
  struct State;
  explicit Pattern(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Whether a text is a pattern; its error otherwise.
Result<void> check_pattern(std::string_view text);
/// `text` so that a pattern takes it literally.
std::string quote_pattern(std::string_view text);

/// Compiled patterns by their text, the bad ones too. Emptied when full. Single-threaded.
class PatternCache {
 public:
  explicit PatternCache(std::size_t most = 256) : most_(most) {}
  /// Lives until the next call.
  const Result<Pattern>& get(std::string_view text);

 private:
  std::size_t most_;
  std::unordered_map<std::string, Result<Pattern>> patterns_;
};

}  // namespace redoubt::kql
