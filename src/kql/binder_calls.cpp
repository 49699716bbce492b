#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/text.h"
#include "kql/detail/binder.h"
#include "kql/detail/overloads.h"
#include "kql/signature_text.h"
#include "kql/type_rules.h"

namespace redoubt::kql::detail {

namespace {

std::vector<const Expression*> values_of(std::span<const ArgumentHint> hints) {
  std::vector<const Expression*> out;
  for (const ArgumentHint& hint : hints)
    out.push_back(hint.value);
  return out;
}

Type long_if_int(Type type) { return type == Type::Int ? Type::Long : type; }

/// Of numbers; Unknown where one of the arguments is.
Type widest_type(std::span<const Expression* const> arguments) {
  Type widest = Type::Unknown;
  for (const Expression* argument : arguments) {
    if (argument->type == Type::Unknown) return Type::Unknown;
    if (contains(kNumbers, argument->type) && (widest == Type::Unknown || promotes(widest, argument->type)))
      widest = argument->type;
  }
  return long_if_int(widest);
}

/// Of functions whose result no general rule tells.
/// Source: answers of Microsoft's engine: weeks are a real.
Type type_by_name(const Function& function, std::span<const Expression* const> arguments) {
  if (arguments.empty()) return Type::Unknown;
  if (function.name != "datetime_diff") return long_if_int(arguments[0]->type);
  return equal_any_case(arguments[0]->name, "week") ? Type::Real : Type::Long;
}

/// The type of a scalar result; `parameters` are those of the arguments.
Type result_type(const Signature& signature, std::span<const Parameter* const> parameters,
                 std::span<const Expression* const> arguments) {
  const auto type_of = [&](std::size_t number) {
    for (std::size_t i = 0; i < arguments.size(); ++i)
      if (number < signature.parameters.size() && parameters[i] == &signature.parameters[number])
        return arguments[i]->type;
    return Type::Unknown;
  };
  switch (signature.rule) {
    case ResultRule::Fixed:
      return signature.type;
    case ResultRule::Argument0:
    case ResultRule::Literal0:
      return type_of(0);
    case ResultRule::Argument1:
    case ResultRule::Literal1:
      return type_of(1);
    case ResultRule::LiteralLast:
      return type_of(signature.parameters.size() - 1);
    case ResultRule::Argument0Array:
      return Type::Dynamic;
    case ResultRule::Argument0Promoted:
      return long_if_int(type_of(0));
    case ResultRule::Common:
      return common_argument(parameters, arguments).type;
    case ResultRule::CommonNotDynamic:
      return common_argument(parameters, arguments, true).type;
    case ResultRule::Widest:
      return widest_type(arguments);
    default:
      return Type::Unknown;
  }
}

/// `countif(a = "x")`
bool names_a_condition(const Parameter& parameter, const ArgumentHint& hint) {
  return !hint.name.empty() && parameter.types == set_of(Type::Bool) && hint.value->is_scalar() &&
         hint.value->type != Type::Unknown && hint.value->type != Type::Bool && !hint.value->guessed;
}

/// How many arguments a way of calling takes, where it does not take so many.
std::string taken(const Signature& signature, std::size_t count) {
  const ArgumentCount range = argument_count(signature);
  // Of blocks, such as conditions with their values, one is not whole.
  if (count >= range.least && count <= range.most && takes(signature, count + 1))
    return count % 2 == 0 ? "an odd number of arguments" : "an even number of arguments";
  if (range.least == range.most) return counted(range.least, "argument");
  if (range.most >= 255) return fmt::format("{} or more arguments", range.least);
  return fmt::format("{} to {} arguments", range.least, range.most);
}

}  // namespace

const Function* Binder::find_callable(std::string_view name) const {
  if (calls_ == Calls::Plugins) return find_function(name, FunctionKind::Plugin);
  if (calls_ == Calls::Aggregates)
    if (const Function* const found = find_function(name, FunctionKind::Aggregate)) return found;
  for (const FunctionKind kind : {FunctionKind::Scalar, FunctionKind::Table, FunctionKind::Scope})
    if (const Function* const found = find_function(name, kind)) return found;
  return graph_ == nullptr ? nullptr : find_function(name, FunctionKind::Graph);
}

Binder::Bound Binder::bind_call(const Node& node, Want want) {
  const std::string_view name = name_of(node[0]);
  const Bound declared = scope_->find(name);
  if (is_pattern(declared)) return call_pattern(declared, node);
  // A function of the query hides none of the language's.
  if (const Function* const function = find_callable(name)) return call(*function, node, want);
  const bool is_user =
      declared != nullptr && declared->kind == ExpressionKind::Function && declared->user != nullptr;
  if (is_user) return call_user(*declared->user, node, bind_arguments(*declared->user, node[1]), &node[1]);
  if (const UserFunction* const saved = saved_function(name))
    return call_user(*saved, node, bind_arguments(*saved, node[1]), &node[1]);
  return unknown_function(name, node, want);
}

std::vector<Binder::Bound> Binder::bind_arguments(const UserFunction& function, const Node& list) {
  const Change<Calls> calls(calls_, calls_ == Calls::Aggregates ? Calls::Aggregates : Calls::Scalars);
  const std::size_t before = implied_ == nullptr ? 0 : 1;
  const Change<Bound> implied(implied_, nullptr);
  std::vector<Bound> out;
  for (std::size_t i = 0; i < list.children.size(); ++i) {
    const bool named = list[i].kind == NodeKind::NamedExpression;
    const Formal* const formal =
        function.formal(named ? name_of(list[i][0]) : std::string_view(), i + before);
    out.push_back(bind(list[i], formal != nullptr && formal->table != nullptr ? Want::Table : Want::Any));
  }
  return out;
}

Binder::Bound Binder::unknown_function(std::string_view name, const Node& node, Want want) {
  const WorkspaceFunction* const known = find_workspace_function(name);
  Bound first = nullptr;
  {
    const bool enriches = known != nullptr && known->result == WorkspaceResult::Enriched;
    const Change<const Relation*> rows(rows_, enriches && implied_ != nullptr ? implied_->relation() : rows_);
    const Change<Calls> calls(calls_, Calls::Scalars);
    const Change<Bound> implied(implied_, nullptr);
    for (const Node* argument : node[1].children)
      if (const Bound value = bind(*argument); first == nullptr) first = value;
  }
  if (name.empty()) return error(node);
  if (known != nullptr) return workspace_result(*known, node, first);
  if (find_function(name, FunctionKind::Aggregate) != nullptr) {
    problem("KQL0211", fmt::format("the aggregate {} is not allowed here", name), node[0],
            "aggregates stand in summarize and make-series");
    return error(node);
  }
  if (find_function(name, FunctionKind::Plugin) != nullptr) {
    problem("KQL0211", fmt::format("the plugin {} is not allowed here", name), node[0],
            fmt::format("plugins are called by evaluate: ... | evaluate {}(...)", name));
    return error(node);
  }
  if (is_recursive(name, node[0])) return error(node);
  if (name.starts_with("__")) return scalar(ExpressionKind::Call, node, Type::Unknown);
  std::vector<std::string_view> names;
  for (const FunctionKind kind : {FunctionKind::Scalar, FunctionKind::Aggregate, FunctionKind::Plugin})
    for (const Function& function : functions(kind))
      if (!function.hidden) names.push_back(function.name);
  add_saved_names(names);
  const std::optional<std::string_view> meant = suggestion(name, names);
  if (want != Want::Table || (!tables_unknown() && !fuzzy_))
    problem("KQL0203", fmt::format("no function has the name {}", name), node[0],
            meant ? fmt::format("did you mean {}?", *meant) : std::string());
  if (want != Want::Table) return error(node);
  const Change<bool> told(fuzzy_, true);
  return open_table(keep(fmt::format("{}()", name)), node);
}

Binder::Bound Binder::bind_argument(const Node& node, const Parameter* parameter,
                                    const std::vector<Bound>& before) {
  const Node& value = node.kind == NodeKind::NamedExpression ? node[1] : node;
  if (parameter == nullptr) return bind(value);
  if (parameter->form == ArgumentForm::Aggregate) {
    const Change<Calls> calls(calls_, Calls::Aggregates);
    return bind(value);
  }
  const bool of_table =
      parameter->form == ArgumentForm::ColumnOfTable || parameter->form == ArgumentForm::ColumnOfBoth;
  if (of_table && !before.empty() && before.front()->is_table()) {
    const Relation* looked_up = before.front()->relation();
    if (parameter->form == ArgumentForm::ColumnOfBoth && !rows_or_none().open)
      looked_up = relation(NodeKind::List, node, common_columns({&rows_or_none(), looked_up}));
    const Change<const Relation*> input(rows_, looked_up);
    return bind(value);
  }
  if (parameter->form == ArgumentForm::OverElements && !before.empty()) {
    const ColumnList elements = before.front()->columns;
    if (elements.empty()) return bind(value);
    const Change<const Relation*> input(rows_,
                                        relation(NodeKind::List, node, {elements.begin(), elements.end()}));
    return bind(value);
  }
  return bind(value);
}

std::vector<Binder::Bound> Binder::bind_arguments(const Function& function, const Node& list) {
  const bool keeps = calls_ == Calls::Aggregates && function.kind != FunctionKind::Aggregate;
  const Change<Calls> calls(calls_, keeps ? Calls::Aggregates : Calls::Scalars);
  std::vector<ArgumentHint> hints(list.children.size());
  for (std::size_t i = 0; i < hints.size(); ++i)
    if (list[i].kind == NodeKind::NamedExpression) hints[i].name = name_of(list[i][0]);
  std::vector<const Parameter*> parameters(hints.size(), nullptr);
  if (function.signatures.size() == 1) parameters = lay_out(function.signatures.front(), hints);
  std::vector<Bound> out;
  if (implied_ != nullptr) out.push_back(implied_);
  const Change<Bound> implied(implied_, nullptr);
  for (std::size_t i = 0; i < list.children.size(); ++i)
    out.push_back(bind_argument(list[i], parameters[i], out));
  return out;
}

Binder::Bound Binder::call(const Function& function, const Node& node, Want) {
  const std::vector<Bound> arguments = bind_arguments(function, node[1]);
  std::vector<ArgumentHint> hints;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::size_t written = i + node[1].children.size() - arguments.size();
    const bool named =
        written < node[1].children.size() && node[1][written].kind == NodeKind::NamedExpression;
    hints.push_back({named ? name_of(node[1][written][0]) : std::string_view(), arguments[i]});
  }
  const std::vector<const Signature*> best = best_signatures(function.signatures, hints);
  const bool faulty = std::any_of(arguments.begin(), arguments.end(), [](Bound argument) {
    return argument->is_error() || argument->guessed ||
           (argument->is_scalar() && argument->type == Type::Unknown);
  });
  if (best.size() == 1) {
    check_call(function, *best.front(), hints, node);
  } else if (!faulty) {
    constexpr std::size_t kShownWays = 3;
    std::vector<std::string> ways;  // those of several types look alike
    for (const Signature& one : function.signatures) {
      std::string way = short_call_text(function, one);
      if (ways.size() < kShownWays && std::ranges::find(ways, way) == ways.end())
        ways.push_back(std::move(way));
    }
    problem("KQL0204", fmt::format("no way of calling {} fits these arguments", function.name), node[0],
            fmt::format("it is {}", fmt::join(ways, " or ")));
  }
  if (best.empty()) return error(node);
  if (best.size() == 1) return result_of(function, *best.front(), hints, node);
  const Bound first = result_of(function, *best.front(), hints, node);
  for (const Signature* other : best) {
    const Bound result = result_of(function, *other, hints, node);
    if (result->kind == first->kind && result->type == first->type) continue;
    if (!faulty) return error(node);
    Expression* const unclear = make(ExpressionKind::Call, node);
    unclear->function = &function;
    unclear->operands = first->operands;
    return unclear;
  }
  return first;
}

void Binder::check_call(const Function& function, const Signature& signature,
                        std::span<const ArgumentHint> hints, const Node& node) {
  if (!takes(signature, hints.size())) {
    problem("KQL0204",
            fmt::format("{} takes {}, not {}", function.name, taken(signature, hints.size()), hints.size()),
            node[0]);
    return;
  }
  const std::vector<Bound> arguments = values_of(hints);
  const std::vector<const Parameter*> parameters = lay_out(signature, hints);
  const CommonArgument common = common_argument(parameters, arguments);
  const bool guessed =
      std::any_of(arguments.begin(), arguments.end(), [](Bound one) { return one->guessed; });
  if (common.any && !common.agreed && !guessed) {
    problem("KQL0212", fmt::format("the arguments of {} have no type in common", function.name), node[0],
            "convert them: tostring(), tolong(), toreal() ...");
    return;
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (parameters[i] == nullptr) continue;
    if (names_a_condition(*parameters[i], hints[i]))
      problem("KQL0205",
              fmt::format("= gives a name, it compares nothing; {} must be bool, it is {}",
                          parameters[i]->name, type_name(arguments[i]->type)),
              *arguments[i]->syntax, "did you mean ==?");
    else
      check_argument(*parameters[i], arguments[i], guessed ? Type::Unknown : common.type);
  }
  check_literals(function, arguments, parameters, node);
}

void Binder::check_argument(const Parameter& parameter, Bound argument, Type common) {
  if (argument->is_error() || is_default(parameter, *argument)) return;
  if (argument->kind == ExpressionKind::Star) {
    if (parameter.form != ArgumentForm::Star && parameter.form != ArgumentForm::StarToo)
      problem("KQL0205", "* is not allowed here", *argument->syntax);
    return;
  }
  if (parameter.form == ArgumentForm::Table) {
    check_table(argument);
    return;
  }
  if (parameter.form == ArgumentForm::TypeLiteral) {
    if (argument->kind != ExpressionKind::Word)
      problem("KQL0205", fmt::format("{} must be a type, written typeof(...)", parameter.name),
              *argument->syntax);
    return;
  }
  if (!argument->is_scalar()) {
    if (parameter.types != kNoType) check_scalar(argument);
    return;
  }
  const bool agrees = parameter.agreement == Agreement::None || argument->type == common ||
                      promotes(argument->type, common) || common == Type::Unknown ||
                      argument->type == Type::Dynamic || common == Type::Dynamic;
  if (!argument->guessed && (!accepts(parameter.types, argument->type) || !agrees)) {
    std::vector<std::string_view> names;
    for (std::size_t i = 1; i < kTypes; ++i)
      if (contains(parameter.types, static_cast<Type>(i))) names.push_back(type_name(static_cast<Type>(i)));
    problem("KQL0205",
            fmt::format("{} must be {}, it is {}", parameter.name,
                        agrees ? redoubt::join(names, " or ") : std::string(type_name(common)),
                        type_name(argument->type)),
            *argument->syntax);
    return;
  }
  if (parameter.form == ArgumentForm::Column || parameter.form == ArgumentForm::ColumnOfTable ||
      parameter.form == ArgumentForm::ColumnOfBoth)
    check_column(argument);
  else if ((parameter.form == ArgumentForm::Literal || parameter.form == ArgumentForm::FullLiteral))
    check_literal(argument);
  else if (parameter.form == ArgumentForm::Constant && !argument->constant)
    problem("KQL0219", fmt::format("{} must be a constant", parameter.name), *argument->syntax);
}

/// Whether the type of a result is only that of a default, or follows from such.
bool Binder::is_guess(const Function& function, const Signature& signature,
                      const std::vector<Bound>& arguments) const {
  if (signature.rule == ResultRule::Fixed) return false;
  if (std::any_of(arguments.begin(), arguments.end(), [](Bound one) { return one->guessed; })) return true;
  if (function.result_name != ResultName::FirstArgumentValueIfColumn || arguments.size() < 2) return false;
  if (!arguments[0]->literal) return true;
  const Column* const found = find_column(rows_, arguments[0]->name);
  return found == nullptr ? rows_or_none().open : found->guessed || found->type != arguments[1]->type;
}

Binder::Bound Binder::result_of(const Function& function, const Signature& signature,
                                std::span<const ArgumentHint> hints, const Node& node) {
  const std::vector<Bound> arguments = with_options(function, values_of(hints));
  if (makes_table(signature.rule)) return plugin_table(function, signature, hints, node);
  if (signature.rule == ResultRule::Reference) return reference_result(function, arguments, node);
  Expression* const out = make(ExpressionKind::Call, node);
  out->function = &function;
  out->operands = arena_.copy(std::span<const Bound>(arguments));
  out->constant = function.constant && std::all_of(arguments.begin(), arguments.end(),
                                                   [](Bound argument) { return argument->constant; });
  out->shape = signature.rule == ResultRule::Argument0Array ? DynamicShape::Array : signature.shape;
  if (signature.rule == ResultRule::PrefixedColumns || signature.rule == ResultRule::ColumnsByName) {
    out->kind = ExpressionKind::Columns;
    std::vector<Bound> operands = arguments;
    out->columns = signature.rule == ResultRule::PrefixedColumns
                       ? prefixed_columns(function, signature, arguments)
                       : several_columns(function, arguments, node, operands);
    if (operands != arguments) out->operands = list_of(std::move(operands));
    if (!out->columns.empty()) out->type = out->columns.front()->type;
    return out;
  }
  out->type = signature.rule == ResultRule::ByName
                  ? type_by_name(function, arguments)
                  : result_type(signature, lay_out(signature, hints), arguments);
  out->guessed = is_guess(function, signature, arguments);
  if (function.result_name == ResultName::FirstArgumentValueIfColumn && tables_unknown() &&
      !arguments.empty() && rows_or_none().open && find_column(rows_, arguments.front()->name) == nullptr)
    out->type = Type::Unknown;
  return out;
}

}  // namespace redoubt::kql::detail
