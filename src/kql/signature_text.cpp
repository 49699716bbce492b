#include "kql/signature_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/text.h"

namespace redoubt::kql {

namespace {

/// Words for a set of types, the widest first: `number`, `integer` and `scalar` stand for several.
std::vector<std::string_view> type_words(TypeSet types, DynamicShape shape) {
  std::vector<std::string_view> out;
  const auto take = [&](TypeSet set, std::string_view word) {
    if ((types & set) != set) return;
    out.push_back(word);
    types = static_cast<TypeSet>(types & ~set);
  };
  take(kNumbers, "number");
  take(kIntegers, "integer");
  for (std::size_t index = 1; index < kTypes; ++index) {
    const Type type = static_cast<Type>(index);
    if (type != Type::Dynamic || shape == DynamicShape::Any)
      take(set_of(type), type_name(type));
    else
      take(set_of(type), shape == DynamicShape::Array ? "array" : "bag");
  }
  return out;
}

std::string types_text(const Parameter& parameter) {
  if (parameter.types == kAllTypes && parameter.shape == DynamicShape::Any) return "scalar";
  if (parameter.types == without(kAllTypes, Type::Dynamic)) return "scalar but dynamic";
  return join(type_words(parameter.types, parameter.shape), " or ");
}

std::string columns_text(const Signature& signature, std::string_view before, std::string_view behind) {
  std::vector<std::string> parts;
  if (!before.empty()) parts.emplace_back(before);
  for (const ResultColumn& column : signature.columns)
    parts.push_back(fmt::format("{}: {}", column.name, type_name(column.type)));
  if (!behind.empty()) parts.emplace_back(behind);
  const std::vector<std::string_view> views(parts.begin(), parts.end());
  return fmt::format("({})", join(views, ", "));
}

std::string fixed_text(const Signature& signature) {
  if (signature.shape == DynamicShape::Array) return "dynamic array";
  if (signature.shape == DynamicShape::Bag) return "dynamic bag";
  return std::string(type_name(signature.type));
}

std::string_view reference_text(const Function& function) {
  if (function.kind == FunctionKind::Table) return function.name == "graph" ? "graph" : "table";
  return function.name;
}

}  // namespace

std::string argument_text(const Parameter& parameter) {
  if (!parameter.values.empty()) {
    std::vector<std::string> quoted;
    for (const std::string_view value : parameter.values)
      quoted.push_back(fmt::format("'{}'", value));
    return join(std::vector<std::string_view>(quoted.begin(), quoted.end()), " or ");
  }
  switch (parameter.form) {
    case ArgumentForm::Column:
      return parameter.types == kAllTypes ? "column" : fmt::format("column of {}", types_text(parameter));
    case ArgumentForm::ColumnOfTable:
      return "column of the table";
    case ArgumentForm::ColumnOfBoth:
      return "column of both tables";
    case ArgumentForm::OverElements:
      return "expression over its elements";
    case ArgumentForm::Literal:
    case ArgumentForm::FullLiteral:
      return "literal " + types_text(parameter);
    case ArgumentForm::Constant:
      return "constant " + types_text(parameter);
    case ArgumentForm::TypeLiteral:
      return "typeof(...)";
    case ArgumentForm::Star:
      return "*";
    case ArgumentForm::StarToo:
      return types_text(parameter) + " or *";
    case ArgumentForm::Aggregate:
      return "aggregate";
    case ArgumentForm::Table:
      return "table";
    case ArgumentForm::Expression:
      break;
  }
  return types_text(parameter);
}

std::string parameter_text(const Parameter& parameter) {
  std::string out = parameter.form == ArgumentForm::Star
                        ? std::string("*")
                        : fmt::format("{}: {}", parameter.name, argument_text(parameter));
  if (parameter.tilde) out += " or ~";
  if (parameter.most > 1) out += ", ...";
  return parameter.least == 0 ? fmt::format("[{}]", out) : out;
}

std::string call_text(const Function& function, const Signature& signature) {
  std::vector<std::string> parts;
  if (signature.layout == Layout::Blocks) {
    // Those that repeat do so together: said once, behind the last of them.
    const auto& all = signature.parameters;
    for (std::size_t i = 0; i < all.size(); ++i) {
      Parameter one = all[i];
      if (one.most > 1 && i + 1 < all.size() && all[i + 1].most > 1) one.most = 1;
      parts.push_back(parameter_text(one));
    }
  } else {
    for (const Parameter& parameter : signature.parameters)
      parts.push_back(parameter_text(parameter));
  }
  const std::vector<std::string_view> views(parts.begin(), parts.end());
  return fmt::format("{}({})", function.name, join(views, ", "));
}

std::string short_call_text(const Function& function, const Signature& signature, std::size_t width) {
  std::string out = fmt::format("{}(", function.name);
  bool first = true;
  for (const Parameter& parameter : signature.parameters) {
    std::string one = parameter.form == ArgumentForm::Star ? "*" : std::string(parameter.name);
    if (parameter.most > 1) one += ", ...";
    if (parameter.least == 0) one = fmt::format("[{}]", one);
    if (!first) out += ", ";
    if (!first && out.size() + one.size() + 1 > width) return out + "...)";
    out += one;
    first = false;
  }
  return out + ")";
}

std::string result_text(const Function& function, const Signature& signature) {
  const auto name_of = [&](std::size_t index) {
    return index < signature.parameters.size() ? signature.parameters[index].name : std::string_view();
  };
  switch (signature.rule) {
    case ResultRule::Fixed:
      return fixed_text(signature);
    case ResultRule::Argument0:
      return fmt::format("type of {}", name_of(0));
    case ResultRule::Argument1:
      return fmt::format("type of {}", name_of(1));
    case ResultRule::Argument0Array:
      return fmt::format("dynamic array of {}", name_of(0));
    case ResultRule::Argument0Promoted:
      return fmt::format("type of {}; long for int", name_of(0));
    case ResultRule::Common:
    case ResultRule::CommonNotDynamic:
      return "common type of the arguments";
    case ResultRule::Widest:
      return "widest type of the arguments";
    case ResultRule::Literal0:
      return fmt::format("type that {} names", name_of(0));
    case ResultRule::Literal1:
      return fmt::format("type that {} names", name_of(1));
    case ResultRule::LiteralLast:
      return fmt::format("type that {} names", name_of(signature.parameters.size() - 1));
    case ResultRule::ByName:
      return "type that its arguments tell";
    case ResultRule::PrefixedColumns:
      return "columns " + columns_text(signature, {}, {});
    case ResultRule::ColumnsByName:
      return "columns that its arguments tell";
    case ResultRule::Reference:
      return std::string(reference_text(function));
    case ResultRule::FixedTable:
      return columns_text(signature, {}, {});
    case ResultRule::KeysTable:
      return columns_text(signature, "the columns named", {});
    case ResultRule::TableBeforeInput:
      return columns_text(signature, {}, "the input's columns");
    case ResultRule::InputTable:
      return "the input's columns";
    case ResultRule::OpenTable:
      return "columns that the data tells";
    case ResultRule::TableByName:
      return "columns that its arguments tell";
  }
  return {};
}

std::string signature_text(const Function& function, const Signature& signature) {
  return fmt::format("{} -> {}", call_text(function, signature), result_text(function, signature));
}

}  // namespace redoubt::kql
