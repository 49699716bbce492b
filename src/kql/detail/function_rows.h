#pragma once

#include <array>
#include <span>
#include <string_view>

#include "kql/functions.h"

/// What the rows of the function tables are written with; only src/kql/functions/*.cpp include it.
namespace redoubt::kql::detail {

using enum Type;
using enum ResultName;
using enum ResultRule;

template <auto make>
static constexpr auto kKept = make();

/// A list that lives as long as the program, so that a span of it may stand in a row; a function can't give
/// its arguments that.
#define RD_LIST(...) kKept<[] { return std::array{__VA_ARGS__}; }>

using Parameters = std::span<const Parameter>;
using Signatures = std::span<const Signature>;
using Columns = std::span<const ResultColumn>;

// Parameters by what they take.

constexpr Parameter typed(TypeSet types, std::string_view name) { return {.name = name, .types = types}; }
constexpr Parameter typed(Type type, std::string_view name) { return typed(set_of(type), name); }
constexpr Parameter scalar(std::string_view name) { return typed(kAllTypes, name); }
constexpr Parameter string(std::string_view name) { return typed(String, name); }
constexpr Parameter boolean(std::string_view name) { return typed(Bool, name); }
constexpr Parameter real(std::string_view name) { return typed(Real, name); }
constexpr Parameter datetime(std::string_view name) { return typed(DateTime, name); }
constexpr Parameter timespan(std::string_view name) { return typed(Timespan, name); }
constexpr Parameter integer(std::string_view name) { return typed(kIntegers, name); }
constexpr Parameter number(std::string_view name) { return typed(kNumbers, name); }
constexpr Parameter summable(std::string_view name) { return typed(kSummables, name); }
constexpr Parameter orderable(std::string_view name) { return typed(kOrderables, name); }
constexpr Parameter not_dynamic(std::string_view name) { return typed(without(kAllTypes, Dynamic), name); }
constexpr Parameter string_or_dynamic(std::string_view name) { return typed(set_of(String, Dynamic), name); }
constexpr Parameter number_or_bool(std::string_view name) { return typed(kNumbers | set_of(Bool), name); }

constexpr Parameter shaped(DynamicShape shape, TypeSet others, std::string_view name) {
  return {.name = name, .types = static_cast<TypeSet>(others | set_of(Dynamic)), .shape = shape};
}
constexpr Parameter array(std::string_view name) { return shaped(DynamicShape::Array, kNoType, name); }
constexpr Parameter bag(std::string_view name) { return shaped(DynamicShape::Bag, kNoType, name); }
constexpr Parameter string_or_array(std::string_view name) {
  return shaped(DynamicShape::Array, set_of(String), name);
}
constexpr Parameter integer_or_array(std::string_view name) {
  return shaped(DynamicShape::Array, kIntegers, name);
}

constexpr Parameter agreeing(Agreement agreement, TypeSet types, std::string_view name) {
  return {.name = name, .types = types, .agreement = agreement};
}
constexpr Parameter choice(std::string_view name) {
  return agreeing(Agreement::CommonOrDynamic, kAllTypes, name);
}

// What a parameter asks for beside a type.

constexpr Parameter of_form(ArgumentForm form, Parameter parameter) {
  parameter.form = form;
  return parameter;
}
constexpr Parameter column(Parameter parameter) { return of_form(ArgumentForm::Column, parameter); }
constexpr Parameter table_column(Parameter parameter) {
  return of_form(ArgumentForm::ColumnOfTable, parameter);
}
constexpr Parameter literal(Parameter parameter) { return of_form(ArgumentForm::Literal, parameter); }
constexpr Parameter full_literal(Parameter parameter) {
  return of_form(ArgumentForm::FullLiteral, parameter);
}
constexpr Parameter constant(Parameter parameter) { return of_form(ArgumentForm::Constant, parameter); }
constexpr Parameter over_elements(Parameter parameter) {
  return of_form(ArgumentForm::OverElements, parameter);
}
constexpr Parameter star(std::string_view name) { return of_form(ArgumentForm::Star, scalar(name)); }
constexpr Parameter star_too(std::string_view name) { return of_form(ArgumentForm::StarToo, scalar(name)); }
constexpr Parameter type_literal(std::string_view name) {
  return of_form(ArgumentForm::TypeLiteral, typed(kNoType, name));
}
constexpr Parameter table(std::string_view name) {
  return of_form(ArgumentForm::Table, typed(kNoType, name));
}

constexpr Parameter times(std::uint8_t least, std::uint8_t most, Parameter parameter) {
  parameter.least = least;
  parameter.most = most;
  return parameter;
}
constexpr Parameter optional(Parameter parameter) { return times(0, 1, parameter); }
constexpr Parameter any_number(Parameter parameter) { return times(0, Parameter::kMany, parameter); }
constexpr Parameter one_or_more(Parameter parameter) { return times(1, Parameter::kMany, parameter); }
constexpr Parameter or_tilde(Parameter parameter) {
  parameter.tilde = true;
  return optional(parameter);
}
constexpr Parameter one_of(std::span<const std::string_view> values, Parameter parameter) {
  parameter.values = values;
  return parameter;
}

// Signatures by what they give.

constexpr ResultColumn out(std::string_view name, Type type) { return {.name = name, .type = type}; }

constexpr Signature gives(Type type, Parameters parameters = {}) {
  return {.type = type, .parameters = parameters};
}
constexpr Signature gives_array(Parameters parameters = {}) {
  return {.type = Dynamic, .shape = DynamicShape::Array, .parameters = parameters};
}
constexpr Signature gives_bag(Parameters parameters = {}) {
  return {.type = Dynamic, .shape = DynamicShape::Bag, .parameters = parameters};
}
constexpr Signature gives(ResultRule rule, Parameters parameters = {}, Columns columns = {}) {
  return {.rule = rule, .parameters = parameters, .columns = columns};
}
constexpr Signature laid_out(Layout layout, Signature signature) {
  signature.layout = layout;
  return signature;
}
constexpr Signature replaced_by(std::string_view instead, Signature signature) {
  signature.instead = instead;
  return signature;
}

// Rows.

/// Offered by all products that the language reference marks.
inline constexpr std::uint8_t kEverywhere = kAdx | kFabric | kLogAnalytics | kSentinel;

/// A function that is a constant when its arguments are.
constexpr Function pure(std::string_view name, Signatures signatures, std::string_view link,
                        ResultName result_name = None, std::string_view prefix = {}) {
  return {.name = name,
          .signatures = signatures,
          .result_name = result_name,
          .prefix = prefix,
          .availability = kEverywhere,
          .constant = true,
          .link = link};
}
constexpr Function impure(std::string_view name, Signatures signatures, std::string_view link,
                          ResultName result_name = None, std::string_view prefix = {}) {
  Function row = pure(name, signatures, link, result_name, prefix);
  row.constant = false;
  return row;
}
constexpr Function of_kind(FunctionKind kind, Function row) {
  row.kind = kind;
  return row;
}
constexpr Function in_graph(std::string_view name, Signatures signatures, std::string_view link) {
  return of_kind(FunctionKind::Graph, impure(name, signatures, link));
}
constexpr Function source(FunctionKind kind, std::string_view name, Signatures signatures,
                          std::string_view link) {
  return of_kind(kind, impure(name, signatures, link));
}
/// An aggregate whose column is called after a prefix, if none is given after itself, and its argument.
constexpr Function aggregate(std::string_view name, Signatures signatures, std::string_view link,
                             std::string_view prefix = {}) {
  return of_kind(FunctionKind::Aggregate,
                 impure(name, signatures, link, PrefixAndFirstArgument, prefix.empty() ? name : prefix));
}
/// An aggregate whose columns do not tell which one it was.
constexpr Function nameless(std::string_view name, Signatures signatures, std::string_view link,
                            ResultName result_name = None, std::string_view prefix = {}) {
  return of_kind(FunctionKind::Aggregate, impure(name, signatures, link, result_name, prefix));
}
constexpr Function plugin(std::string_view name, Signatures signatures, std::string_view link) {
  return of_kind(FunctionKind::Plugin, impure(name, signatures, link));
}
constexpr Function only(std::uint8_t availability, Function row) {
  row.availability = availability;
  return row;
}
/// Known to the engine, but not offered to authors.
constexpr Function hidden(Function row) {
  row.hidden = true;
  return row;
}
/// Another name of a function. Without a page of its own it has that of the main name, and its availability.
constexpr Function alias(std::string_view main_name, Function row) {
  row.alias_of = main_name;
  return row;
}
constexpr Function deprecated(std::string_view instead, Function row) {
  row.instead = instead;
  row.hidden = true;
  return row;
}
constexpr Function slower_than(std::string_view faster, Function row) {
  row.faster = faster;
  return row;
}

}  // namespace redoubt::kql::detail
