#include "policy/alias_entry.h"

#include <algorithm>

#include "core/text.h"

namespace redoubt::policy {

namespace {

enum Fit : int { kNone = 0, kAnyVersion = 1, kThisVersion = 2, kThisType = 3 };

/// Higher is better; the very type outweighs the version.
int fit_of(const AliasPath& variant, std::string_view resource_type, std::string_view api_version) {
  int fit = kNone;
  if (!variant.resource_type.empty()) {
    if (!equal_any_case(variant.resource_type, resource_type)) return kNone;
    fit = kThisType;
  }
  if (variant.api_versions.empty()) return fit + kAnyVersion;
  const bool listed =
      std::any_of(variant.api_versions.begin(), variant.api_versions.end(),
                  [&](const std::string& version) { return equal_any_case(version, api_version); });
  return listed ? fit + kThisVersion : kNone;
}

std::string_view bare(std::string_view variable) {
  if (variable.size() > 2 && variable.front() == '{' && variable.back() == '}')
    return variable.substr(1, variable.size() - 2);
  return variable;
}

/// The text up to the next slash, taken off the front.
std::string_view take_segment(std::string_view& text) {
  const std::string_view segment = text.substr(0, text.find('/'));
  text.remove_prefix(std::min(text.size(), segment.size() + 1));
  return segment;
}

}  // namespace

const AliasPath* AliasEntry::variant_for(std::string_view resource_type, std::string_view api_version) const {
  const AliasPath* best = nullptr;
  int best_fit = kNone;
  for (const AliasPath& variant : variants) {
    const int fit = fit_of(variant, resource_type, api_version);
    if (fit <= best_fit) continue;
    best = &variant;
    best_fit = fit;
  }
  return best;
}

std::optional<std::string> extract(const AliasPattern& pattern, std::string_view text) {
  std::string_view phrase = pattern.phrase;
  std::optional<std::string> found;
  while (!phrase.empty() && !text.empty()) {
    const std::string_view expected = take_segment(phrase);
    const std::string_view actual = take_segment(text);
    const bool variable = expected.size() > 2 && expected.front() == '{' && expected.back() == '}';
    if (!variable && !equal_any_case(expected, actual)) return std::nullopt;
    if (variable && equal_any_case(bare(expected), bare(pattern.variable))) found = std::string(actual);
  }
  if (!phrase.empty() || !text.empty()) return std::nullopt;
  return found;
}

}  // namespace redoubt::policy
