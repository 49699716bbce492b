#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/append_only.h"
#include "core/arena.h"
#include "doc/value.h"

namespace redoubt::arm {

/// Where an unknown value comes from.
struct Origin {
  std::string
      text;  ///< for people: `parameters.prefix`, `reference(/subscriptions/...).primaryEndpoints.blob`
  std::string form;  ///< the value as text with what is open in braces: `{parameters.prefix}-kv`
  std::string of;    ///< what `text` ends with when it is a property of something: ` of resource group rg-ai`
  bool secret = false;
  /// For text known in part: known strings and unknowns in order, joined they are the value. For an array
  /// known in part: known arrays and unknown ones in order. Else empty.
  std::vector<doc::Value> pieces;
  std::uint64_t but_for_case = 0;  ///< the unknown that toLower() or toUpper() made this of, else 0
};

/// The table of origins of one run: every unknown doc::Value holds an id of it.
///
/// Origins are interned by key, so that the same open thing asked for twice gives the same id and the two
/// values are equal. Ids start at 1. Safe to use from several threads; references stay valid.
class Origins {
 public:
  Origins();

  /// The unknown named by `text`: the key is the text itself, the form is `{text}`.
  doc::Value unknown(doc::UnknownType type, std::string_view text, bool secret = false,
                     bool not_null = false);

  /// The unknown property `name` of something that is named by `of` and told apart by `id`: `tags of resource
  /// group rg-ai`, and its part `tags.env of resource group rg-ai`.
  doc::Value property(doc::UnknownType type, std::string_view name, std::string_view of, std::string_view id,
                      bool not_null = false);

  /// The text that the pieces (known strings and unknowns) give when joined. The key is exact: however the
  /// same pieces were joined, the same unknown comes out. Secret pieces show as `$secret` in the form, which
  /// is cut at 2 KiB. Linear in the pieces; one that is itself partial is taken apart while the whole has at
  /// most 64 pieces. Open scopes in known strings (`{subscription}`) are pieces of their own, so that an id
  /// is the same however it was put together. `text` is for people; empty: the form.
  doc::Value partial_text(std::span<const doc::Value> pieces, std::string_view text = {});

  /// The inverse of text_form(): a text with what is open in braces, as ids and names are kept. A part in
  /// braces is the unknown that has this form, else one of its own.
  std::vector<doc::Value> read_form(std::string_view form);

  /// The array that the pieces (known arrays and unknown ones) give when put one behind the other: what is
  /// known of it stays visible, up to 20,000 nodes. `text` is for people. Of one unknown piece, that piece.
  doc::Value partial_array(std::span<const doc::Value> pieces, std::string_view text);

  /// The pieces of a partial text or array; empty for every other unknown.
  std::span<const doc::Value> pieces(const doc::Value& unknown) const;

  /// The unknown that a function gives of arguments of which at least one is open. Equal arguments give
  /// equal unknowns. Of a known type it is not null: only what picks one of several values, as if() does, may
  /// give a null of a known type. Secret when an argument is, or holds a secret, and `keeps_secret`.
  /// The origin's text shows the call (`base64(parameters.x)`), cut at about 300 bytes, secrets as `$secret`.
  /// The key names unknown arguments by id and large known ones by a digest, so that it stays exact and
  /// does not grow with nesting.
  doc::Value derived(doc::UnknownType type, std::string_view function, std::span<const doc::Value> arguments,
                     bool keeps_secret = true, bool may_be_null = false);

  /// A part of an unknown: `.name` or `[index]`.
  doc::Value part(const doc::Value& whole, std::string_view accessor,
                  doc::UnknownType type = doc::UnknownType::Any);

  const Origin& at(std::uint64_t id) const;

 private:
  std::uint64_t intern(std::string key, Origin origin);
  /// The same for one that is open as a whole; it can be found by its form.
  doc::Value intern_open(std::string key, Origin origin, doc::UnknownType type, bool not_null);
  std::vector<doc::Value> flatten(std::span<const doc::Value> pieces, bool arrays) const;
  doc::Value open_part(std::string_view form);

  mutable std::mutex mutex_;
  AppendOnly<Origin> origins_;                            // appended to under mutex_
  std::unordered_map<std::string, std::uint64_t> index_;  // guarded by mutex_
  std::unordered_map<std::string, doc::Value> by_form_;   // guarded by mutex_; the first of each form
  Arena arena_;                                           // guarded by mutex_; what pieces hold
};

/// Whether nothing but scopes (`{subscription}`) is open in the pieces of an id; those are compared as text.
bool only_scopes_open(std::span<const doc::Value> pieces);

/// Text of a value for names, ids and messages: known strings as they are, open parts in braces, secrets as
/// `$secret`, numbers and booleans as string() gives them, containers as JSON, null as nothing.
std::string text_form(const doc::Value& value, const Origins& origins);

/// The contract's JSON form of values: unknowns as {"$unknown":{"type","origin","secret"}}, secrets as
/// "$secret".
std::string to_json(const doc::Value& value, const Origins& origins, bool indent = false);

/// The same for people, no JSON: unknowns as `(tags.env of resource group rg-ai, not known here)`.
std::string to_words(const doc::Value& value, const Origins& origins);

}  // namespace redoubt::arm
