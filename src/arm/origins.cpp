#include "arm/origins.h"

#include <algorithm>
#include <deque>

#include "arm/detail/open_forms.h"
#include "arm/detail/value_key.h"
#include "arm/function.h"
#include "arm/unknown_json.h"
#include "core/result.h"
#include "core/text.h"
#include "core/utf8.h"
#include "doc/json.h"

namespace redoubt::arm {
namespace {

using detail::append_key;
using detail::open_part_size;
using detail::scope_parts;
using detail::ScopePart;
using detail::split_scopes;
using doc::UnknownType;
using doc::Value;

constexpr std::size_t kMaxText = 300;
constexpr std::size_t kMaxPartText = 1'000;
constexpr std::size_t kMaxForm = 2'048;
constexpr std::size_t kMaxPieces = 64;
constexpr std::uint64_t kMaxKnownNodes = 20'000;               // of an array known in part
constexpr std::size_t kMaxKeptBytes = std::size_t{256} << 20;  // of all pieces
constexpr std::string_view kEllipsis = "\xe2\x80\xa6";
constexpr std::string_view kSecret = "$secret";

/// At most `limit` bytes and an ellipsis; never cuts a character.
std::string cut(std::string text, std::size_t limit) {
  if (text.size() <= limit) return text;
  text.resize(first_bytes(text, limit).size());
  return text.append(kEllipsis);
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

Origins::Origins() {
  for (const ScopePart& part : scope_parts()) {
    Origin origin;
    origin.text = part.origin;
    origin.form = part.form;
    const std::uint64_t id = intern("scope:" + std::string(part.form), std::move(origin));
    RD_CHECK(id == part.id);
    by_form_.emplace(part.form, part.value());
  }
}

Value Origins::unknown(UnknownType type, std::string_view text, bool secret, bool not_null) {
  Origin origin;
  origin.text = text;
  origin.form = "{" + origin.text + "}";
  origin.secret = secret;
  return marked(intern_open("unknown:" + std::string(text), std::move(origin), type, not_null), secret);
}

Value Origins::property(UnknownType type, std::string_view name, std::string_view of, std::string_view id,
                        bool not_null) {
  Origin origin;
  origin.of = " of " + std::string(of);
  origin.text = std::string(name) + origin.of;
  origin.form = "{" + origin.text + "}";
  return intern_open("property:" + lower(id) + ":" + std::string(name), std::move(origin), type, not_null);
}

std::vector<Value> Origins::flatten(std::span<const Value> pieces, bool arrays) const {
  std::vector<Value> flat;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Value& piece = pieces[i];
    const std::span<const Value> inner = this->pieces(piece);
    const std::size_t left = pieces.size() - i;
    const bool fits = (piece.is_unknown() && piece.unknown_type() == UnknownType::Array) == arrays;
    if (inner.empty() || !fits || flat.size() + inner.size() + left > kMaxPieces) {
      if (!arrays && piece.is_string() && flat.size() + left < kMaxPieces)
        split_scopes(piece, flat);
      else
        flat.push_back(piece);
      continue;
    }
    for (const Value& part : inner)
      flat.push_back(piece.secret() ? part.as_secret() : part);
  }
  return flat;
}

Value Origins::partial_text(std::span<const Value> pieces, std::string_view text) {
  std::vector<Value> joined;
  std::deque<std::string> texts;  // of neighbours put together; stays until the pieces are interned
  for (const Value& piece : flatten(pieces, false)) {
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
  if (joined.size() == 1 && joined[0].is_unknown() && joined[0].unknown_type() == UnknownType::String) {
    const Value whole = marked(Value::unknown(UnknownType::String, joined[0].unknown_id(), true), secret);
    return joined[0].is_segment() ? whole.as_segment() : whole;
  }
  std::string key = "text:";
  Origin origin;
  for (const Value& piece : joined) {
    append_key(key, piece);
    if (piece.is_unknown() && piece.is_segment()) key += '/';
    if (piece.is_unknown() || origin.form.size() <= kMaxForm) origin.form += text_form(piece, *this);
    origin.form = cut(std::move(origin.form), kMaxForm);
  }
  origin.text = cut(text.empty() ? origin.form : std::string(text), kMaxText);
  origin.secret = secret;
  origin.pieces = std::move(joined);
  return marked(Value::unknown(UnknownType::String, intern(std::move(key), std::move(origin)), true), secret);
}

Value Origins::partial_array(std::span<const Value> pieces, std::string_view text) {
  std::vector<Value> joined;
  std::deque<std::vector<Value>> runs;  // of neighbours put together; stays until the pieces are interned
  for (const Value& piece : flatten(pieces, true)) {
    if (piece.is_array() && piece.size() == 0) continue;
    if (!joined.empty() && piece.is_array() && joined.back().is_array() &&
        piece.secret() == joined.back().secret()) {
      std::vector<Value>& run = runs.emplace_back(joined.back().items().begin(), joined.back().items().end());
      run.insert(run.end(), piece.items().begin(), piece.items().end());
      joined.back() = marked(Value::array(run), piece.secret());
    } else {
      joined.push_back(piece);
    }
  }
  if (joined.size() == 1 && joined[0].is_unknown() && joined[0].unknown_type() == UnknownType::Array)
    return joined[0];
  std::string key = "array:";
  std::uint64_t nodes = 0;
  bool secret = false;
  for (const Value& piece : joined) {
    append_key(key, piece);
    nodes += doc::inspect(piece, kMaxKnownNodes).nodes;
    secret = secret || piece.secret();
  }
  Origin origin;
  origin.text = cut(std::string(text), kMaxText);
  origin.form = "{" + origin.text + "}";
  origin.secret = secret_of(joined);
  if (nodes <= kMaxKnownNodes) origin.pieces = std::move(joined);
  // What is known keeps marks of its own; the whole is secret where a piece is.
  return marked(Value::unknown(UnknownType::Array, intern(std::move(key), std::move(origin)), true), secret);
}

std::span<const Value> Origins::pieces(const Value& unknown) const {
  if (!unknown.is_unknown()) return {};
  return at(unknown.unknown_id()).pieces;
}

Value Origins::derived(UnknownType type, std::string_view function, std::span<const Value> arguments,
                       bool keeps_secret, bool may_be_null) {
  std::string key = "call:" + lower(function) + "(";
  std::string text = std::string(function) + "(";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    append_key(key, arguments[i]);
    if (text.size() > kMaxText) continue;
    if (i != 0) text += ", ";
    append_shown(text, arguments[i], *this);
  }
  const bool secret = keeps_secret && secret_of(arguments);
  Origin origin;
  origin.text = cut(std::move(text) + ")", kMaxText);
  origin.form = "{" + origin.text + "}";
  origin.secret = secret;
  if (arguments.size() == 1 && arguments[0].is_unknown() &&
      (equal_any_case(function, "toLower") || equal_any_case(function, "toUpper"))) {
    const std::uint64_t of = at(arguments[0].unknown_id()).but_for_case;
    origin.but_for_case = of == 0 ? arguments[0].unknown_id() : of;
  }
  const bool not_null = type != UnknownType::Any && !may_be_null;
  return marked(intern_open(std::move(key), std::move(origin), type, not_null), secret);
}

Value Origins::part(const Value& whole, std::string_view accessor, UnknownType type) {
  const Origin& from = at(whole.unknown_id());
  const bool secret = whole.secret() || from.secret;
  const std::string_view property = std::string_view(from.text).substr(0, from.text.size() - from.of.size());
  Origin origin;
  origin.text = cut(std::string(property).append(accessor), kMaxPartText) + from.of;
  origin.form = "{" + origin.text + "}";
  origin.of = from.of;
  origin.secret = secret;
  std::string key = "part:" + std::to_string(whole.unknown_id()) + lower(accessor);
  return marked(intern_open(std::move(key), std::move(origin), type, false), secret);
}

const Origin& Origins::at(std::uint64_t id) const {
  RD_CHECK(id >= 1);
  return origins_.at(id - 1);
}

std::uint64_t Origins::intern(std::string key, Origin origin) {
  const std::lock_guard lock(mutex_);
  const auto [row, is_new] = index_.try_emplace(std::move(key), origins_.size() + 1);
  if (!is_new) return row->second;
  if (arena_.bytes() > kMaxKeptBytes) origin.pieces.clear();
  for (Value& piece : origin.pieces)
    piece = doc::deep_copy(piece, arena_);
  origins_.append(std::move(origin));
  return row->second;
}

Value Origins::intern_open(std::string key, Origin origin, UnknownType type, bool not_null) {
  std::string form = origin.form;
  const bool of_another = !origin.of.empty();
  const Value value = Value::unknown(type, intern(std::move(key), std::move(origin)), not_null);
  // What is cut, hides a secret or names only the end of an id does not tell what it stands for.
  if (of_another) return value;
  if (form.find(kEllipsis) != std::string::npos || form.find(kSecret) != std::string::npos) return value;
  const std::lock_guard lock(mutex_);
  by_form_.try_emplace(std::move(form), value);
  return value;
}

Value Origins::open_part(std::string_view form) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = by_form_.find(std::string(form)); found != by_form_.end()) return found->second;
  }
  return unknown(UnknownType::String, form.substr(1, form.size() - 2), false, true);
}

std::vector<Value> Origins::read_form(std::string_view form) {
  std::vector<Value> pieces;
  std::size_t at = 0;
  for (std::size_t open = form.find('{'); open != std::string_view::npos; open = form.find('{', at)) {
    if (open > at) pieces.push_back(Value::string(form.substr(at, open - at)));
    const std::size_t size = open_part_size(form.substr(open));
    pieces.push_back(open_part(form.substr(open, size)));
    at = open + size;
  }
  if (at < form.size()) pieces.push_back(Value::string(form.substr(at)));
  return pieces;
}

bool only_scopes_open(std::span<const Value> pieces) {
  return std::all_of(pieces.begin(), pieces.end(), [](const Value& piece) {
    return !piece.is_unknown() || detail::find_scope_part(piece.unknown_id()) != nullptr;
  });
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
