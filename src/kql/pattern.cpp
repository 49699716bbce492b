#include "kql/pattern.h"

#include "kql/pattern_spelling.h"

#include <re2/re2.h>

#include <algorithm>

namespace redoubt::kql {

namespace {

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool begins_name(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

struct Pattern::State {
  State(std::string_view text, std::int64_t max_bytes) : compiled(as_re2(text), options(max_bytes)) {}

  static RE2::Options options(std::int64_t max_bytes) {
    RE2::Options out;
    out.set_log_errors(false);
    out.set_max_mem(max_bytes);
    return out;
  }

  RE2 compiled;
};

namespace {

/// What is wrong with a pattern. Source: RE2, "Syntax", for what it leaves out on purpose.
std::string fault_of(const RE2& pattern) {
  const std::string& part = pattern.error_arg();
  const bool looks_around = part == "(?<" || part == "(?=" || part == "(?!";
  if (looks_around && pattern.error_code() == RE2::ErrorBadPerlOp)
    return "RE2, as in Kusto, has no lookahead and lookbehind: " + part;
  const bool refers_back = part.size() == 2 && part[1] >= '1' && part[1] <= '9';
  if (refers_back && pattern.error_code() == RE2::ErrorBadEscape)
    return "RE2, as in Kusto, has no references back: " + part;
  return pattern.error();
}

}  // namespace

Pattern::Pattern(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Result<Pattern> Pattern::compile(std::string_view text, std::int64_t max_bytes) {
  auto state = std::make_unique<State>(text, max_bytes);
  if (!state->compiled.ok())
    return fail(Error::Kind::InvalidInput, "KQL0406", "bad regular expression: " + fault_of(state->compiled));
  return Pattern(std::move(state));
}

bool Pattern::matches(std::string_view text) const {
  return state_->compiled.Match(piece(text), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

bool Pattern::find(std::string_view text, std::size_t from, Groups& groups) const {
  std::vector<re2::StringPiece> found(group_count() + 1);
  if (from > text.size() || !state_->compiled.Match(piece(text), from, text.size(), RE2::UNANCHORED,
                                                    found.data(), static_cast<int>(found.size())))
    return false;
  groups.clear();
  for (const re2::StringPiece& group : found) {
    if (group.data() == nullptr)
      groups.emplace_back();
    else
      groups.emplace_back(std::string_view(group.data(), group.size()));
  }
  return true;
}

std::size_t Pattern::group_count() const {
  return static_cast<std::size_t>(state_->compiled.NumberOfCapturingGroups());
}

std::optional<std::size_t> Pattern::group_named(std::string_view name) const {
  const auto& names = state_->compiled.NamedCapturingGroups();
  const auto found = names.find(std::string(name));
  return found == names.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found->second));
}

Result<void> check_pattern(std::string_view text) {
  RD_TRY(Pattern::compile(text));
  return {};
}

std::string as_re2(std::string_view text) {
  constexpr std::size_t kDigits = 4;
  std::string out;
  bool in_class = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = text.substr(at);
    if (rest.front() == '\\' && rest.size() > 1) {
      const std::string_view digits = rest.substr(2, kDigits);
      const bool code = rest[1] == 'u' && digits.size() == kDigits && std::ranges::all_of(digits, is_hex);
      out += code ? "\\x{" + std::string(digits) + "}" : std::string(rest.substr(0, 2));
      at += code ? 1 + kDigits : 1;
      continue;
    }
    if (rest.front() == '[') in_class = true;
    if (rest.front() == ']') in_class = false;
    const bool named = !in_class && rest.starts_with("(?<") && rest.size() > 3 && begins_name(rest[3]);
    out += named ? "(?P" : std::string(1, rest.front());
    if (named) ++at;
  }
  return out;
}

bool is_plain_pattern(std::string_view text) {
  return as_re2(text) == text && check_pattern(text).has_value();
}

std::string quote_pattern(std::string_view text) { return RE2::QuoteMeta(piece(text)); }

const Result<Pattern>& PatternCache::get(std::string_view text) {
  const auto found = patterns_.find(std::string(text));
  if (found != patterns_.end()) return found->second;
  if (patterns_.size() >= most_) patterns_.clear();
  return patterns_.emplace(std::string(text), Pattern::compile(text)).first->second;
}

}  // namespace redoubt::kql
