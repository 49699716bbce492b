#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_set>

#include "kql/json_text.h"
#include "query/detail/plugin.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "bag_unpack plugin"; the order of the columns (those of the input
// that stay, then the slots by name) is the engine's.

namespace {

using kql::JsonKind;
using kql::Type;
using kql::Value;

enum class Conflict : std::uint8_t { Error, ReplaceSource, KeepSource };

/// What becomes of the slots of one name.
struct Slot {
  std::optional<Type> type;                                      ///< of the values so far
  std::vector<std::pair<std::size_t, std::string_view>> values;  ///< row and JSON
};
using Slots = std::map<std::string, Slot, std::less<>>;

Type type_of(JsonKind kind) {
  switch (kind) {
    case JsonKind::Bool:
      return Type::Bool;
    case JsonKind::Long:
      return Type::Long;
    case JsonKind::Real:
      return Type::Real;
    case JsonKind::String:
      return Type::String;
    default:
      return Type::Dynamic;
  }
}

/// The names that `ignoredProperties` lists.
Result<std::unordered_set<std::string>> ignored(const PluginCall& call) {
  const Value list = RD_TRY(call.value("ignoredProperties"));
  std::unordered_set<std::string> out;
  if (list.is(Type::Dynamic) && !list.is_null() && kql::json_kind(list.json()) == JsonKind::Array)
    for (const std::string_view one : kql::json_elements(list.json()))
      if (kql::json_kind(one) == JsonKind::String) out.insert(kql::json_string(one));
  return out;
}

Result<Conflict> conflict_of(const PluginCall& call) {
  const Value word = RD_TRY(call.value("columnsConflict"));
  const std::string text = kql::to_text(word);
  if (text == "replace_source") return Conflict::ReplaceSource;
  return text == "keep_source" ? Conflict::KeepSource : Conflict::Error;
}

/// The slots of all bags, by the names of their columns. A null is no value.
Result<Slots> slots_of(const PluginCall& call, const Cells& bags) {
  const Value written = RD_TRY(call.value("column_prefix"));
  const std::string prefix = kql::to_text(written);
  const std::unordered_set<std::string> left_out = RD_TRY(ignored(call));
  Slots out;
  for (std::size_t row = 0; row < bags.size(); ++row) {
    RD_TRY(keep_going(call.operation(), row));
    const Value& bag = bags[row];
    if (!bag.is(Type::Dynamic) || bag.is_null() || kql::json_kind(bag.json()) != JsonKind::Bag) continue;
    const auto members = kql::json_members(bag.json());
    RD_TRY(call.budget().spend(members.size()));
    for (const auto& [quoted, value] : members) {
      const JsonKind kind = kql::json_kind(value);
      const std::string name = kql::json_string(quoted);
      if (kind == JsonKind::Null || left_out.contains(name)) continue;
      Slot& slot = out[prefix + name];
      const Type type = type_of(kind);
      slot.type = slot.type.value_or(type) == type ? type : Type::Dynamic;
      slot.values.emplace_back(row, value);
    }
  }
  return out;
}

Result<std::shared_ptr<const Cells>> cells_of_slot(const PluginCall& call, const Slot& slot) {
  RD_TRY(call.budget().spend(call.rows()));
  Cells out(call.rows(), Value::null(*slot.type));
  for (const auto& [row, json] : slot.values) {
    Value value = Value::of_dynamic(std::string(json));
    out[row] = *slot.type == Type::Dynamic ? std::move(value) : as_cell(kql::unwrap(value), *slot.type);
  }
  return std::make_shared<const Cells>(std::move(out));
}

/// Whether a schema behind the plugin picks its columns: what it does not pick is no conflict.
bool is_picked_from(const PluginCall& call) { return call.relation().open && call.relation().discovery == 0; }

Result<Table> bag_unpack(const PluginCall& call) {
  const kql::Column* const unpacked = call.column("column");
  const std::shared_ptr<const Cells> bags = RD_TRY(call.cells("column"));
  if (bags == nullptr) return unsupported("bag_unpack of no column");
  const Conflict conflict = RD_TRY(conflict_of(call));
  Slots slots = RD_TRY(slots_of(call, *bags));
  PluginTable out(call, call.rows());
  for (const TableColumn& source : call.input().columns()) {
    const bool is_unpacked = source.column == unpacked;  // a slot of its name takes its place
    const auto same = is_picked_from(call) ? slots.end() : slots.find(source.column->name);
    if (is_unpacked && same == slots.end()) continue;
    if (same == slots.end() || (conflict == Conflict::KeepSource && !is_unpacked)) {
      out.pass(source);
    } else if (is_unpacked || conflict == Conflict::ReplaceSource) {
      std::shared_ptr<const Cells> cells = RD_TRY(cells_of_slot(call, same->second));
      out.add(same->first, *same->second.type, std::move(cells));
    } else {
      return refused(fmt::format("bag_unpack gives a column that is there already: {}", source.column->name),
                     "say columnsConflict='replace_source' or 'keep_source', or give the columns a prefix");
    }
    if (same != slots.end()) slots.erase(same);
  }
  for (const auto& [name, slot] : slots) {
    std::shared_ptr<const Cells> cells = RD_TRY(cells_of_slot(call, slot));
    out.add(name, *slot.type, std::move(cells));
  }
  return std::move(out).table();
}

constexpr PluginRow kRows[] = {{"bag_unpack", bag_unpack}};

}  // namespace

PluginRows bag_plugins() { return kRows; }

}  // namespace redoubt::query::detail
