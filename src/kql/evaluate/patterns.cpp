#include <algorithm>

#include "core/utf8.h"
#include "kql/detail/evaluation.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

std::string_view part(const std::optional<std::string_view>& group) {
  return group.value_or(std::string_view());
}

/// Where to look on behind a match; an empty one must not be found again.
std::size_t behind(std::string_view text, std::string_view match) {
  const auto end = static_cast<std::size_t>(match.data() + match.size() - text.data());
  if (!match.empty() || end >= text.size()) return match.empty() ? text.size() + 1 : end;
  return end + decode_utf8(text, end).bytes;
}

/// extract(regex, group, source [, typeof])
Result<Value> extract(const Call& call) {
  const Type type = call.size() > 3 ? call[3].type() : Type::String;
  std::optional<Pattern> own;
  const std::string regex = call.text(0);
  const Pattern* const pattern = RD_TRY(pattern_of(call.context, regex, own));
  const std::string text = call.text(2);
  const std::int64_t group = call.whole(1).value_or(-1);
  Pattern::Groups groups;
  if (group < 0 || group > static_cast<std::int64_t>(pattern->group_count()) ||
      !pattern->find(text, 0, groups))
    return Value::null(type);
  return convert(Value::of_string(std::string(part(groups[static_cast<std::size_t>(group)]))), type);
}

/// The groups that a dynamic array names by number or name; all when it is missing.
Result<std::vector<std::size_t>> wanted_groups(const Call& call, const Pattern& pattern) {
  std::vector<std::size_t> out;
  if (call.size() == 2) {
    for (std::size_t i = 1; i <= pattern.group_count(); ++i)
      out.push_back(i);
    return out;
  }
  const Value list = convert(call[1], Type::Dynamic);
  for (const std::string_view element : json_elements(list.is_null() ? std::string_view() : list.json())) {
    const Value value = unwrap(Value::of_dynamic(std::string(element)));
    const std::optional<std::size_t> group =
        value.is(Type::String) ? pattern.group_named(value.as_string())
                               : std::optional(static_cast<std::size_t>(whole_of(value).value_or(-1)));
    if (!group || *group > pattern.group_count()) return refused(call, element);
    out.push_back(*group);
  }
  return out;
}

/// extract_all(regex, [groups,] source): one group gives a flat array, several arrays of arrays.
Result<Value> extract_all(const Call& call) {
  std::optional<Pattern> own;
  const std::string regex = call.text(0);
  const Pattern* const pattern = RD_TRY(pattern_of(call.context, regex, own));
  std::vector<std::size_t> wanted = RD_TRY(wanted_groups(call, *pattern));
  if (wanted.empty()) wanted.push_back(0);
  const std::string text = call.text(call.size() - 1);
  std::string out = "[";
  Pattern::Groups groups;
  for (std::size_t at = 0; pattern->find(text, at, groups); at = behind(text, *groups[0])) {
    if (out.size() > 1) out += ',';
    if (wanted.size() > 1) out += '[';
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (i > 0) out += ',';
      append_json_of_text(out, part(groups[wanted[i]]));
    }
    if (wanted.size() > 1) out += ']';
    if (out.size() > call.context.limits.max_bytes) return too_large(call);
  }
  return out.size() == 1 ? Value::null(Type::Dynamic) : Value::of_dynamic(out + "]");
}

/// Normal hits may overlap, those of a pattern do not.
Result<Value> countof(const Call& call) {
  const std::string text = call.text(0);
  const std::string sought = call.text(1);
  std::int64_t count = 0;
  const std::string kind = call.size() > 2 ? call.text(2) : "normal";
  if (kind != "normal" && kind != "regex") return refused(call, kind);
  if (kind == "regex") {
    std::optional<Pattern> own;
    const Pattern* const pattern = RD_TRY(pattern_of(call.context, sought, own));
    Pattern::Groups groups;
    for (std::size_t at = 0; pattern->find(text, at, groups); at = behind(text, *groups[0]))
      ++count;
    return Value::of_long(count);
  }
  for (std::size_t at = text.find(sought); !sought.empty() && at != std::string::npos;
       at = text.find(sought, at + 1))
    ++count;
  return Value::of_long(count);
}

/// indexof_regex(source, regex [, start [, length [, occurrence]]])
Result<Value> indexof_regex(const Call& call) {
  const std::string text = call.text(0);
  const std::string regex = call.text(1);
  std::optional<Pattern> own;
  const Pattern* const pattern = RD_TRY(pattern_of(call.context, regex, own));
  std::int64_t start = call.size() > 2 ? call.whole(2).value_or(0) : 0;
  const std::int64_t length = call.size() > 3 ? call.whole(3).value_or(-1) : -1;
  std::int64_t occurrence = call.size() > 4 ? call.whole(4).value_or(1) : 1;
  if (length < -1 || occurrence < 0) return Value::null(Type::Long);
  const auto count = static_cast<std::int64_t>(character_count(text));
  if (start < 0) start = std::max<std::int64_t>(0, count + start);
  if (start > count || occurrence == 0) return Value::of_long(-1);
  const std::string_view range =
      std::string_view(text).substr(character_offset(text, static_cast<std::size_t>(start)));
  Pattern::Groups groups;
  for (std::size_t at = 0; pattern->find(range, at, groups); at = behind(range, *groups[0])) {
    if (--occurrence > 0) continue;
    const auto bytes = static_cast<std::size_t>(groups[0]->data() - range.data());
    const auto offset = static_cast<std::int64_t>(character_count(range.substr(0, bytes)));
    return Value::of_long(length >= 0 && offset >= length ? -1 : start + offset);
  }
  return Value::of_long(-1);
}

Result<Value> regex_quote(const Call& call) { return text_result(call, quote_pattern(call.text(0))); }

enum class Side : unsigned char { Start, End, Both };

/// Cuts off all matches at the sides.
template <Side side>
Result<Value> trim(const Call& call) {
  const std::string regex = "(?:" + call.text(0) + ")+";
  const std::string text = call.text(1);
  std::string_view left = text;
  Pattern::Groups groups;
  std::optional<Pattern> own;
  if (side != Side::End) {
    const Pattern* const pattern = RD_TRY(pattern_of(call.context, "\\A" + regex, own));
    if (pattern->find(left, 0, groups)) left.remove_prefix(groups[0]->size());
  }
  if (side != Side::Start) {
    const Pattern* const pattern = RD_TRY(pattern_of(call.context, regex + "\\z", own));
    if (pattern->find(left, 0, groups)) left.remove_suffix(groups[0]->size());
  }
  return Value::of_string(std::string(left));
}

constexpr EvaluationRow kRows[] = {
    {"countof", countof, 2, 3},          {"extract", extract, 3, 4},
    {"extract_all", extract_all, 2, 3},  {"indexof_regex", indexof_regex, 2, 5},
    {"regex_quote", regex_quote},        {"trim", trim<Side::Both>, 2, 2},
    {"trim_end", trim<Side::End>, 2, 2}, {"trim_start", trim<Side::Start>, 2, 2}};

}  // namespace

EvaluationRows pattern_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
