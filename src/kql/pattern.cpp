#include "kql/pattern.h"

#include <re2/re2.h>

namespace redoubt::kql {

namespace {

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

/// A group's name as RE2 had it first: `(?P<name>`. Newer ones, Kusto's too, take `(?<name>` for it.
std::string with_old_names(std::string_view text) {
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] == '\\' && i + 1 < text.size()) {
      out += text[++i];
      continue;
    }
    in_class = text[i] == '[' || (in_class && text[i] != ']');
    const bool opens = !in_class && text.substr(i, 3) == "(?<";
    if (!opens || i + 3 >= text.size() || text[i + 3] == '=' || text[i + 3] == '!') continue;
    out += "?P<";
    i += 2;
  }
  return out;
}

}  // namespace

struct Pattern::State {
  State(std::string_view text, std::int64_t max_bytes) : compiled(with_old_names(text), options(max_bytes)) {}

  static RE2::Options options(std::int64_t max_bytes) {
    RE2::Options out;
    out.set_log_errors(false);
    out.set_max_mem(max_bytes);
    return out;
  }

  RE2 compiled;
};

Pattern::Pattern(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Result<Pattern> Pattern::compile(std::string_view text, std::int64_t max_bytes) {
  auto state = std::make_unique<State>(text, max_bytes);
  if (!state->compiled.ok())
    return fail(Error::Kind::InvalidInput, "KQL0406", "bad regular expression: " + state->compiled.error());
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

std::string quote_pattern(std::string_view text) { return RE2::QuoteMeta(piece(text)); }

const Result<Pattern>& PatternCache::get(std::string_view text) {
  const auto found = patterns_.find(std::string(text));
  if (found != patterns_.end()) return found->second;
  if (patterns_.size() >= most_) patterns_.clear();
  return patterns_.emplace(std::string(text), Pattern::compile(text)).first->second;
}

}  // namespace redoubt::kql
