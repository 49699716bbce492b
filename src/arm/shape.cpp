#include "arm/detail/shape.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"

namespace redoubt::arm::detail {

using doc::Member;
using doc::Value;

namespace {

enum class Wanted : std::uint8_t { Object, List, Container, Text, Bool, Int };

struct WantedRow {
  std::string_view text;
  bool (*fits)(const Value&);
};
constexpr WantedRow kWanted[] = {
    {"an object", [](const Value& value) { return value.is_object(); }},
    {"a list", [](const Value& value) { return value.is_array(); }},
    {"a list or an object of symbolic names", [](const Value& value) { return value.is_container(); }},
    {"text", [](const Value& value) { return value.is_string(); }},
    {"a bool", [](const Value& value) { return value.is_bool(); }},
    {"an int", [](const Value& value) { return value.is_int(); }},
};

/// What a wrong type costs.
enum class Cost : std::uint8_t {
  Nothing,  ///< a warning: the rest is judged as if the member were not there
  Part,     ///< an error; what is around is not broken by it
  Whole,    ///< an error that gives up the template or resource
};

struct ShapeRow {
  std::string_view member;
  Wanted wanted;
  bool expression;  ///< may be an expression
  Cost cost;
};

constexpr ShapeRow kTemplate[] = {
    {"$schema", Wanted::Text, false, Cost::Nothing},
    {"contentVersion", Wanted::Text, false, Cost::Nothing},
    {"languageVersion", Wanted::Text, false, Cost::Nothing},
    {"parameters", Wanted::Object, false, Cost::Whole},
    {"variables", Wanted::Object, false, Cost::Whole},
    {"functions", Wanted::List, false, Cost::Whole},
    {"definitions", Wanted::Object, false, Cost::Whole},
    {"outputs", Wanted::Object, false, Cost::Part},
};
/// Of parameters, type definitions and outputs.
constexpr ShapeRow kTyped[] = {
    {"type", Wanted::Text, false, Cost::Nothing},          {"$ref", Wanted::Text, false, Cost::Nothing},
    {"allowedValues", Wanted::List, false, Cost::Nothing}, {"nullable", Wanted::Bool, false, Cost::Nothing},
    {"minValue", Wanted::Int, false, Cost::Nothing},       {"maxValue", Wanted::Int, false, Cost::Nothing},
    {"minLength", Wanted::Int, false, Cost::Nothing},      {"maxLength", Wanted::Int, false, Cost::Nothing},
    {"metadata", Wanted::Object, false, Cost::Nothing},
};
constexpr ShapeRow kFunctions[] = {
    {"namespace", Wanted::Text, false, Cost::Whole},
    {"members", Wanted::Object, false, Cost::Whole},
};
constexpr ShapeRow kFunction[] = {
    {"parameters", Wanted::List, false, Cost::Whole},
    {"output", Wanted::Object, false, Cost::Whole},
};
constexpr ShapeRow kResource[] = {
    {"existing", Wanted::Bool, false, Cost::Whole},       {"copy", Wanted::Object, false, Cost::Whole},
    {"resources", Wanted::Container, false, Cost::Whole}, {"import", Wanted::Text, false, Cost::Whole},
    {"extension", Wanted::Text, false, Cost::Whole},      {"dependsOn", Wanted::List, true, Cost::Nothing},
};
constexpr ShapeRow kCopy[] = {
    {"name", Wanted::Text, false, Cost::Whole},
    {"mode", Wanted::Text, false, Cost::Nothing},
    {"batchSize", Wanted::Int, true, Cost::Nothing},
};
constexpr ShapeRow kBody[] = {
    {"apiVersion", Wanted::Text, true, Cost::Part},   {"location", Wanted::Text, true, Cost::Part},
    {"kind", Wanted::Text, true, Cost::Part},         {"managedBy", Wanted::Text, true, Cost::Part},
    {"tags", Wanted::Object, true, Cost::Part},       {"sku", Wanted::Object, true, Cost::Part},
    {"identity", Wanted::Object, true, Cost::Part},   {"plan", Wanted::Object, true, Cost::Part},
    {"properties", Wanted::Object, true, Cost::Part}, {"extendedLocation", Wanted::Object, true, Cost::Part},
    {"zones", Wanted::List, true, Cost::Part},
};
constexpr ShapeRow kDeclaration{{}, Wanted::Object, false, Cost::Whole};

const WantedRow& wanted(const ShapeRow& row) { return kWanted[static_cast<std::size_t>(row.wanted)]; }

bool fits(const ShapeRow& row, const Value& value) {
  return value.is_null() || value.is_unknown() || wanted(row).fits(value) ||
         (row.expression && value.is_string() && is_expression(value.as_string()));
}

/// False when the value gives up what it stands in.
bool check(Run& run, const ShapeRow& row, const Value& value, std::string_view what) {
  if (fits(row, value)) return true;
  Error error{Error::Kind::InvalidInput,
              "ARM0202",
              fmt::format("{} must be {}, not {}", what, wanted(row).text, doc::name_of(value.kind())),
              {},
              {}};
  if (row.cost == Cost::Whole)
    run.give_up(std::move(error), value.place());
  else
    run.report(std::move(error), value.place(), row.cost == Cost::Part ? Severity::Error : Severity::Warning);
  return row.cost != Cost::Whole;
}

bool check_members(Run& run, std::span<const ShapeRow> rows, const Value& node, std::string_view owner) {
  bool right = true;
  for (const ShapeRow& row : rows)
    if (const Value* value = node.find_any_case(row.member))
      right = check(run, row, *value, fmt::format("{} of {}", row.member, owner)) && right;
  return right;
}

const Value* section(const Value& root, std::string_view name) {
  const Value* found = root.find_any_case(name);
  return found != nullptr && found->is_object() ? found : nullptr;
}

void check_typed(Run& run, const Value* declarations, std::string_view what) {
  if (declarations == nullptr) return;
  for (const Member& member : declarations->members()) {
    const std::string owner = fmt::format("the {} {}", what, member.name);
    if (check(run, kDeclaration, member.value, owner)) check_members(run, kTyped, member.value, owner);
  }
}

void check_functions(Run& run, const Value& root) {
  const Value* functions = root.find_any_case("functions");
  if (functions == nullptr || !functions->is_array()) return;
  for (const Value& entry : functions->items()) {
    if (!check(run, kDeclaration, entry, "an entry of functions")) continue;
    check_members(run, kFunctions, entry, "an entry of functions");
    const Value* members = section(entry, "members");
    if (members == nullptr) continue;
    for (const Member& member : members->members()) {
      const std::string owner = fmt::format("the function {}", member.name);
      if (check(run, kDeclaration, member.value, owner)) check_members(run, kFunction, member.value, owner);
    }
  }
}

void check_dependencies(Run& run, const Value& node) {
  static constexpr ShapeRow kDependency{{}, Wanted::Text, true, Cost::Nothing};
  const Value* list = node.find_any_case("dependsOn");
  if (list == nullptr || !list->is_array()) return;
  for (const Value& item : list->items())
    check(run, kDependency, item, "an element of dependsOn");
}

bool check_children(Run& run, const Value& node) {
  const Value* children = node.find_any_case("resources");
  bool right = true;
  if (children != nullptr && children->is_array())
    for (const Value& child : children->items())
      right = check(run, kDeclaration, child, "a resource") && right;
  if (children != nullptr && children->is_object())
    for (const Member& child : children->members())
      right = check(run, kDeclaration, child.value, "a resource") && right;
  return right;
}

}  // namespace

void check_sections(Run& run, const Value& root) {
  check_members(run, kTemplate, root, "a template");
  check_typed(run, section(root, "parameters"), "parameter");
  check_typed(run, section(root, "definitions"), "definition");
  check_functions(run, root);
}

bool check_declaration(Run& run, const Value& node) {
  if (!check_members(run, kResource, node, "a resource")) return false;
  check_dependencies(run, node);
  check_children(run, node);
  const Value* copy = section(node, "copy");
  return copy == nullptr || check_members(run, kCopy, *copy, "a loop");
}

bool check_body_member(Run& run, std::string_view name, const Value& value) {
  const auto* row = std::find_if(std::begin(kBody), std::end(kBody), [&](const ShapeRow& candidate) {
    return equal_any_case(candidate.member, name);
  });
  if (row == std::end(kBody) || fits(*row, value)) return true;
  check(run, *row, value, fmt::format("{} of a resource", row->member));
  return false;
}

}  // namespace redoubt::arm::detail
