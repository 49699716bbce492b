#include <fmt/format.h>

#include "arm/detail/deployment.h"
#include "core/text.h"

namespace redoubt::arm {

using doc::Member;
using doc::UnknownType;
using doc::Value;

namespace {

/// What a parameter's `type` says. Names ignore case.
struct TypeRow {
  std::string_view name;
  UnknownType type;
  bool secure;
};
constexpr TypeRow kTypes[] = {
    {"string", UnknownType::String, false},
    {"securestring", UnknownType::String, true},
    {"int", UnknownType::Int, false},
    {"bool", UnknownType::Bool, false},
    {"array", UnknownType::Array, false},
    {"object", UnknownType::Object, false},
    {"secureobject", UnknownType::Object, true},
};

const TypeRow* find_type(const Value& declaration) {
  const std::optional<std::string_view> name = declaration.text_of("type");
  if (!name) return nullptr;
  for (const TypeRow& row : kTypes)
    if (equal_any_case(row.name, *name)) return &row;
  return nullptr;
}

bool fits(UnknownType type, const Value& value) {
  switch (type) {
    case UnknownType::Any:
      return true;
    case UnknownType::String:
      return value.is_string();
    case UnknownType::Int:
      return value.is_int();
    case UnknownType::Bool:
      return value.is_bool();
    case UnknownType::Array:
      return value.is_array();
    case UnknownType::Object:
      return value.is_object();
  }
  return true;
}

bool is_nullable(const Value& declaration) {
  const Value* nullable = declaration.find_any_case("nullable");
  return nullable != nullptr && nullable->is_bool() && nullable->as_bool();
}

bool same_without_case(const Value& left, const Value& right) {
  if (left.is_string() && right.is_string()) return equal_ignore_case(left.as_string(), right.as_string());
  return equal(left, right);
}

/// allowedValues of an array parameter may list its elements.
bool is_allowed(const Value& value, const Value& allowed) {
  const auto listed = [&](const Value& one) {
    if (one.is_unknown()) return true;
    for (const Value& candidate : allowed.items())
      if (same_without_case(one, candidate)) return true;
    return false;
  };
  if (listed(value)) return true;
  if (!value.is_array()) return false;
  for (const Value& item : value.items())
    if (!listed(item)) return false;
  return true;
}

/// The variant of a discriminated type that a value's own property picks.
const Value* discriminated(const Value& type, const Value& value) {
  const Value* discriminator = type.find_any_case("discriminator");
  if (discriminator == nullptr || !value.is_object()) return nullptr;
  const Value* mapping = discriminator->find_any_case("mapping");
  const std::optional<std::string_view> property = discriminator->text_of("propertyName");
  const std::optional<std::string_view> tag = property ? value.text_of(*property) : std::nullopt;
  return mapping == nullptr || !tag ? nullptr : mapping->find_any_case(*tag);
}

Result<Value> once(Cell& cell, std::string_view what, std::string_view name, Evaluator& evaluator,
                   const std::function<Result<Value>()>& work_out) {
  if (cell.result) return *cell.result;
  if (cell.active)
    return fail(Error::Kind::InvalidInput, "ARM0208",
                fmt::format("circular reference through the {} {}", what, name));
  RD_TRY(evaluator.check_depth());
  cell.active = true;
  {
    const Evaluator::Nesting nesting(evaluator.budget());
    cell.result = work_out();
    if (cell.result->has_value())
      if (Result<void> spent = evaluator.spend_parts(**cell.result); !spent)
        cell.result = tl::unexpected(spent.error());
  }
  cell.active = false;
  return *cell.result;
}

Cell& cell_of(std::map<std::string, Cell, std::less<>>& cells, std::string_view name) {
  return cells[lower(name)];
}

}  // namespace

void Deployment::supply_parameters(const Value* supplied, std::span<const Loop> loops) {
  supplied_.parameters = supplied;
  supplied_.loops.assign(loops.begin(), loops.end());
}

void Deployment::set_parameter(std::string_view name, const Value& value) {
  cell_of(parameters_, name).result = value;
}

void Deployment::set_variable(std::string_view name, const Value& value) {
  cell_of(variables_, name).result = value;
}

Result<Value> Deployment::parameter(std::string_view name) {
  return once(cell_of(parameters_, name), "parameter", name, run_.evaluator,
              [&] { return work_out_parameter(name); });
}

Result<Value> Deployment::variable(std::string_view name) {
  return once(cell_of(variables_, name), "variable", name, run_.evaluator,
              [&] { return work_out_variable(name); });
}

Result<Value> Deployment::output(std::string_view name) {
  return once(cell_of(outputs_, name), "output", name, run_.evaluator, [&] { return work_out_output(name); });
}

const Value& Deployment::type_of(const Value& declaration) const {
  const Value* type = &declaration;
  for (int i = 0; i < 32; ++i) {
    const std::optional<std::string_view> reference = type->text_of("$ref");
    if (!reference || !reference->starts_with("#/definitions/")) return *type;
    const Value* definitions = root_.find_any_case("definitions");
    const Value* found = definitions == nullptr ? nullptr : definitions->find_any_case(reference->substr(14));
    if (found == nullptr) return *type;
    type = found;
  }
  return *type;
}

/// Members and elements that the type definition calls secure.
Value Deployment::mark_secure(const Value& value, const Value& declaration, int depth) const {
  static constexpr int kMaxTypeDepth = 64;
  const Value& type = type_of(declaration);
  const TypeRow* row = find_type(type);
  if (row != nullptr && row->secure && depth > 0) return value.is_null() ? value : value.as_secret();
  if (depth >= kMaxTypeDepth) return value;
  if (const Value* variant = discriminated(type, value)) return mark_secure(value, *variant, depth + 1);
  if (value.is_array()) {
    const Value* of_items = type.find_any_case("items");
    const Value* prefix = type.find_any_case("prefixItems");
    std::vector<Value> items;
    for (std::size_t i = 0; i < value.size(); ++i) {
      const bool in_prefix = prefix != nullptr && prefix->is_array() && i < prefix->size();
      const Value* of_item = in_prefix ? &prefix->items()[i] : of_items;
      const Value& item = value.items()[i];
      items.push_back(of_item != nullptr && of_item->is_object() ? mark_secure(item, *of_item, depth + 1)
                                                                 : item);
    }
    return doc::make_array(run_.arena, items).at(value.place()).from(value.value_place());
  }
  const Value* properties = type.find_any_case("properties");
  const Value* additional = type.find_any_case("additionalProperties");
  if (!value.is_object() || (properties == nullptr && additional == nullptr)) return value;
  std::vector<Member> members;
  for (const Member& member : value.members()) {
    const Value* of_member = properties == nullptr ? nullptr : properties->find_any_case(member.name);
    if (of_member == nullptr) of_member = additional;
    const bool typed = of_member != nullptr && of_member->is_object();
    members.push_back({member.name, typed ? mark_secure(member.value, *of_member, depth + 1) : member.value});
  }
  return doc::make_object(run_.arena, members).at(value.place()).from(value.value_place());
}

Result<std::optional<Value>> Deployment::supplied_value(std::string_view name) {
  if (supplied_.parameters == nullptr) return std::optional<Value>();
  const Value* entry = supplied_.parameters->find_any_case(name);
  if (entry == nullptr) return std::optional<Value>();
  Deployment& giver = around_ == nullptr ? *this : *around_;
  Surroundings surroundings(giver, supplied_.loops);
  Value whole = *entry;
  if (around_ != nullptr) whole = RD_TRY(giver.resolve(*entry, surroundings));
  if (whole.is_unknown()) return std::optional<Value>(run_.origins.part(whole, ".value"));
  if (const Value* value = whole.find_any_case("value")) return std::optional<Value>(*value);
  if (whole.find_any_case("reference") != nullptr)
    return std::optional<Value>(run_.origins.unknown(
        UnknownType::Any, fmt::format("key vault secret of parameters.{}", name), true, true));
  if (around_ == nullptr && !whole.is_object()) return std::optional<Value>(whole);
  run_.report({Error::Kind::InvalidInput,
               "ARM0105",
               fmt::format("what is given for the parameter {} has no value", name),
               {},
               "write {\"value\": ...}"},
              entry->place(), around_ == nullptr ? Severity::Error : Severity::Warning);
  run_.failed = run_.failed || around_ == nullptr;
  return std::optional<Value>();
}

Result<Value> Deployment::work_out_parameter(std::string_view name) {
  const Value* declarations = root_.find_any_case("parameters");
  const Member* declared = declarations == nullptr ? nullptr : declarations->find_member_any_case(name);
  if (declared == nullptr) {
    std::vector<std::string_view> names;
    if (declarations != nullptr && declarations->is_object())
      for (const Member& member : declarations->members())
        names.push_back(member.name);
    const auto near = closest(name, names);
    return fail(Error::Kind::InvalidInput, "ARM0201", fmt::format("the template has no parameter {}", name),
                {}, near ? fmt::format("did you mean {}?", *near) : std::string());
  }
  const Value& declaration = declared->value;
  const Value& type = type_of(declaration);
  const TypeRow* row = find_type(type);
  const bool secure = row != nullptr && row->secure;
  if (const Value* written = type.find_any_case("type");
      row == nullptr && written != nullptr && written->is_string())
    run_.report(
        {Error::Kind::InvalidInput,
         "ARM0202",
         fmt::format("the parameter {} has an unknown type: {}", declared->name, written->as_string()),
         {},
         {}},
        written->place(), Severity::Warning);
  const Value* default_value = declaration.find_any_case("defaultValue");

  std::optional<Value> value = RD_TRY(supplied_value(declared->name));
  const bool nullable = is_nullable(declaration) || is_nullable(type);
  bool is_default = false;
  if ((!value || (value->is_null() && !nullable)) && default_value != nullptr) {
    Surroundings own(*this);
    value = RD_TRY(resolve(*default_value, own));
    is_default = true;
  }
  if (!value && nullable) value = Value::null().at(declaration.place());
  if (!value)
    value = run_.origins
                .unknown(row == nullptr ? UnknownType::Any : row->type,
                         fmt::format("parameters.{}", declared->name), secure, !nullable)
                .at(declaration.place());
  Value checked = check_parameter(declared->name, declaration, *value, is_default);
  checked = mark_secure(checked, declaration);
  return secure && !checked.is_null() ? checked.as_secret() : checked;
}

Value Deployment::check_parameter(std::string_view name, const Value& declaration, Value value,
                                  bool is_default) {
  if (value.is_unknown() || value.is_null()) return value;
  const TypeRow* row = find_type(type_of(declaration));
  // A default that does not fit is the author's affair, a value that does not fit is refused at deployment.
  const Severity severity = is_default || around_ != nullptr ? Severity::Warning : Severity::Error;
  const doc::Place place = value.value_place() ? value.value_place() : declaration.place();
  std::string wrong;
  std::string_view code = "ARM0105";
  const Value* allowed = declaration.find_any_case("allowedValues");
  if (row != nullptr && !fits(row->type, value)) {
    wrong = fmt::format("the parameter {} takes a value of type {}, not {}", name, row->name,
                        name_of(value.kind()));
  } else if (allowed != nullptr && allowed->is_array() && !is_allowed(value, *allowed)) {
    wrong = fmt::format("the value of the parameter {} is not one of its allowedValues", name);
    code = "ARM0106";
  }
  if (wrong.empty()) return value;
  run_.report({Error::Kind::InvalidInput, std::string(code), std::move(wrong), {}, {}}, place, severity);
  run_.failed = run_.failed || severity == Severity::Error;
  return value;
}

void Deployment::check_supplied() {
  if (supplied_.parameters == nullptr || !supplied_.parameters->is_object()) return;
  const Value* declarations = root_.find_any_case("parameters");
  for (const Member& member : supplied_.parameters->members()) {
    if (member.name.starts_with("$") ||
        (declarations != nullptr && declarations->find_any_case(member.name) != nullptr))
      continue;
    run_.report({Error::Kind::InvalidInput,
                 "ARM0107",
                 fmt::format("the template has no parameter {}", member.name),
                 {},
                 "is this the parameter file of another template?"},
                member.value.place(), Severity::Warning);
  }
}

std::vector<std::string> Deployment::output_names() const {
  std::vector<std::string> names;
  const Value* outputs = root_.find_any_case("outputs");
  if (outputs != nullptr && outputs->is_object())
    for (const Member& member : outputs->members())
      names.emplace_back(member.name);
  return names;
}

Result<Value> Deployment::work_out_output(std::string_view name) {
  const Value* outputs = root_.find_any_case("outputs");
  const Value* output = outputs == nullptr ? nullptr : outputs->find_any_case(name);
  if (output == nullptr)
    return fail(Error::Kind::InvalidInput, "ARM0201", fmt::format("the deployment has no output {}", name));
  const auto wrong = [&](const Value& node, std::string_view what, std::string_view wanted) {
    return fail(Error::Kind::InvalidInput, "ARM0202",
                fmt::format("{} must be {}, not {}: {}", what, wanted, doc::name_of(node.kind()), name),
                run_.sources.where(node.place()));
  };
  if (!output->is_object()) return wrong(*output, "an output", "an object");
  const std::vector<Loop> loops = instance_ != nullptr && !inner_ ? instance_->loops : std::vector<Loop>();
  Surroundings own(*this, loops);
  if (const Value* condition_node = output->find_any_case("condition")) {
    const Value condition = RD_TRY(resolve(*condition_node, own));
    if (!condition.is_bool() && !condition.is_unknown() && !condition.is_null())
      return wrong(condition, "the condition of an output", "a bool");
    if (condition.is_bool() && !condition.as_bool())
      return fail(Error::Kind::InvalidInput, "ARM0205",
                  fmt::format("the condition of the output {} is false", name));
  }
  const TypeRow* row = find_type(type_of(*output));
  Value value;
  const Value* loop = output->find_any_case("copy");
  if (loop != nullptr && !loop->is_object() && !loop->is_null())
    return wrong(*loop, "copy of an output", "an object");
  if (loop != nullptr && loop->find_any_case("input") != nullptr) {
    const Value one = Value::integer(1);
    const Value* count = loop->find_any_case("count");
    value =
        RD_TRY(resolve_loop(count == nullptr ? one : *count, *loop->find_any_case("input"), {}, true, own));
  } else if (const Value* node = output->find_any_case("value")) {
    value = RD_TRY(resolve(*node, own));
  }
  return row != nullptr && row->secure ? value.as_secret() : value;
}

Result<Value> Deployment::user_function(const Expression& call, std::span<const Value> arguments) {
  const std::size_t point = call.name.rfind('.');
  const std::string_view space = call.name.substr(0, point);
  const std::string_view name = call.name.substr(point + 1);
  const Value* functions = root_.find_any_case("functions");
  if (functions != nullptr && functions->is_array()) {
    for (const Value& entry : functions->items()) {
      const std::optional<std::string_view> entry_space = entry.text_of("namespace");
      const Value* members = entry.find_any_case("members");
      if (!entry_space || !equal_any_case(*entry_space, space) || members == nullptr) continue;
      const Value* function = members->find_any_case(name);
      if (function == nullptr) break;
      const Value* parameters = function->find_any_case("parameters");
      const Value* output = function->find_any_case("output");
      const Value* body = output == nullptr ? nullptr : output->find_any_case("value");
      const std::size_t count = parameters != nullptr && parameters->is_array() ? parameters->size() : 0;
      if (body == nullptr || arguments.size() > count)
        return fail(Error::Kind::InvalidInput, "ARM0103",
                    fmt::format("{} takes {} arguments, not {}", call.name, count, arguments.size()));
      std::vector<Member> members_of_call;
      for (std::size_t i = 0; i < count; ++i) {
        const Value& parameter = parameters->items()[i];
        members_of_call.push_back({parameter.text_of("name").value_or(std::string_view()),
                                   i < arguments.size() ? arguments[i] : Value::null()});
      }
      const Value bound = doc::make_object(run_.arena, members_of_call);
      RD_TRY(run_.evaluator.check_depth());
      const Evaluator::Nesting nesting(run_.budget);
      Surroundings inside(*this, {}, &bound);
      const Value result = RD_TRY(resolve(*body, inside));
      const TypeRow* row = find_type(type_of(*output));
      return row != nullptr && row->secure ? result.as_secret() : result;
    }
  }
  return fail(Error::Kind::InvalidInput, "ARM0102", fmt::format("unknown function: {}", call.name));
}

}  // namespace redoubt::arm
