#include "query/detail/request_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "kql/query_parameters.h"

namespace redoubt::query::detail {

namespace {

using kql::Node;
using kql::NodeKind;
using kql::Type;
using kql::Value;

/// As Kusto has it; nobody may ask for more.
constexpr std::chrono::milliseconds kLongest = std::chrono::hours(1);
constexpr std::int64_t kTicksOfMillisecond = 10'000;

struct Option {
  std::string_view name;
  Type type;
  std::int64_t least;  ///< of a number, or of ticks
  void (*apply)(const Value& value, QueryLimits& limits);
};

constexpr Option kOptions[] = {
    {"norequesttimeout", Type::Bool, 0,
     [](const Value& value, QueryLimits& limits) {
       if (value.as_bool()) limits.max_time = kLongest;
     }},
    {"servertimeout", Type::Timespan, kTicksOfMillisecond,
     [](const Value& value, QueryLimits& limits) {
       limits.max_time = std::min(kLongest, std::chrono::milliseconds(value.ticks() / kTicksOfMillisecond));
     }},
    {"notruncation", Type::Bool, 0,
     [](const Value& value, QueryLimits& limits) {
       if (value.as_bool()) limits.max_result_rows = UINT64_MAX;
     }},
    {"truncationmaxrecords", Type::Long, 1,
     [](const Value& value, QueryLimits& limits) {
       limits.max_result_rows = static_cast<std::uint64_t>(value.as_long());
     }},
    {"query_take_max_records", Type::Long, 1,
     [](const Value& value, QueryLimits& limits) {
       limits.max_taken_rows = static_cast<std::uint64_t>(value.as_long());
     }},
    {"maxmemoryconsumptionperiterator", Type::Long, 1,
     [](const Value& value, QueryLimits& limits) {
       limits.max_memory_bytes = std::min(most_memory_bytes(), static_cast<std::uint64_t>(value.as_long()));
     }},
};

std::int64_t size_of(const Value& value) {
  return value.is(Type::Timespan) ? value.ticks() : value.is(Type::Long) ? value.as_long() : 0;
}

Result<void> apply(const kql::Syntax& syntax, const Node& statement, QueryLimits& limits) {
  const auto* option = std::ranges::find(kOptions, syntax.text_of(statement[0]), &Option::name);
  if (option == std::end(kOptions)) return {};
  const Node* const written = statement.child(1);
  const std::string text = written == nullptr ? "true" : std::string(syntax.text_of(*written));
  const std::optional<Value> value = kql::parameter_value(option->type, text);
  if (!value || value->is_null() || size_of(*value) < option->least)
    return fail(Error::Kind::InvalidInput, "QRY0006",
                fmt::format("the option {} is no {} that it may be: {}", option->name,
                            kql::type_name(option->type), text));
  option->apply(*value, limits);
  return {};
}

}  // namespace

Result<QueryLimits> asked_limits(const kql::Analysis& analysis, QueryLimits limits) {
  const Node* const root = analysis.syntax.root;
  const Node* const statements = root == nullptr ? nullptr : root->child(1);
  if (statements == nullptr) return limits;
  for (const Node* const statement : statements->children)
    if (statement != nullptr && statement->kind == NodeKind::SetOption)
      RD_TRY(apply(analysis.syntax, *statement, limits));
  return limits;
}

}  // namespace redoubt::query::detail
