#include <list>

#include "core/utf8.h"
#include "kql/detail/evaluation.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

/// `\1` is a group, `\0` the match, `\\` a backslash.
void append_rewritten(std::string& out, std::string_view rewrite, const Pattern::Groups& groups) {
  for (std::size_t i = 0; i < rewrite.size(); ++i) {
    const char next = rewrite[i] == '\\' && i + 1 < rewrite.size() ? rewrite[i + 1] : '\0';
    if (next >= '0' && next <= '9') {
      const auto group = static_cast<std::size_t>(next - '0');
      if (group < groups.size() && groups[group]) out += *groups[group];
      ++i;
    } else {
      if (next == '\\') ++i;
      out += rewrite[i];
    }
  }
}

Result<Value> replaced(const Call& call, std::string_view text, std::string_view regex,
                       std::string_view rewrite) {
  std::optional<Pattern> own;
  const Pattern* const pattern = RD_TRY(pattern_of(call.context, regex, own));
  std::string out;
  Pattern::Groups groups;
  std::size_t at = 0;
  while (at <= text.size() && pattern->find(text, at, groups)) {
    const auto begin = static_cast<std::size_t>(groups[0]->data() - text.data());
    out += text.substr(at, begin - at);
    append_rewritten(out, rewrite, groups);
    at = begin + groups[0]->size();
    if (groups[0]->empty()) {
      const std::size_t bytes = at < text.size() ? decode_utf8(text, at).bytes : 1;
      out += text.substr(std::min(at, text.size()), bytes);
      at += bytes;
    }
    if (out.size() > call.context.limits.max_bytes) return too_large(call);
  }
  if (at < text.size()) out += text.substr(at);
  return text_result(call, std::move(out));
}

Result<Value> replace_regex(const Call& call) {
  return replaced(call, call.text(0), call.text(1), call.text(2));
}
/// The old spelling: replace(regex, rewrite, source).
Result<Value> replace(const Call& call) { return replaced(call, call.text(2), call.text(0), call.text(1)); }

/// A piece of the text; what was put in is not looked at again.
struct Piece {
  std::string text;
  bool put_in = false;
};

Result<Value> replace_pieces(const Call& call, std::list<Piece>& pieces, std::string_view from,
                             std::string_view to, std::size_t& bytes) {
  for (auto piece = pieces.begin(); piece != pieces.end(); ++piece) {
    if (piece->put_in) continue;
    for (;;) {
      const std::size_t at = piece->text.find(from);
      if (at == std::string::npos) break;
      std::string rest = piece->text.substr(at + from.size());
      if (at > 0) pieces.insert(piece, {piece->text.substr(0, at), false});
      pieces.insert(piece, {std::string(to), true});
      bytes += to.size();
      if (bytes > call.context.limits.max_bytes) return too_large(call);
      piece->text = std::move(rest);
    }
  }
  return Value();
}

/// The elements of an array, nothing for those that are no texts.
std::vector<std::optional<std::string>> texts_of(const Value& list) {
  std::vector<std::optional<std::string>> out;
  const Value array = convert(list, Type::Dynamic);
  for (const std::string_view element : json_elements(array.is_null() ? std::string_view() : array.json())) {
    if (json_kind(element) == JsonKind::String)
      out.emplace_back(json_string(element));
    else
      out.emplace_back();
  }
  return out;
}

/// One lookup after the other; what one has put in, the next does not see. As the engine has it, a lookup
/// that is no text finds nothing, and a rewrite that is none leaves what was found.
Result<Value> replace_strings(const Call& call) {
  const auto from = texts_of(call[1]);
  const auto to = texts_of(call[2]);
  if (from.size() != to.size()) return refused(call, "lists of different sizes");
  std::list<Piece> pieces{{call.text(0), false}};
  std::size_t bytes = pieces.front().text.size();
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (!from[i] || from[i]->empty()) continue;
    RD_TRY(replace_pieces(call, pieces, *from[i], to[i] ? *to[i] : *from[i], bytes));
  }
  std::string out;
  for (const Piece& piece : pieces)
    out += piece.text;
  return text_result(call, std::move(out));
}

Result<Value> replace_string(const Call& call) {
  const std::string text = call.text(0);
  const std::string from = call.text(1);
  const std::string to = call.text(2);
  if (from.empty()) return Value::of_string(text);
  std::string out;
  std::size_t at = 0;
  for (std::size_t hit = text.find(from); hit != std::string::npos; hit = text.find(from, at)) {
    out.append(text, at, hit - at).append(to);
    at = hit + from.size();
    if (out.size() > call.context.limits.max_bytes) return too_large(call);
  }
  return text_result(call, out.append(text, at));
}

constexpr EvaluationRow kRows[] = {{"replace", replace, 3, 3},
                                   {"replace_regex", replace_regex, 3, 3},
                                   {"replace_string", replace_string, 3, 3},
                                   {"replace_strings", replace_strings, 3, 3}};

}  // namespace

EvaluationRows replacing_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
