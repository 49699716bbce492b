#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "doc/sources.h"

namespace redoubt::policy::detail {

/// What a lint has found so far. The same finding at the same place counts once.
class LintReport {
 public:
  /// Findings without a place of their own get `fallback`.
  LintReport(const doc::Sources& sources, doc::Place fallback) : sources_(sources), fallback_(fallback) {}

  void add(Severity severity, std::string_view code, std::string message, doc::Place place,
           std::string hint = {});
  void add(Error error);
  /// Whether there is a finding of this code at the place.
  bool has(std::string_view code, doc::Place place) const;
  std::size_t errors() const { return errors_; }
  /// Looking for a similar name among tens of thousands takes milliseconds: false after some, so that a
  /// hostile file does not take minutes.
  bool may_search() { return searches_++ < kMaxSearches; }

  std::vector<Diagnostic> take() { return std::move(found_); }

 private:
  static constexpr std::size_t kMaxSearches = 50;

  void keep(Diagnostic diagnostic);

  const doc::Sources& sources_;
  doc::Place fallback_;
  std::vector<Diagnostic> found_;
  std::set<std::string> texts_;
  std::size_t errors_ = 0;
  std::size_t searches_ = 0;
};

/// `did you mean X?`, or nothing.
std::string suggestion(std::string_view word, std::span<const std::string_view> known);

}  // namespace redoubt::policy::detail
