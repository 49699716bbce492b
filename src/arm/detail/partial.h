#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "arm/detail/arguments.h"

namespace redoubt::arm::detail {

// What functions give of text and arrays known in part (Origins::pieces). Nothing where what is known does
// not tell; the function's result is then open as a whole. An open piece may be empty and may hold any text,
// a separator too, except a name (Value::is_segment), which holds no slash.

/// split(): the elements before and behind what is open; all of them where no open piece can hold a
/// separator.
std::optional<doc::Value> split_partial(Call& call, Arguments arguments,
                                        const std::vector<std::string_view>& separators);

/// replace(), where no occurrence can begin in a known piece and end in an open one, or the other way.
std::optional<doc::Value> replace_partial(Call& call, const doc::Value& text, std::string_view from,
                                          std::string_view to);

/// trim() of a text whose ends are known.
std::optional<doc::Value> trim_partial(Call& call, const doc::Value& text);

/// substring(), take() and skip() inside the known beginning: UTF-16 units of text, elements of an array.
/// Without a count up to the end.
std::optional<doc::Value> slice_partial(Call& call, const doc::Value& whole, std::int64_t start,
                                        std::optional<std::int64_t> count);

/// first() and last(): a character or element at an end that is known.
std::optional<doc::Value> end_partial(Call& call, const doc::Value& whole, bool at_start);

/// An element of the known beginning, or, counted from 1, of the known end.
std::optional<doc::Value> element_partial(const Origins& origins, const doc::Value& array,
                                          std::int64_t index);
std::optional<doc::Value> element_from_end_partial(const Origins& origins, const doc::Value& array,
                                                   std::int64_t index);

/// indexOf() in text: a place in the known beginning, or -1 where it surely is nowhere.
std::optional<doc::Value> index_partial(Call& call, const doc::Value& text, const doc::Value& part,
                                        bool from_start);

/// startsWith(), endsWith() and like() of open text: decided, or the function's own unknown.
doc::Value end_predicate_partial(Call& call, Arguments arguments, bool at_start);
doc::Value like_partial(Call& call, Arguments arguments);

/// Arrays one behind the other, of which at least one is open.
doc::Value concat_partial(Call& call, Arguments arrays);
/// The distinct elements of arrays of which at least one is open. Where the others end up is not known.
doc::Value union_partial(Call& call, Arguments arrays);

/// Whether an array known in part surely holds the value; nothing when it hangs on what is open.
std::optional<bool> holds_partial(const Origins& origins, const doc::Value& array, const doc::Value& wanted);

}  // namespace redoubt::arm::detail
