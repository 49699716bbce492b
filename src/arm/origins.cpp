#include "arm/origins.h"

#include <algorithm>
#include <deque>

#include "arm/function.h"
#include "arm/unknown_json.h"
#include "core/hash.h"
#include "core/result.h"
#include "core/text.h"
#include "core/utf8.h"
#include "doc/json.h"

namespace redoubt::arm {
namespace {

using doc::Kind;
using doc::UnknownType;
using doc::Value;

constexpr std::size_t kMaxText = 300;
constexpr std::size_t kMaxPartText = 1'000;
constexpr std::size_t kMaxForm = 2'048;
constexpr std::size_t kMaxPieces = 64;
constexpr std::size_t kLongestPlainKey = 64;
constexpr std::string_view kEllipsis = "\xe2\x80\xa6";
constexpr std::string_view kSecret = "$secret";

/// At most `limit` bytes and an ellipsis; never cuts a character.
std::string cut(std::string text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  text.resize(end);
  return text.append(kEllipsis);
}

void append_text_key(std::string& key, std::string_view text) {
  if (text.size() > kLongestPlainKey) {
    key.append("h").append(sha256_hex(text).substr(0, 32));
    return;
  }
  key.append("s").append(std::to_string(text.size())).append(":").append(text);
}

void append_key(std::string& key, const Value& value);

std::string container_key(const Value& value) {
  std::string key;
  if (value.is_array()) {
    key += '[';
    for (const Value& item : value.items())
      append_key(key, item);
    return key += ']';
  }
  std::vector<const doc::Member*> members;
  for (const doc::Member& member : value.members())
    members.push_back(&member);
  std::sort(members.begin(), members.end(),
            [](const doc::Member* left, const doc::Member* right) { return left->name < right->name; });
  key += '{';
  for (const doc::Member* member : members) {
    append_text_key(key, member->name);
    append_key(key, member->value);
  }
  return key += '}';
}

/// Equal values, and only those, give equal keys; what is long is replaced by its digest.
void append_key(std::string& key, const Value& value) {
  switch (value.kind()) {
    case Kind::Null:
      key += 'n';
      return;
    case Kind::Bool:
      key += value.as_bool() ? 't' : 'f';
      return;
    case Kind::Int:
      key.append("i").append(std::to_string(value.as_int())).append(";");
      return;
    case Kind::Real: {
      const double real = value.as_real();
      key.append("r").append(reinterpret_cast<const char*>(&real), sizeof real);
      return;
    }
    case Kind::String:
      append_text_key(key, value.as_string());
      return;
    case Kind::Unknown:
      key.append("#").append(std::to_string(value.unknown_id())).append(";");
      return;
    case Kind::Array:
    case Kind::Object: {
      const std::string whole = container_key(value);
      if (whole.size() > kLongestPlainKey)
        key.append("H").append(sha256_hex(whole).substr(0, 32));
      else
        key += whole;
      return;
    }
  }
}

void append_shown(std::string& out, const Value& value, const Origins& origins);

void append_quoted(std::string& out, std::string_view text) {
  out.append("'")
      .append(replace_all(cut(std::string(text.substr(0, kMaxText)), kMaxText), "'", "''"))
      .append("'");
}

void append_shown_container(std::string& out, const Value& value, const Origins& origins) {
  const bool is_array = value.is_array();
  out += is_array ? '[' : '{';
  for (std::size_t i = 0; i < value.size() && out.size() <= kMaxText; ++i) {
    if (i != 0) out += ", ";
    if (!is_array) {
      append_quoted(out, value.members()[i].name);
      out += ": ";
    }
    append_shown(out, is_array ? value.items()[i] : value.members()[i].value, origins);
  }
  out += is_array ? ']' : '}';
}

/// A value as it would stand in an expression; stops soon after kMaxText bytes.
void append_shown(std::string& out, const Value& value, const Origins& origins) {
  if (out.size() > kMaxText) return;
  if (value.is_unknown())
    out += origins.at(value.unknown_id()).text;
  else if (value.secret())
    out += kSecret;
  else if (value.is_string())
    append_quoted(out, value.as_string());
  else if (value.is_container())
    append_shown_container(out, value, origins);
  else
    out += doc::to_json(value);
}

bool secret_of(std::span<const Value> values) {
  return std::any_of(values.begin(), values.end(), doc::contains_secret);
}

Value marked(Value value, bool secret) { return secret ? value.as_secret() : value; }

}  // namespace

Value Origins::unknown(UnknownType type, std::string_view text, bool secret, bool not_null) {
  Origin origin{.text = std::string(text),
                .form = "{" + std::string(text) + "}",
                .of = {},
                .secret = secret,
                .pieces = {}};
  const std::uint64_t id = intern("unknown:" + std::string(text), std::move(origin));
  return marked(Value::unknown(type, id, not_null), secret);
}

Value Origins::property(UnknownType type, std::string_view name, std::string_view of, std::string_view id,
                        bool not_null) {
  const std::string behind = " of " + std::string(of);
  const std::string text = std::string(name) + behind;
  Origin origin{.text = text, .form = "{" + text + "}", .of = behind, .secret = false, .pieces = {}};
  std::string key = "property:" + lower(id) + ":" + std::string(name);
  return Value::unknown(type, intern(std::move(key), std::move(origin)), not_null);
}

Value Origins::partial_text(std::string_view text, std::string_view form, bool secret) {
  Origin origin{
      .text = std::string(text), .form = std::string(form), .of = {}, .secret = secret, .pieces = {}};
  const std::uint64_t id = intern("form:" + std::string(form), std::move(origin));
  return marked(Value::unknown(UnknownType::String, id, true), secret);
}

std::vector<Value> Origins::flatten(std::span<const Value> pieces) const {
  std::vector<Value> flat;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Value& piece = pieces[i];
    const std::span<const Value> inner = this->pieces(piece);
    const std::size_t left = pieces.size() - i;
    if (inner.empty() || flat.size() + inner.size() + left > kMaxPieces) {
      flat.push_back(piece);
      continue;
    }
    for (const Value& part : inner)
      flat.push_back(piece.secret() ? part.as_secret() : part);
  }
  return flat;
}

Value Origins::partial_text(std::span<const Value> pieces) {
  std::vector<Value> joined;
  std::deque<std::string> texts;  // of neighbours put together; stays until the pieces are interned
  for (const Value& piece : flatten(pieces)) {
    if (piece.is_string() && piece.size() == 0) continue;
    if (!joined.empty() && piece.is_string() && joined.back().is_string() &&
        piece.secret() == joined.back().secret()) {
      texts.push_back(std::string(joined.back().as_string()).append(piece.as_string()));
      joined.back() = marked(Value::string(texts.back()), piece.secret());
    } else {
      joined.push_back(piece);
    }
  }
  const bool secret = secret_of(joined);
  if (joined.size() == 1 && joined[0].is_unknown() && joined[0].unknown_type() == UnknownType::String)
    return marked(Value::unknown(UnknownType::String, joined[0].unknown_id(), true), secret);
  std::string key = "text:";
  std::string form;
  for (const Value& piece : joined) {
    append_key(key, piece);
    if (piece.is_unknown() || form.size() <= kMaxForm) form += text_form(piece, *this);
    form = cut(std::move(form), kMaxForm);
  }
  Origin origin{
      .text = cut(form, kMaxText), .form = form, .of = {}, .secret = secret, .pieces = std::move(joined)};
  return marked(Value::unknown(UnknownType::String, intern(std::move(key), std::move(origin)), true), secret);
}

std::span<const Value> Origins::pieces(const Value& unknown) const {
  if (!unknown.is_unknown()) return {};
  return at(unknown.unknown_id()).pieces;
}

Value Origins::derived(UnknownType type, std::string_view function, std::span<const Value> arguments,
                       bool keeps_secret) {
  std::string key = "call:" + lower(function) + "(";
  std::string text = std::string(function) + "(";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    append_key(key, arguments[i]);
    if (text.size() > kMaxText) continue;
    if (i != 0) text += ", ";
    append_shown(text, arguments[i], *this);
  }
  const bool secret = keeps_secret && secret_of(arguments);
  text = cut(std::move(text) + ")", kMaxText);
  std::string form = "{" + text + "}";
  Origin origin{.text = std::move(text), .form = std::move(form), .of = {}, .secret = secret, .pieces = {}};
  return marked(Value::unknown(type, intern(std::move(key), std::move(origin))), secret);
}

Value Origins::part(const Value& whole, std::string_view accessor, UnknownType type) {
  const Origin& from = at(whole.unknown_id());
  const bool secret = whole.secret() || from.secret;
  const std::string_view property = std::string_view(from.text).substr(0, from.text.size() - from.of.size());
  std::string text = cut(std::string(property).append(accessor), kMaxPartText) + from.of;
  std::string form = "{" + text + "}";
  Origin origin{
      .text = std::move(text), .form = std::move(form), .of = from.of, .secret = secret, .pieces = {}};
  std::string key = "part:" + std::to_string(whole.unknown_id()) + lower(accessor);
  return marked(Value::unknown(type, intern(std::move(key), std::move(origin))), secret);
}

const Origin& Origins::at(std::uint64_t id) const {
  RD_CHECK(id >= 1);
  return origins_.at(id - 1);
}

std::uint64_t Origins::intern(std::string key, Origin origin) {
  const std::lock_guard lock(mutex_);
  const auto [row, is_new] = index_.try_emplace(std::move(key), origins_.size() + 1);
  if (!is_new) return row->second;
  for (Value& piece : origin.pieces)
    if (piece.is_string()) piece = marked(doc::make_string(arena_, piece.as_string()), piece.secret());
  origins_.append(std::move(origin));
  return row->second;
}

std::string text_form(const Value& value, const Origins& origins) {
  if (value.is_unknown()) return origins.at(value.unknown_id()).form;
  if (value.secret()) return std::string(kSecret);
  if (value.is_container()) return to_json(value, origins);
  return dotnet_text(value);
}

std::string to_json(const Value& value, const Origins& origins, bool indent) {
  doc::JsonWriter writer(indent);
  write_value(writer, value, origins);
  return writer.take();
}

std::string to_words(const Value& value, const Origins& origins) {
  doc::JsonWriter writer;
  writer.value(value, [&](doc::JsonWriter& out, const Value& unknown) {
    out.raw("(" + origins.at(unknown.unknown_id()).text + ", not known here)");
  });
  return writer.take();
}

}  // namespace redoubt::arm
