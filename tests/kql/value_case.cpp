#include "value_case.h"

#include <algorithm>
#include <cmath>

#include "doc/json.h"
#include "kql/evaluate.h"
#include "kql/json_text.h"

namespace redoubt::kql {

namespace {

bool close(double left, double right) {
  if (std::isnan(left) || std::isnan(right)) return std::isnan(left) && std::isnan(right);
  return left == right || std::fabs(left - right) <= 1e-9 * std::max(std::fabs(left), std::fabs(right));
}

bool same_json(std::string_view left, std::string_view right);

bool same_elements(std::string_view left, std::string_view right) {
  const auto a = json_elements(left);
  const auto b = json_elements(right);
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_json);
}

bool same_members(std::string_view left, std::string_view right) {
  const auto a = json_members(left);
  const auto b = json_members(right);
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&b](const auto& member) {
           return std::any_of(b.begin(), b.end(), [&member](const auto& other) {
             return member.first == other.first && same_json(member.second, other.second);
           });
         });
}

bool same_json(std::string_view left, std::string_view right) {
  const JsonKind kind = json_kind(left);
  if (kind != json_kind(right)) return false;
  if (kind == JsonKind::Array) return same_elements(left, right);
  if (kind == JsonKind::Bag) return same_members(left, right);
  return left == right ||
         (kind == JsonKind::Real && close(read_real(left).value_or(NAN), read_real(right).value_or(0)));
}

}  // namespace

Value typed_value(Type type, const doc::Value& node) {
  if (node.is_null()) return Value::null(type);
  if (type == Type::Dynamic) return Value::of_dynamic(normalize_json(doc::to_json(node)).value_or("null"));
  const Value text = Value::of_string(node.is_string() ? std::string(node.as_string()) : doc::to_json(node));
  return type == Type::String ? text : convert(text, type);
}

bool agrees(const Value& value, const Value& expected) {
  if (value.type() != expected.type() || value.is_null() != expected.is_null()) return false;
  if (value.is_null()) return true;
  if (value.is(Type::Real)) return close(value.as_real(), expected.as_real());
  if (value.is(Type::Dynamic)) return same_json(value.json(), expected.json());
  return value.same_as(expected);
}

std::string shown(const Value& value) {
  return std::string(type_name(value.type())) + " " + (value.is_null() ? "null" : to_json(value));
}

}  // namespace redoubt::kql
