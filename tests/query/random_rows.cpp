#include "random_rows.h"

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/time.h"
#include "kql/evaluate.h"
#include "kql/json_text.h"
#include "kql/lexer.h"
#include "kql/plan_walk.h"
#include "kql/value.h"

namespace redoubt::query {

namespace {

using kql::Type;
using kql::Value;

constexpr std::string_view kTexts[] = {"alpha",
                                       "Beta gamma",
                                       "10.0.0.4",
                                       "user1@contoso.com",
                                       "C:\\Windows\\System32\\cmd.exe /c whoami",
                                       R"({"a":1,"b":"x"})",
                                       "0",
                                       "404",
                                       "true",
                                       "\xC3\xA9t\xC3\xA9-\xC3\xA0",
                                       "https://a.example/x?y=1"};
constexpr std::string_view kDynamics[] = {R"({"a":1,"displayName":"x","ipAddress":"10.0.0.1"})",
                                          R"(["a","b"])",
                                          R"([{"displayName":"n","oldValue":"1","newValue":"[\"2\"]"}])",
                                          R"("text")",
                                          "5",
                                          "{}",
                                          "[]"};
constexpr std::int64_t kNumbers[] = {0, 1, 2, 5, 10, 404, 4624, 4625, 4688, 50126, -7, 100'000};
constexpr double kReals[] = {0, 1.5, -2.25, 100};

/// The texts that are written in a query.
std::vector<std::string> texts_of(std::string_view query) {
  std::vector<std::string> out;
  for (const kql::Token& token : kql::tokenize(query)) {
    if (token.kind != kql::TokenKind::StringLiteral || token.size > 100) continue;
    const Result<Value> value = kql::read_literal(token.kind, query.substr(token.offset, token.size));
    if (value && !value->as_string().empty()) out.push_back(value->as_string());
  }
  return out;
}

class Maker {
 public:
  Maker(std::string_view query, std::uint64_t seed) : texts_(texts_of(query)), engine_(seed) {}

  /// What a column is compared with, or a number beside it. Null: nothing of its type.
  Value hinted(const std::vector<Value>& hints, Type type) {
    const Value value = kql::convert(hints[one_of(hints.size())], type);
    if (value.is_null() || (type != Type::Long && type != Type::Int)) return value;
    const std::int64_t beside = value.as_long() + static_cast<std::int64_t>(one_of(3)) - 1;
    return kql::convert(Value::of_long(beside), type);
  }

  bool chance(std::uint64_t of) { return one_of(of) == 0; }

  Value cell(Type type) {
    if (one_of(12) == 0) return Value::null(type);
    switch (type) {
      case Type::Bool:
        return Value::of_bool(one_of(2) == 0);
      case Type::Int:
        return Value::of_int(static_cast<std::int32_t>(kNumbers[one_of(std::size(kNumbers))]));
      case Type::Long:
        return Value::of_long(kNumbers[one_of(std::size(kNumbers))]);
      case Type::Real:
        return Value::of_real(kReals[one_of(std::size(kReals))]);
      case Type::Decimal:
        return kql::convert(Value::of_real(kReals[one_of(std::size(kReals))]), type);
      case Type::DateTime:
        return Value::of_datetime(
            kNow - static_cast<std::int64_t>(one_of((one_of(2) == 0 ? 1 : 14) * kTicksPerDay)));
      case Type::Timespan:
        return Value::of_timespan(static_cast<std::int64_t>(one_of(kTicksPerDay)));
      case Type::Guid: {
        kql::Guid guid;
        guid.bytes[3] = static_cast<std::uint8_t>(one_of(5));
        return Value::of_guid(guid);
      }
      case Type::Dynamic:
        return Value::of_dynamic(std::string(kDynamics[one_of(std::size(kDynamics))]));
      default:
        if (!texts_.empty() && one_of(2) == 0) return Value::of_string(texts_[one_of(texts_.size())]);
        return Value::of_string(std::string(kTexts[one_of(std::size(kTexts))]));
    }
  }

 private:
  static constexpr std::int64_t kNow = 638'400'000'000'000'000;

  std::size_t one_of(std::uint64_t count) { return static_cast<std::size_t>(engine_() % count); }

  std::vector<std::string> texts_;
  std::mt19937_64 engine_;
};

}  // namespace

namespace {

using kql::Expression;
using kql::ExpressionKind;

/// The column that an expression looks at, and the path inside it.
struct Place {
  const kql::Column* column = nullptr;
  std::vector<std::string> path;
};

/// Behind names, and calls such as tolower(tostring(x)).
Place place_of(const Expression* value) {
  Place out;
  while (value != nullptr) {
    if (value->kind == ExpressionKind::Column) {
      out.column = value->column;
      return out;
    }
    if (value->kind == ExpressionKind::Variable ||
        (value->kind == ExpressionKind::Call && value->user != nullptr)) {
      value = value->value;
      continue;
    }
    if (value->kind == ExpressionKind::Member && value->operands.size() == 1)
      out.path.emplace_back(value->name);
    const bool goes_on = value->kind == ExpressionKind::Member || value->kind == ExpressionKind::Call;
    value = goes_on && !value->operands.empty() ? value->operands[0] : nullptr;
  }
  return out;
}

/// The same value in a bag for each step of the path, which begins with the innermost.
Value inside(const Value& value, const std::vector<std::string>& path) {
  std::string json = kql::to_json(value);
  for (const std::string& name : path)
    json = "{" + kql::json_of_text(name) + ":" + json + "}";
  return Value::of_dynamic(std::move(json));
}

void add_hints(const Expression& operation, ColumnHints& out) {
  if (operation.kind != ExpressionKind::Operator || operation.operands.size() < 2) return;
  const Place place = place_of(operation.operands[0]);
  if (place.column == nullptr) return;
  std::vector<Value>& hints = out[std::string(place.column->name)];
  for (std::size_t i = 1; i < operation.operands.size(); ++i) {
    const Expression* operand = operation.operands[i];
    while (operand->kind == ExpressionKind::Variable && operand->value != nullptr)
      operand = operand->value;
    const std::optional<Value> value =
        operand->kind == ExpressionKind::Literal ? kql::literal_value(*operand) : std::nullopt;
    if (!value || value->is_null()) continue;
    std::vector<Value> values{*value};
    if (value->is(Type::Dynamic)) {
      values.clear();
      for (const std::string_view element : kql::json_elements(value->json()))
        values.push_back(kql::unwrap(Value::of_dynamic(std::string(element))));
    }
    for (const Value& one : values)
      hints.push_back(place.path.empty() ? one : inside(one, place.path));
  }
}

}  // namespace

ColumnHints hints_of(const kql::Analysis& analysis) {
  ColumnHints out;
  kql::each_node(
      analysis, [](const kql::Relation&) {}, [&](const Expression& value) { add_hints(value, out); });
  std::erase_if(out, [](const auto& entry) { return entry.second.empty(); });
  return out;
}

void add_random_table(const kql::Relation& table, std::string_view query, const ColumnHints& hints,
                      std::uint64_t seed, std::size_t rows, MemoryTables& out) {
  Maker maker(query, seed);
  std::vector<bool> favoured(rows);
  for (std::size_t row = 0; row < rows; ++row)
    favoured[row] = maker.chance(3);
  std::vector<std::pair<std::string, Type>> columns;
  std::vector<Cells> cells;
  for (const kql::Column* column : table.columns) {
    columns.emplace_back(std::string(column->name), column->type);
    Cells& made = cells.emplace_back();
    const auto hint = hints.find(column->name);
    for (std::size_t row = 0; row < rows; ++row) {
      Value value;
      if (hint != hints.end() && favoured[row] && !maker.chance(10))
        value = maker.hinted(hint->second, column->type);
      if (value.is_null()) value = maker.cell(column->type);
      // Every event has a time.
      while (column->name == "TimeGenerated" && value.is_null())
        value = maker.cell(column->type);
      made.push_back(std::move(value));
    }
  }
  out.add(table.name, columns, std::move(cells));
}

}  // namespace redoubt::query
