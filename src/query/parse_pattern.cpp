#include "query/detail/parse_pattern.h"

#include <fmt/format.h>

#include <array>

namespace redoubt::query::detail {

using kql::ParsePiece;
using kql::Type;
using kql::Value;

namespace {

/// What the text of a value of a type looks like, where nothing but its form ends it.
struct Form {
  Type type;
  std::string_view simple;
  std::string_view regex;
};

constexpr std::string_view kWhole = R"(\s*[-+]?\d+)";
constexpr std::string_view kFraction = R"(\s*[-+]?(?:\d+\.?\d*|\.\d+))";
constexpr std::string_view kPlainFraction = R"(\s*[-+]?\d+(?:\.\d+)?)";
constexpr std::string_view kTruth = R"(\s*(?:(?i:true|false)|[-+]?\d+))";
constexpr std::string_view kPlainTruth = R"(\s*(?i:true|false))";
constexpr std::string_view kGuid = R"(\s*(?:\{[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\}|)"
                                   R"([0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}))";
constexpr std::string_view kDate =
    R"(\s*(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{1,4}))"
    R"((?:[Tt ]\s*\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d*)?)?)?(?:[Zz]|[-+]\d{1,2}(?::\d{1,2})?)?)";
constexpr std::string_view kSpan =
    R"(\s*-?(?:\d+\.\d{1,2}:\d{1,2}:\d{1,2}|\d{1,2}:\d{1,2}(?::\d{1,2})?)(?:\.\d*)?)";

constexpr Form kForms[] = {{Type::Int, kWhole, kWhole},
                           {Type::Long, kWhole, kWhole},
                           {Type::Real, kFraction, kPlainFraction},
                           {Type::Decimal, kFraction, kPlainFraction},
                           {Type::Bool, kTruth, kPlainTruth},
                           {Type::Guid, kGuid, kGuid},
                           {Type::DateTime, kDate, kDate},
                           {Type::Timespan, kSpan, kSpan}};

const Form* form_of(Type type) {
  for (const Form& form : kForms)
    if (form.type == type) return &form;
  return nullptr;
}

bool is_star(const ParsePiece& piece) { return !piece.is_text && piece.column == nullptr; }

/// What a column takes of the text.
std::string taken(std::span<const ParsePiece> pieces, std::size_t at, ParseMode mode) {
  const Form* const form = form_of(pieces[at].column->type);
  if (mode.regex) return std::string(form == nullptr ? ".*" : form->regex);
  const bool before_star = at + 1 < pieces.size() && is_star(pieces[at + 1]);
  if (!before_star || form == nullptr) return ".*?";
  const bool last = at + 2 == pieces.size();
  return last ? fmt::format("(?:{})?", form->simple) : std::string(form->simple);
}

std::string group_name(std::size_t number) { return fmt::format("column_{}_of_parse", number); }

}  // namespace

std::string parse_expression(std::span<const ParsePiece> pieces, ParseMode mode, std::string_view flags) {
  std::string out = mode.regex ? (flags.empty() ? "" : fmt::format("(?{})", flags)) : "(?s)^";
  std::size_t columns = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const ParsePiece& piece = pieces[i];
    if (piece.is_text)
      out += mode.regex ? std::string(piece.text) : kql::quote_pattern(piece.text);
    else if (is_star(piece))
      out += ".*?";
    else
      out += fmt::format("(?P<{}>{})", group_name(columns++), taken(pieces, i, mode));
  }
  return mode.regex ? out : out + R"(\z)";
}

Result<ParsePattern> ParsePattern::compile(std::span<const ParsePiece> pieces, ParseMode mode,
                                           std::string_view flags) {
  kql::Pattern pattern = RD_TRY(kql::Pattern::compile(parse_expression(pieces, mode, flags)));
  ParsePattern out(std::move(pattern));
  out.mode_ = mode;
  for (const ParsePiece& piece : pieces) {
    if (piece.column == nullptr) continue;
    out.groups_.push_back(out.pattern_.group_named(group_name(out.columns_.size())).value_or(0));
    out.columns_.push_back(piece.column);
  }
  return out;
}

Result<bool> ParsePattern::read(std::string_view text, const kql::EvaluationContext& context,
                                std::vector<Value>& values) {
  values.clear();
  bool fits = pattern_.find(text, 0, found_);
  for (std::size_t i = 0; i < columns_.size() && fits; ++i) {
    Value value = RD_TRY(read_value(found_[groups_[i]].value_or(""), columns_[i]->type, context));
    values.push_back(std::move(value));
    fits = mode_.relaxed || columns_[i]->type == Type::Dynamic || !values.back().is_null();
  }
  if (fits) return true;
  values.clear();
  for (const kql::Column* column : columns_)
    values.push_back(Value::null(column->type));
  return false;
}

Result<Value> read_value(std::string_view text, Type type, const kql::EvaluationContext& context) {
  const Value value = Value::of_string(std::string(text));
  if (type == Type::String || type == Type::Unknown) return value;
  if (type != Type::Dynamic) return kql::convert(value, type);
  static const kql::Function* const parse = kql::find_function("parse_json", kql::FunctionKind::Scalar);
  return kql::evaluate(*parse, std::array{value}, context);
}

}  // namespace redoubt::query::detail
