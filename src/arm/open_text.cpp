#include "arm/open_text.h"

#include <algorithm>

#include "arm/detail/open_forms.h"
#include "arm/function.h"
#include "core/text.h"

namespace redoubt::arm {

using doc::UnknownType;
using doc::Value;
using Part = OpenText::Part;
using PartKind = OpenText::Part::Kind;
using StepKind = PatternStep::Kind;

namespace {

PartKind kind_of(const Value& open) {
  switch (open.unknown_type()) {
    case UnknownType::Int:
      return PartKind::Int;
    case UnknownType::Bool:
      return PartKind::Bool;
    default:
      return open.is_segment() ? PartKind::Segment : PartKind::Any;
  }
}

/// Whether an open part may hold what the step takes.
bool may_hold(PartKind part, const PatternStep& step) {
  const char c = lower(step.character);
  const bool is_character = step.kind == StepKind::Character;
  switch (part) {
    case PartKind::Segment:
      return !is_character || c != '/';
    case PartKind::Int:
      return is_character ? (c >= '0' && c <= '9') || c == '-' : step.kind != StepKind::Letter;
    case PartKind::Bool:
      return is_character ? std::string_view("truefalse").find(c) != std::string_view::npos
                          : step.kind != StepKind::Digit;
    default:
      return true;
  }
}

bool takes(const PatternStep& step, char c) {
  switch (step.kind) {
    case StepKind::Character:
      return c == step.character;
    case StepKind::Digit:
      return c >= '0' && c <= '9';
    case StepKind::Letter:
      return lower(c) >= 'a' && lower(c) <= 'z';
    default:
      return true;
  }
}

/// The places of a pattern that a text can have come to: all that are possible, or only those that it comes
/// to whatever its open parts are.
class Places {
 public:
  Places(std::span<const PatternStep> pattern, bool possible)
      : pattern_(pattern), possible_(possible), at_(pattern.size() + 1, 0) {
    at_[0] = 1;
    pass_any_text();
  }

  void read(std::string_view known) {
    for (const char c : known) {
      for (std::size_t i = pattern_.size() + 1; i-- > 0;) {
        const bool stays = i < pattern_.size() && pattern_[i].kind == StepKind::AnyText && at_[i] != 0;
        const bool comes = i > 0 && pattern_[i - 1].kind != StepKind::AnyText && at_[i - 1] != 0 &&
                           takes(pattern_[i - 1], c);
        at_[i] = stays || comes ? 1 : 0;
      }
      pass_any_text();
    }
  }

  void read(PartKind open) {
    for (std::size_t i = 0; i <= pattern_.size(); ++i) {
      const bool any = i < pattern_.size() && pattern_[i].kind == StepKind::AnyText;
      // Only where any text may stand every value of the part can.
      if (!possible_ && !any) at_[i] = 0;
    }
    // It may go on as far as it can hold what comes next.
    for (std::size_t i = 0; possible_ && i < pattern_.size(); ++i)
      if (at_[i] != 0 && (pattern_[i].kind == StepKind::AnyText || may_hold(open, pattern_[i])))
        at_[i + 1] = 1;
    pass_any_text();
  }

  bool at_end() const { return at_.back() != 0; }

 private:
  void pass_any_text() {
    for (std::size_t i = 0; i < pattern_.size(); ++i)
      if (at_[i] != 0 && pattern_[i].kind == StepKind::AnyText) at_[i + 1] = 1;
  }

  std::span<const PatternStep> pattern_;
  bool possible_;
  std::vector<char> at_;
};

bool come_to_end(std::span<const Part> text, std::span<const PatternStep> pattern, bool possible) {
  Places places(pattern, possible);
  for (const Part& part : text) {
    if (part.kind == PartKind::Known)
      places.read(part.known);
    else
      places.read(part.kind);
  }
  return places.at_end();
}

bool any_open(std::span<const Part> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [](const Part& part) { return part.kind != PartKind::Known; });
}

bool any_known(std::span<const Part> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [](const Part& part) { return part.kind == PartKind::Known; });
}

std::optional<bool> fits_parts(std::span<const Part> text, std::span<const PatternStep> pattern) {
  static constexpr std::size_t kMaxWork = std::size_t{4} << 20;
  std::size_t bytes = text.size() + 1;
  for (const Part& part : text)
    bytes += part.known.size();
  if (bytes > kMaxWork / (pattern.size() + 1)) return std::nullopt;
  if (!come_to_end(text, pattern, true)) return false;
  if (!any_open(text) || come_to_end(text, pattern, false)) return true;
  return std::nullopt;
}

/// Parts of two texts that are still to be compared, from one of the two ends.
class Remaining {
 public:
  explicit Remaining(const OpenText& text) : parts_(text.parts().begin(), text.parts().end()) {}

  std::span<const Part> parts() const { return parts_; }
  bool empty() const { return parts_.empty(); }
  const Part& end(bool front) const { return front ? parts_.front() : parts_.back(); }
  void drop(bool front) { parts_.erase(front ? parts_.begin() : parts_.end() - 1); }
  void drop_known(bool front, std::size_t bytes) {
    std::string& known = front ? parts_.front().known : parts_.back().known;
    known.erase(front ? 0 : known.size() - bytes, bytes);
    if (known.empty()) drop(front);
  }

 private:
  std::vector<Part> parts_;
};

/// Takes off what both begin (or end) with; false when they surely differ there.
bool cancel(Remaining& left, Remaining& right, bool front) {
  while (!left.empty() && !right.empty()) {
    const Part& a = left.end(front);
    const Part& b = right.end(front);
    if ((a.kind == PartKind::Known) != (b.kind == PartKind::Known)) return true;
    if (a.kind != PartKind::Known) {
      if (a.open != b.open) return true;
      left.drop(front);
      right.drop(front);
      continue;
    }
    const std::size_t common = std::min(a.known.size(), b.known.size());
    const std::string_view of_a =
        std::string_view(a.known).substr(front ? 0 : a.known.size() - common, common);
    const std::string_view of_b =
        std::string_view(b.known).substr(front ? 0 : b.known.size() - common, common);
    if (of_a != of_b) return false;
    left.drop_known(front, common);
    right.drop_known(front, common);
  }
  return true;
}

/// Whether the parts of `part` are parts of `text` from that one on: open ones the same, known ones inside.
bool stands_at(std::span<const Part> text, std::span<const Part> part) {
  if (part.size() > text.size()) return false;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (text[i].kind == PartKind::Known && part[i].kind == PartKind::Known) {
      const bool first = i == 0;
      const bool last = i + 1 == part.size();
      if (first && last ? text[i].known.find(part[i].known) == std::string::npos
          : first       ? !text[i].known.ends_with(part[i].known)
          : last        ? !text[i].known.starts_with(part[i].known)
                        : text[i].known != part[i].known)
        return false;
    } else if (text[i].kind == PartKind::Known || part[i].kind == PartKind::Known ||
               text[i].open != part[i].open) {
      return false;
    }
  }
  return true;
}

}  // namespace

void OpenText::add_known(std::string_view text) {
  if (text.empty()) return;
  if (parts_.empty() || parts_.back().kind != PartKind::Known) parts_.push_back({});
  parts_.back().known += text;
}

void OpenText::add(const Value& piece, const Origins& origins, bool ignore_case, Scopes scopes) {
  if (!piece.is_unknown()) {
    const std::string text = dotnet_text(piece);
    return add_known(ignore_case ? unicode_lower(text) : text);
  }
  const detail::ScopePart* scope = detail::find_scope_part(piece.unknown_id());
  if (scope != nullptr && scopes == Scopes::Text)
    return add_known(ignore_case ? lower(scope->form) : std::string(scope->form));
  std::uint64_t id = piece.unknown_id();
  if (ignore_case && origins.at(id).but_for_case != 0) {
    id = origins.at(id).but_for_case;
    if (const detail::ScopePart* of = detail::find_scope_part(id); of != nullptr && scopes == Scopes::Text)
      return add_known(lower(of->form));
  }
  parts_.push_back({kind_of(piece), {}, id});
}

std::optional<OpenText> OpenText::of(const Value& value, const Origins& origins, bool ignore_case,
                                     Scopes scopes) {
  OpenText out;
  std::vector<Value> split;
  std::span<const Value> pieces(&value, 1);
  if (value.is_unknown()) {
    const UnknownType type = value.unknown_type();
    if (type == UnknownType::Any || type == UnknownType::Array || type == UnknownType::Object)
      return std::nullopt;
    if (const std::span<const Value> known = origins.pieces(value); !known.empty()) pieces = known;
  } else if (value.is_null() || value.is_container()) {
    return std::nullopt;
  } else if (value.is_string() && scopes == Scopes::Open) {
    detail::split_scopes(value, split);
    pieces = split;
  }
  for (const Value& piece : pieces)
    out.add(piece, origins, ignore_case, scopes);
  return out;
}

bool OpenText::is_open() const { return any_open(parts_); }

void add_text(TextPattern& pattern, std::string_view text, bool ignore_case) {
  for (const char c : ignore_case ? unicode_lower(text) : std::string(text))
    pattern.push_back({StepKind::Character, c});
}

void add_wildcards(TextPattern& pattern, std::string_view text) {
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t star = std::min(text.find('*', at), text.size());
    add_text(pattern, text.substr(at, star - at), true);
    if (star < text.size()) add_any_text(pattern);
    at = star + 1;
  }
}

std::optional<bool> fits(const OpenText& text, std::span<const PatternStep> pattern) {
  return fits_parts(text.parts(), pattern);
}

std::optional<bool> same_text(const OpenText& left, const OpenText& right) {
  Remaining a(left);
  Remaining b(right);
  if (!cancel(a, b, true) || !cancel(a, b, false)) return false;
  if (a.empty() && b.empty()) return true;
  if (a.empty() || b.empty()) {
    if (any_known(a.parts()) || any_known(b.parts())) return false;
    return std::nullopt;
  }
  if (any_open(a.parts()) && any_open(b.parts())) return std::nullopt;
  const bool left_open = any_open(a.parts());
  TextPattern pattern;
  for (const Part& part : (left_open ? b : a).parts())
    add_text(pattern, part.known, false);
  return fits_parts((left_open ? a : b).parts(), pattern);
}

std::optional<bool> holds_text(const OpenText& text, const OpenText& part) {
  if (part.parts().empty()) return true;
  for (std::size_t i = 0; i < text.parts().size(); ++i)
    if (stands_at(text.parts().subspan(i), part.parts())) return true;
  TextPattern pattern;
  add_any_text(pattern);
  for (const Part& one : part.parts()) {
    if (one.kind == PartKind::Known) add_text(pattern, one.known, false);
    add_any_text(pattern);
  }
  const std::optional<bool> fit = fits(text, pattern);
  if (fit == false || !part.is_open()) return fit;
  return std::nullopt;
}

}  // namespace redoubt::arm
