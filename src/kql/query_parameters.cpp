#include "kql/query_parameters.h"

#include "core/text.h"
#include "kql/analysis.h"
#include "kql/evaluate.h"
#include "kql/json_text.h"
#include "kql/rewrite.h"
#include "kql/schemas.h"

namespace redoubt::kql {

namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20;

/// The value of a text that is a literal, perhaps with a sign.
std::optional<Value> literal_of(const std::string& text) {
  if (text.size() > kMaxBytes) return std::nullopt;
  const std::string query = "print " + text;
  const Schemas none;
  Analysis analysis = analyze(query, none);
  if (!analysis.ok()) return std::nullopt;
  RewriteOptions options = kNoRewrites;
  options.fold = true;
  rewrite(analysis, options);
  const Relation* const print = analysis.result();
  if (analysis.results.size() != 1 || print == nullptr || print->op != NodeKind::Print ||
      print->assignments.size() != 1)
    return std::nullopt;
  return literal_value(*print->assignments.front().value);
}

std::optional<Value> not_null(Value value) {
  return value.is_null() ? std::nullopt : std::optional(std::move(value));
}

/// Of a text that is written as it is.
std::optional<Value> plain(Type type, const std::string& text) {
  if (type != Type::Dynamic) return not_null(convert(Value::of_string(text), type));
  std::optional<std::string> json = normalize_json(text);
  return Value::of_dynamic(json ? std::move(*json) : json_of_text(text));
}

}  // namespace

std::optional<Value> parameter_value(Type type, const std::string& text) {
  const std::optional<Value> literal = literal_of(text);
  if (type == Type::String) return literal && literal->is(Type::String) ? *literal : Value::of_string(text);
  if (!literal) return trim(text) == "null" ? std::optional(Value::null(type)) : plain(type, text);
  if (literal->is(type)) return literal;
  if (literal->is(Type::String)) return plain(type, literal->as_string());
  const bool whole = literal->is(Type::Long) && type == Type::Int;
  if (!whole && !promotes(literal->type(), type)) return plain(type, text);
  return literal->is_null() ? std::optional(Value::null(type)) : not_null(convert(*literal, type));
}

}  // namespace redoubt::kql
