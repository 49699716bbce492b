#include "policy/detail/open_ids.h"

#include <algorithm>

#include "arm/open_text.h"
#include "arm/resource_id.h"
#include "core/text.h"

namespace redoubt::policy::detail {

using doc::Value;

namespace {

constexpr std::string_view kProviders = "/providers/";

/// Takes the last known slash, and what is behind it, off.
bool drop_segment(std::vector<Value>& pieces) {
  const std::size_t behind = behind_last(pieces, "/");
  if (behind == 0) return false;
  pieces.resize(behind);
  const std::string_view text = pieces.back().as_string();
  pieces.back() = Value::string(text.substr(0, text.size() - 1));
  return true;
}

/// Cuts an id behind the first open part but scopes, which may hide segments. One that goes on in its segment
/// (`{a}-{b}`) is anything with what follows: where the segment ends is not known.
void cut_at_open(arm::Origins& origins, std::vector<Value>& pieces) {
  const auto first = std::find_if(pieces.begin(), pieces.end(), [](const Value& piece) {
    return piece.is_unknown() && !arm::only_scopes_open(std::span<const Value>(&piece, 1));
  });
  if (first == pieces.end()) return;
  const auto next = first + 1;
  if (next != pieces.end() && !(next->is_string() && next->as_string().starts_with('/'))) {
    const Value rest[] = {origins.partial_text(std::span(first, pieces.end())), Value::string("/")};
    *first = origins.derived(doc::UnknownType::String, "split", rest);
  }
  pieces.erase(next, pieces.end());
}

/// The id that a child or extension stands below. Where an open part may hide segments only its beginning is
/// known.
Value target_of(arm::Origins& origins, const estate::Resource& resource, std::string_view above_type) {
  std::vector<Value> pieces = origins.read_form(resource.id);
  std::vector<Value> own = pieces;
  const std::size_t provider = behind_last(own, kProviders);
  const std::size_t segments = arm::type_segments(resource.type);
  const bool complete = slashes(std::span(own).subspan(provider)) == 2 * segments;
  const std::size_t above = arm::type_segments(above_type);
  const bool is_child = starts_with_any_case(resource.type, std::string(above_type) + "/");
  if (!is_child) {
    own.resize(provider);
    if (own.empty()) return origins.partial_text(pieces);
    const std::string_view scope = own.back().as_string();
    own.back() = Value::string(scope.substr(0, scope.size() - kProviders.size()));
    return origins.partial_text(own);
  }
  if (complete) {
    mark_segments(std::span(own).subspan(provider));
    for (std::size_t i = 0; i < 2 * (segments - above); ++i)
      if (!drop_segment(own)) break;
    return origins.partial_text(own);
  }
  cut_at_open(origins, pieces);
  return origins.partial_text(pieces);
}

void add_open_parts(const arm::Origins& origins, const Value& id, std::vector<std::string>& out) {
  if (!id.is_unknown()) return;
  std::span<const Value> pieces = origins.pieces(id);
  if (pieces.empty()) pieces = std::span<const Value>(&id, 1);
  for (const Value& piece : pieces)
    if (piece.is_unknown() && !arm::only_scopes_open(std::span<const Value>(&piece, 1)))
      if (const std::string& text = origins.at(piece.unknown_id()).text;
          std::find(out.begin(), out.end(), text) == out.end())
        out.push_back(text);
}

}  // namespace

std::size_t slashes(std::span<const Value> pieces) {
  std::size_t count = 0;
  for (const Value& piece : pieces)
    if (piece.is_string())
      count += static_cast<std::size_t>(std::count(piece.as_string().begin(), piece.as_string().end(), '/'));
  return count;
}

void mark_segments(std::span<Value> pieces) {
  for (Value& piece : pieces)
    if (piece.is_unknown()) piece = piece.as_segment();
}

bool is_whole_name(std::span<const Value> pieces, std::string_view type) {
  return slashes(pieces) + 1 == arm::type_segments(type);
}

std::size_t behind_last(std::vector<Value>& pieces, std::string_view mark) {
  for (std::size_t i = pieces.size(); i-- > 0;) {
    if (!pieces[i].is_string()) continue;
    const std::string_view text = pieces[i].as_string();
    const std::size_t at = lower(text).rfind(mark);
    if (at == std::string::npos) continue;
    pieces[i] = Value::string(text.substr(0, at + mark.size()));
    pieces.insert(pieces.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                  Value::string(text.substr(at + mark.size())));
    return i + 1;
  }
  return 0;
}

Value text_of_pieces(arm::Origins& origins, std::span<const Value> pieces) {
  if (pieces.empty()) return Value::string("");
  return pieces.size() == 1 && pieces[0].is_string() ? pieces[0] : origins.partial_text(pieces);
}

Value id_value(arm::Origins& origins, const estate::Resource& resource) {
  if (!arm::is_open_text(resource.id)) return Value::string(resource.id);
  std::vector<Value> pieces = origins.read_form(resource.id);
  if (arm::only_scopes_open(pieces)) return Value::string(resource.id);
  const std::size_t provider = behind_last(pieces, kProviders);
  const std::span<Value> own = std::span(pieces).subspan(provider);
  // Names of the resource itself: as many as its type has segments, behind the namespace.
  if (provider > 0 && slashes(own) == 2 * arm::type_segments(resource.type)) mark_segments(own);
  return origins.partial_text(pieces);
}

Truth lies_below(arm::Origins& origins, const estate::Resource& resource, const estate::Resource& above,
                 std::vector<std::string>& open) {
  const Value target = target_of(origins, resource, above.type);
  const Value wanted = id_value(origins, above);
  const auto left = arm::OpenText::of(target, origins, true, arm::Scopes::Text);
  const auto right = arm::OpenText::of(wanted, origins, true, arm::Scopes::Text);
  const std::optional<bool> same = left && right ? arm::same_text(*left, *right) : std::nullopt;
  if (same) return truth_of(*same);
  add_open_parts(origins, target, open);
  add_open_parts(origins, wanted, open);
  return Truth::Unknown;
}

}  // namespace redoubt::policy::detail
