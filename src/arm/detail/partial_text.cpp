#include <algorithm>

#include "arm/detail/partial.h"
#include "arm/detail/utf16.h"
#include "arm/open_text.h"
#include "core/text.h"
#include "core/utf8.h"

namespace redoubt::arm::detail {

using doc::UnknownType;
using doc::Value;

namespace {

std::span<const Value> text_pieces(const Call& call, const Value& text) {
  if (!text.is_unknown() || text.unknown_type() != UnknownType::String) return {};
  return call.origins.pieces(text);
}

Value like_piece(const Value& piece, std::string_view text) {
  const Value out = Value::string(text);
  return piece.secret() ? out.as_secret() : out;
}

/// Whether an open piece surely holds none of the separators, not even a part of one.
bool holds_none(const Value& open, const std::vector<std::string_view>& separators) {
  return std::all_of(separators.begin(), separators.end(), [&](std::string_view separator) {
    if (separator.size() != 1) return false;
    const char c = separator.front();
    if (open.unknown_type() == UnknownType::Int) return c != '-' && (c < '0' || c > '9');
    return open.is_segment() && c == '/';
  });
}

/// A text made of pieces: plain when all are known.
Value joined(Call& call, std::span<const Value> pieces) {
  if (any_open(pieces)) return call.origins.partial_text(pieces);
  std::string whole;
  for (const Value& piece : pieces)
    whole += piece.as_string();
  return made_of(pieces, doc::make_string(call.arena, whole));
}

/// Splits pieces of which no open one holds a separator.
std::vector<Value> split_pieces(Call& call, std::span<const Value> pieces,
                                const std::vector<std::string_view>& separators) {
  std::vector<Value> elements;
  std::vector<Value> element;
  for (const Value& piece : pieces) {
    if (piece.is_unknown()) {
      element.push_back(piece);
      continue;
    }
    std::string_view text = piece.as_string();
    for (std::size_t at = 0; at < text.size();) {
      const auto hit = std::find_if(separators.begin(), separators.end(), [&](std::string_view separator) {
        return !separator.empty() && text.substr(at).starts_with(separator);
      });
      if (hit == separators.end()) {
        ++at;
        continue;
      }
      element.push_back(like_piece(piece, text.substr(0, at)));
      elements.push_back(joined(call, element));
      element.clear();
      text.remove_prefix(at + hit->size());
      at = 0;
    }
    element.push_back(like_piece(piece, text));
  }
  elements.push_back(joined(call, element));
  return elements;
}

/// How much of the end of `text` is the beginning of `part`, or of its beginning the end of `part`.
bool overlaps(std::string_view text, std::string_view part) {
  for (std::size_t size = 1; size < part.size(); ++size) {
    if (size > text.size()) break;
    if (text.ends_with(part.substr(0, size)) || text.starts_with(part.substr(part.size() - size)))
      return true;
  }
  return part.size() > text.size() && part.find(text) != std::string_view::npos;
}

/// Whether the text fits; open where what is known of it does not tell.
Value predicate(Call& call, Arguments arguments, const TextPattern& pattern) {
  const std::optional<OpenText> text = OpenText::of(arguments[0], call.origins, true, Scopes::Open);
  const std::optional<bool> fit = text ? fits(*text, pattern) : std::nullopt;
  return fit ? Value::boolean(*fit) : call.origins.derived(UnknownType::Bool, call.name, arguments, false);
}

}  // namespace

Value end_predicate_partial(Call& call, Arguments arguments, bool at_start) {
  if (!arguments[1].is_string()) return call.origins.derived(UnknownType::Bool, call.name, arguments, false);
  TextPattern pattern;
  if (!at_start) add_any_text(pattern);
  add_text(pattern, arguments[1].as_string(), true);
  if (at_start) add_any_text(pattern);
  return predicate(call, arguments, pattern);
}

Value like_partial(Call& call, Arguments arguments) {
  if (!arguments[1].is_string()) return call.origins.derived(UnknownType::Bool, call.name, arguments, false);
  TextPattern pattern;
  add_wildcards(pattern, arguments[1].as_string());
  return predicate(call, arguments, pattern);
}

std::optional<Value> split_partial(Call& call, Arguments arguments,
                                   const std::vector<std::string_view>& separators) {
  const std::span<const Value> own(&arguments[0], 1);
  std::span<const Value> pieces = text_pieces(call, arguments[0]);
  if (pieces.empty()) pieces = own;
  const bool single = std::all_of(separators.begin(), separators.end(),
                                  [](std::string_view separator) { return separator.size() == 1; });
  if (!single && separators.size() != 1) return std::nullopt;
  std::size_t bytes = 0;
  for (const Value& piece : pieces)
    bytes += piece.size();
  if (bytes > static_cast<std::size_t>(kMaxItems)) return std::nullopt;
  const auto hides = [&](const Value& piece) { return piece.is_unknown() && !holds_none(piece, separators); };
  const auto first = std::find_if(pieces.begin(), pieces.end(), hides);
  if (first == pieces.end()) return doc::make_array(call.arena, split_pieces(call, pieces, separators));

  const auto last = single ? std::find_if(pieces.rbegin(), pieces.rend(), hides).base() : pieces.end();
  std::vector<Value> before = split_pieces(call, std::span(pieces.begin(), first), separators);
  std::vector<Value> behind = split_pieces(call, std::span(last, pieces.end()), separators);
  if (before.size() + behind.size() == 2) return std::nullopt;
  // The element in front of what is open and the one behind it grow together with it.
  std::vector<Value> middle{before.back()};
  middle.insert(middle.end(), first, last);
  middle.push_back(behind.front());
  before.pop_back();
  behind.erase(behind.begin());
  const Value rest[] = {call.origins.partial_text(middle), arguments[1]};
  const Value parts[] = {doc::make_array(call.arena, before), open_result(call, UnknownType::Array, rest),
                         doc::make_array(call.arena, behind)};
  const Value whole = open_result(call, UnknownType::Array, arguments);
  return call.origins.partial_array(parts, call.origins.at(whole.unknown_id()).text);
}

std::optional<Value> replace_partial(Call& call, const Value& text, std::string_view from,
                                     std::string_view to) {
  const std::span<const Value> pieces = text_pieces(call, text);
  if (pieces.empty() || from.empty()) return std::nullopt;
  // One may begin in an open piece and end in the next.
  const auto both_open = [](const Value& left, const Value& right) {
    return left.is_unknown() && right.is_unknown();
  };
  if (from.size() > 1 && std::adjacent_find(pieces.begin(), pieces.end(), both_open) != pieces.end())
    return std::nullopt;
  std::vector<Value> out;
  for (const Value& piece : pieces) {
    if (piece.is_unknown()) {
      const Value each[] = {piece, Value::string(from), Value::string(to)};
      const bool kept = holds_none(piece, {from});
      out.push_back(kept ? piece : open_result(call, UnknownType::String, each));
      continue;
    }
    if (overlaps(piece.as_string(), from)) return std::nullopt;
    const std::string replaced = replace_all(piece.as_string(), from, to);
    if (replaced.size() > kMaxTextBytes) return std::nullopt;
    out.push_back(like_piece(piece, call.arena.copy(std::string_view(replaced))));
  }
  return joined(call, out);
}

std::optional<Value> trim_partial(Call& call, const Value& text) {
  const std::span<const Value> pieces = text_pieces(call, text);
  if (pieces.empty() || !pieces.front().is_string() || !pieces.back().is_string()) return std::nullopt;
  const auto white = [](std::string_view from, std::size_t at) {
    const Utf8Character character = decode_utf8(from, at);
    return character.valid && is_white_space(character.code) ? character.bytes : std::size_t{0};
  };
  const std::string_view head = pieces.front().as_string();
  std::size_t begin = 0;
  for (std::size_t bytes = 1; begin < head.size() && bytes != 0; begin += bytes)
    bytes = white(head, begin);
  const std::string_view tail = pieces.back().as_string();
  std::size_t end = 0;
  for (std::size_t at = 0; at < tail.size(); at += decode_utf8(tail, at).bytes)
    if (white(tail, at) == 0) end = at + decode_utf8(tail, at).bytes;
  if (begin == head.size() || end == 0) return std::nullopt;
  std::vector<Value> out(pieces.begin(), pieces.end());
  out.front() = like_piece(pieces.front(), head.substr(begin));
  out.back() = like_piece(pieces.back(), tail.substr(0, end));
  return call.origins.partial_text(out);
}

std::optional<Value> index_partial(Call& call, const Value& text, const Value& part, bool from_start) {
  const std::optional<OpenText> whole = OpenText::of(text, call.origins, true, Scopes::Open);
  const std::optional<OpenText> wanted = OpenText::of(part, call.origins, true, Scopes::Open);
  if (!whole || !wanted) return std::nullopt;
  if (holds_text(*whole, *wanted) == false) return Value::integer(-1);
  const std::span<const Value> pieces = text_pieces(call, text);
  if (!from_start || pieces.empty() || !pieces.front().is_string() || !part.is_string()) return std::nullopt;
  const std::size_t at = find_ignore_case(pieces.front().as_string(), part.as_string());
  if (at == std::string_view::npos) return std::nullopt;
  return Value::integer(utf16_length(pieces.front().as_string().substr(0, at)));
}

}  // namespace redoubt::arm::detail
