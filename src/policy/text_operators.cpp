#include "policy/detail/text_operators.h"

#include <fmt/format.h>

#include "arm/open_text.h"
#include "core/text.h"

namespace redoubt::policy {

bool wildcard_match(std::string_view text, std::string_view pattern, bool question) {
  // Lower-case texts are compared byte by byte; ASCII is folded on the way, without a copy.
  std::string low_text;
  std::string low_pattern;
  if (!is_ascii(text) || !is_ascii(pattern)) {
    text = low_text = unicode_lower(text);
    pattern = low_pattern = unicode_lower(pattern);
  }
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t star = std::string::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() &&
               (lower(pattern[p]) == lower(text[t]) || (question && pattern[p] == '?'))) {
      ++p;
      ++t;
    } else if (star != std::string::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*')
    ++p;
  return p == pattern.size();
}

namespace detail {

using arm::OpenText;
using arm::PatternStep;
using arm::Scopes;
using doc::UnknownType;
using doc::Value;

namespace {

/// Whether some value of the unknown's type could have this text.
bool can_be(UnknownType type, const Value& right) {
  const std::optional<std::string> text = scalar_text(right);
  if (!text) return type == UnknownType::Any;
  switch (type) {
    case UnknownType::Bool:
      return equal_any_case(*text, "true") || equal_any_case(*text, "false");
    case UnknownType::Int: {
      const std::size_t start = text->starts_with('-') ? 1 : 0;
      return text->size() > start && text->find_first_not_of("0123456789", start) == std::string::npos;
    }
    case UnknownType::Array:
    case UnknownType::Object:
      return false;
    case UnknownType::Any:
    case UnknownType::String:
      return true;
  }
  return true;
}

bool nothing(const Value* value) { return value == nullptr || value->is_null(); }

bool is_container_type(UnknownType type) { return type == UnknownType::Array || type == UnknownType::Object; }

/// `whole` may be null where the answer was worked out for a text; null fits and contains nothing.
Truth truth_for(const std::optional<bool>& answer, const Value& whole) {
  if (answer == false) return Truth::False;
  return answer == true && (!whole.is_unknown() || whole.not_null()) ? Truth::True : Truth::Unknown;
}

bool match_letters(std::string_view text, std::string_view pattern, bool mind_case) {
  if (text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool digit = c >= '0' && c <= '9';
    const bool letter = lower(c) >= 'a' && lower(c) <= 'z';
    bool fits = false;
    switch (pattern[i]) {
      case '#':
        fits = digit;
        break;
      case '?':
        fits = letter;
        break;
      case '.':
        fits = true;
        break;
      default:
        fits = mind_case ? c == pattern[i] : lower(c) == lower(pattern[i]);
    }
    if (!fits) return false;
  }
  return true;
}

PatternStep letter_step(char c) {
  switch (c) {
    case '#':
      return {PatternStep::Kind::Digit, 0};
    case '?':
      return {PatternStep::Kind::Letter, 0};
    case '.':
      return {PatternStep::Kind::AnyCharacter, 0};
    default:
      return {PatternStep::Kind::Character, c};
  }
}

arm::TextPattern pattern_of(Operator op, std::string_view wanted) {
  arm::TextPattern pattern;
  if (op == Operator::Like) {
    arm::add_wildcards(pattern, wanted);
    return pattern;
  }
  const std::string folded = op == Operator::Match ? std::string(wanted) : unicode_lower(wanted);
  for (const char c : folded)
    pattern.push_back(letter_step(c));
  return pattern;
}

/// A pattern that is open itself: what is open in it may be anything, a star too.
Truth fits_open_pattern(Operator op, const Value& left, const Value& right, Comparison how) {
  if (op != Operator::Like || how.origins == nullptr) return Truth::Unknown;
  const Scopes scopes = left.is_unknown() ? Scopes::Open : Scopes::Text;
  const std::optional<OpenText> text = OpenText::of(left, *how.origins, true, scopes);
  const std::optional<OpenText> wanted = OpenText::of(right, *how.origins, true, scopes);
  if (!text || !wanted) return Truth::Unknown;
  arm::TextPattern pattern;
  for (const OpenText::Part& part : wanted->parts()) {
    if (part.kind == OpenText::Part::Kind::Known)
      arm::add_wildcards(pattern, part.known);
    else
      arm::add_any_text(pattern);
  }
  return arm::fits(*text, pattern) == false ? Truth::False : Truth::Unknown;
}

Truth open_fits(Operator op, const Value& left, std::string_view wanted, Comparison how) {
  if (is_container_type(left.unknown_type())) return Truth::False;
  const bool only_stars = !wanted.empty() && wanted.find_first_not_of('*') == std::string_view::npos;
  if (op == Operator::Like && only_stars) return left.not_null() ? Truth::True : Truth::Unknown;
  if (how.origins == nullptr) return Truth::Unknown;
  const std::optional<OpenText> text = OpenText::of(left, *how.origins, op != Operator::Match, Scopes::Open);
  return text ? truth_for(arm::fits(*text, pattern_of(op, wanted)), left) : Truth::Unknown;
}

/// Nothing where one of them may be no text.
std::optional<bool> texts_equal(const Value& left, const Value& right, const arm::Origins& origins) {
  const std::optional<OpenText> a = OpenText::of(left, origins, true, Scopes::Text);
  const std::optional<OpenText> b = OpenText::of(right, origins, true, Scopes::Text);
  return a && b ? arm::same_text(*a, *b) : std::nullopt;
}

}  // namespace

std::string_view view_scalar(const Value& value, std::string& storage) {
  if (value.is_string()) return value.as_string();
  storage = scalar_text(value).value_or(std::string());
  return storage;
}

Truth open_equals(const Value& left, const Value& right, Comparison how) {
  const bool both_open = left.is_unknown() && right.is_unknown();
  if (both_open && left.unknown_id() == right.unknown_id()) return Truth::True;
  if (how.origins != nullptr && !how.location)
    if (const std::optional<bool> same = texts_equal(left, right, *how.origins)) return truth_of(*same);
  if (both_open) return Truth::Unknown;
  const Value& open = left.is_unknown() ? left : right;
  const Value& known = left.is_unknown() ? right : left;
  if (known.is_null()) return open.not_null() ? Truth::False : Truth::Unknown;
  return can_be(open.unknown_type(), known) ? Truth::Unknown : Truth::False;
}

Truth open_contains(const Value& left, const Value& right, Comparison how) {
  if (right.is_container()) return Truth::Unknown;
  // Every text contains the empty one.
  if (right.is_string() && right.size() == 0)
    return left.not_null() && left.unknown_type() == UnknownType::String ? Truth::True : Truth::Unknown;
  if (how.origins == nullptr || how.location) return Truth::Unknown;
  const Scopes scopes = left.is_unknown() ? Scopes::Open : Scopes::Text;
  const std::optional<OpenText> text = OpenText::of(left, *how.origins, true, scopes);
  const std::optional<OpenText> part = OpenText::of(right, *how.origins, true, scopes);
  return text && part ? truth_for(arm::holds_text(*text, *part), left) : Truth::Unknown;
}

Truth fits_pattern(Operator op, const Value* left, const Value& right, Comparison how, std::string& error) {
  if (right.is_container()) {
    error = fmt::format("{} needs text to compare with", name_of(op));
    return Truth::Error;
  }
  if (nothing(left) || left->is_container()) return Truth::False;
  if (right.is_unknown()) return fits_open_pattern(op, *left, right, how);
  std::string wanted_text;
  const std::string_view wanted = view_scalar(right, wanted_text);
  if (left->is_unknown()) return open_fits(op, *left, wanted, how);
  std::string left_text;
  const std::string_view text = view_scalar(*left, left_text);
  if (op == Operator::Like) return truth_of(wildcard_match(text, wanted, false));
  return truth_of(match_letters(text, wanted, op == Operator::Match));
}

}  // namespace detail
}  // namespace redoubt::policy
