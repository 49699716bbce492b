#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "kql/detail/evaluation.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

using Members = std::vector<std::pair<std::string_view, std::string_view>>;

bool is_bag(const Value& value) {
  return value.is(Type::Dynamic) && !value.is_null() && json_kind(value.json()) == JsonKind::Bag;
}

Value none() { return Value::null(Type::Dynamic); }

/// bag_pack(key, value, ...); of equal keys the first counts.
Result<Value> bag_pack(const Call& call) {
  if (call.size() % 2 != 0) return refused(call, "a key without a value");
  std::string out = "{";
  std::unordered_set<std::string> seen;
  for (std::size_t i = 0; i < call.size(); i += 2) {
    const std::string key = call.text(i);
    if (!seen.insert(key).second) continue;
    if (out.size() > 1) out += ',';
    append_json_of_text(out, key);
    out += ':' + to_json(call[i + 1]);
  }
  return dynamic_result(call, out + "}");
}

Result<Value> bag_keys(const Call& call) {
  if (!is_bag(call[0])) return none();
  std::vector<std::string_view> keys;
  for (const auto& [name, value] : json_members(call[0].json()))
    keys.push_back(name);
  return dynamic_result(call, json_array(keys));
}

/// Of equal keys the one of the leftmost bag counts.
Result<Value> bag_merge(const Call& call) {
  Members out;
  std::unordered_set<std::string_view> seen;
  bool any = false;
  for (const Value& argument : call.arguments) {
    if (!is_bag(argument)) continue;
    any = true;
    for (const auto& member : json_members(argument.json()))
      if (seen.insert(member.first).second) out.push_back(member);
  }
  return any ? dynamic_result(call, json_bag(out)) : none();
}

/// The names of a path such as `$.a['b'].c`; nothing when the text is a plain key.
std::optional<std::vector<std::string>> path_of(std::string_view text) {
  if (!text.starts_with("$.") && !text.starts_with("$[")) return std::nullopt;
  text.remove_prefix(1);
  std::vector<std::string> out;
  while (!text.empty()) {
    if (text.front() == '.') {
      const std::size_t end = std::min(text.find_first_of(".[", 1), text.size());
      out.emplace_back(text.substr(1, end - 1));
      text.remove_prefix(end);
      continue;
    }
    const std::size_t end = text.front() == '[' ? text.find(']') : std::string_view::npos;
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view index = text.substr(1, end - 1);
    if (index.size() > 1 && (index.front() == '\'' || index.front() == '"'))
      index = index.substr(1, index.size() - 2);
    out.emplace_back(index);
    text.remove_prefix(end + 1);
  }
  return out;
}

std::vector<std::string> names_of(std::string_view key) {
  return path_of(key).value_or(std::vector<std::string>{std::string(key)});
}

/// One step down: a member, or an element where the name is a number.
std::string_view step(std::string_view json, const std::string& name) {
  if (json_kind(json) == JsonKind::Bag) return json_member(json, name);
  const std::optional<std::int64_t> index = read_long(name);
  return index ? json_element(json, *index) : std::string_view();
}

std::string_view follow(std::string_view json, const std::vector<std::string>& names) {
  for (const std::string& name : names)
    json = json.empty() ? json : step(json, name);
  return json;
}

Result<Value> bag_has_key(const Call& call) {
  if (!is_bag(call[0])) return Value::null(Type::Bool);
  return Value::of_bool(!follow(call[0].json(), names_of(call.text(1))).empty());
}

/// The bag with what a path names replaced, or left out where `value` is empty. No deeper than the path.
std::string changed(std::string_view bag, std::span<const std::string> path, const std::string& value) {
  Members members = json_members(bag);
  const std::string name = json_of_text(path.front());
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&name](const auto& member) { return member.first == name; });
  std::string inner = value;
  if (path.size() > 1) {
    const bool deeper = found != members.end() && json_kind(found->second) == JsonKind::Bag;
    if (!deeper && value.empty()) return std::string(bag);
    inner = changed(deeper ? found->second : "{}", path.subspan(1), value);
  }
  if (inner.empty()) {
    if (found != members.end()) members.erase(found);
  } else if (found != members.end()) {
    found->second = inner;
  } else {
    members.emplace_back(name, inner);
  }
  return json_bag(members);
}

constexpr std::size_t kMaxPath = 64;

Result<Value> bag_set_key(const Call& call) {
  if (!is_bag(call[0])) return none();
  const std::vector<std::string> path = names_of(call.text(1));
  if (path.empty() || path.size() > kMaxPath) return refused(call, call.text(1));
  return dynamic_result(call, changed(call[0].json(), path, to_json(call[2])));
}

Result<Value> bag_remove_keys(const Call& call) {
  if (!is_bag(call[0])) return none();
  std::string bag = call[0].json();
  std::unordered_set<std::string> plain;
  const Value keys = convert(call[1], Type::Dynamic);
  for (const std::string_view key : json_elements(keys.is_null() ? std::string_view() : keys.json())) {
    const std::string text = to_text(Value::of_dynamic(std::string(key)));
    const auto path = path_of(text);
    if (!path) {
      plain.insert(json_of_text(text));
      continue;
    }
    if (path->empty() || path->size() > kMaxPath) return refused(call, text);
    bag = changed(bag, *path, {});
  }
  Members members = json_members(bag);
  std::erase_if(members, [&plain](const auto& member) { return plain.contains(std::string(member.first)); });
  return dynamic_result(call, json_bag(members));
}

/// Keys that are no texts are passed over; what has no value is null.
Result<Value> bag_zip(const Call& call) {
  const bool array =
      call[0].is(Type::Dynamic) && !call[0].is_null() && json_kind(call[0].json()) == JsonKind::Array;
  if (!array) return none();
  const std::vector<std::string_view> keys = json_elements(call[0].json());
  const Value list = convert(call[1], Type::Dynamic);
  const std::vector<std::string_view> values =
      json_elements(list.is_null() ? std::string_view() : list.json());
  Members out;
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (json_kind(keys[i]) == JsonKind::String)
      out.emplace_back(keys[i], i < values.size() ? values[i] : "null");
  return dynamic_result(call, json_bag(out));
}

Result<Value> dynamic_to_json(const Call& call) {
  const Value value = convert(call[0], Type::Dynamic);
  return value.is_null() ? Value::of_string("null") : text_result(call, sorted_json(value.json()));
}

/// The paths to all values: `['a']`, `['a']['b']`, `['c'][0]`.
void append_paths(std::string_view json, const std::string& at, std::vector<std::string>& out) {
  if (!at.empty()) out.push_back(at);
  for (const auto& [name, value] : json_members(json))
    append_paths(value, at + "['" + json_string(name) + "']", out);
  std::size_t index = 0;
  for (const std::string_view element : json_elements(json))
    append_paths(element, at + "[" + std::to_string(index++) + "]", out);
}

Result<Value> treepath(const Call& call) {
  const Value value = convert(call[0], Type::Dynamic);
  if (value.is_null()) return none();
  if (value.json().size() > (1U << 20)) return too_large(call);
  std::vector<std::string> paths;
  append_paths(value.json(), "", paths);
  std::string out = "[";
  for (const std::string& path : paths) {
    out.append(out.size() > 1 ? "," : "").append(json_of_text(path));
    if (out.size() > call.context.limits.max_bytes) return too_large(call);
  }
  return Value::of_dynamic(out + "]");
}

/// Where in a document. `$Name` means `$.Name`: queries of Microsoft's workbooks have it.
std::optional<std::vector<std::string>> document_path(std::string_view text) {
  if (text == "$") return std::vector<std::string>();
  const bool is_short = text.starts_with('$') && text[1] != '.' && text[1] != '[';
  return is_short ? path_of("$." + std::string(text.substr(1))) : path_of(text);
}

/// extract_json(path, text [, typeof])
Result<Value> extract_json(const Call& call) {
  const Type type = call.size() > 2 ? call[2].type() : Type::String;
  const EvaluationLimits& limits = call.context.limits;
  const std::optional<std::string> json =
      normalize_json(call.text(1), {.max_bytes = limits.max_bytes, .max_depth = limits.max_depth});
  const std::string text = call.text(0);
  const auto path = document_path(text);
  if (!path) return refused(call, text);
  if (!json) return Value::null(type);
  return convert(Value::of_dynamic(std::string(follow(*json, *path))), type);
}

constexpr EvaluationRow kRows[] = {{"bag_has_key", bag_has_key, 2, 2},
                                   {"bag_keys", bag_keys},
                                   {"bag_merge", bag_merge, 1, kMany},
                                   {"bag_pack", bag_pack, 2, kMany},
                                   {"bag_remove_keys", bag_remove_keys, 2, 2},
                                   {"bag_set_key", bag_set_key, 3, 3},
                                   {"bag_zip", bag_zip, 2, 2},
                                   {"dynamic_to_json", dynamic_to_json},
                                   {"extract_json", extract_json, 2, 3},
                                   {"treepath", treepath}};

}  // namespace

EvaluationRows bag_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
