#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "kql/detail/binder.h"

namespace redoubt::kql::detail {

// Tables that calls give. Source: Kusto.Language 12.4.1, PlugIns; the documents of each.

/// A call of a plugin, its arguments by parameter.
struct Binder::PluginCall {
  const Function* function = nullptr;
  std::vector<const Parameter*> parameters;
  std::vector<Bound> arguments;
  std::vector<std::string_view> names;  ///< that arguments are given by; may be empty

  /// Null: that parameter has none.
  Bound argument(std::string_view name) const {
    for (std::size_t i = 0; i < arguments.size(); ++i)
      if (parameters[i] != nullptr && parameters[i]->name == name) return arguments[i];
    return nullptr;
  }
  /// Those that the arguments of a parameter are.
  std::vector<const Column*> columns(std::string_view name) const {
    std::vector<const Column*> out;
    for (std::size_t i = 0; i < arguments.size(); ++i)
      if (parameters[i] != nullptr && parameters[i]->name == name &&
          arguments[i]->kind == ExpressionKind::Column)
        out.push_back(arguments[i]->column);
    return out;
  }
  const Column* column(std::string_view name) const {
    const std::vector<const Column*> all = columns(name);
    return all.empty() ? nullptr : all.front();
  }
};

namespace {

/// Plugins whose columns hang on the rows that they are given.
constexpr std::string_view kByRows[] = {"bag_unpack", "pivot"};

}  // namespace

Binder::Bound Binder::plugin_table(const Function& function, const Signature& signature,
                                   std::span<const ArgumentHint> hints, const Node& node) {
  PluginCall call{&function, lay_out(signature, hints), {}, {}};
  call.parameters.resize(hints.size());
  for (std::size_t i = 0; i < hints.size(); ++i) {
    call.arguments.push_back(hints[i].value);
    call.names.push_back(hints[i].name);
    for (const Parameter& parameter : signature.parameters)
      if (parameter.name == hints[i].name) call.parameters[i] = &parameter;
  }
  std::vector<const Column*> columns;
  bool open = false;
  const auto add = [&](const std::vector<const Column*>& more) {
    columns.insert(columns.end(), more.begin(), more.end());
  };
  const auto add_listed = [&] {
    for (const ResultColumn& one : signature.columns)
      columns.push_back(column(one.name, one.type));
  };
  const auto add_rows = [&] {
    add(columns_of(rows_));
    open = open || rows_or_none().open;
  };
  switch (signature.rule) {
    case ResultRule::FixedTable:
      add_listed();
      break;
    case ResultRule::KeysTable:
      add(call.columns("TimelineColumn"));
      add(call.columns("Dimension"));
      for (std::size_t i = 1; i < 10; ++i)
        add(call.columns(fmt::format("Dimension{}", i)));
      add_listed();
      break;
    case ResultRule::TableBeforeInput:
      add_listed();
      add_rows();
      break;
    case ResultRule::InputTable:
      add_rows();
      break;
    case ResultRule::TableByName:
      columns = plugin_columns(call, open);
      break;
    default:
      open = true;
      break;
  }
  std::uint32_t discovery = 0;
  if (!columns_told_ && is_one_of(function.name, kByRows)) {
    const std::size_t number = open_plugins_++;
    discovery = static_cast<std::uint32_t>(number + 1);
    if (const DiscoveredColumns* const known = environment_.discovered(number)) {
      open = false;
      columns.clear();
      for (const auto& [name, type] : *known)
        columns.push_back(column(keep(name), type));
    }
  }
  Relation* const out = relation(NodeKind::Evaluate, node, made_unique(std::move(columns)));
  if (rows_ != nullptr) out->inputs = list_of({rows_});
  out->open = open;
  out->name = function.name;
  out->discovery = discovery;
  std::vector<std::string_view> names;
  for (const Parameter* parameter : call.parameters)
    names.push_back(parameter == nullptr ? std::string_view() : parameter->name);
  names.resize(call.arguments.size());
  out->argument_names = arena_.copy(std::span<const std::string_view>(names));
  out->arguments = list_of(std::move(call.arguments));
  return table(out, node);
}

/// Of the plugins whose columns follow a rule of their own.
std::vector<const Column*> Binder::plugin_columns(const PluginCall& call, bool& open) {
  struct Row {
    std::string_view name;
    std::vector<const Column*> (Binder::*columns)(const PluginCall&, bool&);
  };
  static constexpr Row kRows[] = {
      {"ai_chat_completion", &Binder::ai_columns},
      {"ai_chat_completion_prompt", &Binder::ai_columns},
      {"ai_embed_text", &Binder::ai_columns},
      {"ai_embeddings", &Binder::ai_columns},
      {"bag_unpack", &Binder::bag_unpack_columns},
      {"dcount_intersect", &Binder::dcount_intersect_columns},
      {"funnel_sequence", &Binder::funnel_columns},
      {"funnel_sequence_completion", &Binder::funnel_completion_columns},
      {"geo_line_lookup", &Binder::looked_up_columns},
      {"geo_polygon_lookup", &Binder::looked_up_columns},
      {"ipv4_lookup", &Binder::looked_up_columns},
      {"ipv6_lookup", &Binder::looked_up_columns},
      {"new_activity_metrics", &Binder::new_activity_columns},
      {"pivot", &Binder::pivot_columns},
      {"preview", &Binder::preview_columns},
      {"rolling_percentile", &Binder::rolling_percentile_columns},
      {"sequence_detect", &Binder::sequence_columns},
  };
  open = rows_or_none().open;
  for (const Row& row : kRows)
    if (row.name == call.function->name) return (this->*row.columns)(call, open);
  // The others say in a first argument, typeof(...), what they give.
  if (const Bound schema = call.argument("OutputSchema"); schema != nullptr && !schema->columns.empty()) {
    open = false;
    return {schema->columns.begin(), schema->columns.end()};
  }
  open = true;
  return {};
}

/// The input, then what the model answered.
std::vector<const Column*> Binder::ai_columns(const PluginCall& call, bool&) {
  std::vector<const Column*> out = columns_of(rows_);
  const bool text = call.argument("Text") != nullptr;
  const Bound asked = text ? call.argument("Text") : call.argument("Prompt");
  const std::string_view what = text ? "embeddings" : "completion";
  const std::string prefix = asked == nullptr ? std::string() : result_name(asked).value_or("");
  const std::string made = prefix.empty() ? std::string(what) : fmt::format("{}_{}", prefix, what);
  out.push_back(column(keep(made), text ? Type::Dynamic : Type::String));
  const Bound errors = call.argument("IncludeErrorMessages");
  if (errors != nullptr && errors->literal && errors->name == "true")
    out.push_back(column(keep(made + "_error"), Type::String));
  return out;
}

std::vector<const Column*> Binder::bag_unpack_columns(const PluginCall& call, bool& open) {
  std::vector<const Column*> out = columns_of(rows_);
  std::erase(out, call.column("column"));
  open = true;
  return out;
}

std::vector<const Column*> Binder::dcount_intersect_columns(const PluginCall& call, bool&) {
  std::vector<const Column*> out = columns_of(rows_);
  for (std::size_t i = 0; i < call.arguments.size(); ++i)
    out.push_back(column(keep(fmt::format("s{}", i)), Type::Long));
  return out;
}

std::vector<const Column*> Binder::funnel_columns(const PluginCall& call, bool& open) {
  open = false;
  std::vector<const Column*> out = call.columns("TimelineColumn");
  if (const Bound state = call.argument("StateColumn")) {
    out.push_back(column("prev", state->type));
    out.push_back(column("next", state->type));
  }
  out.push_back(column("dcount", Type::Long));
  out.push_back(column("samples", Type::Dynamic, DynamicShape::Array));
  return out;
}

std::vector<const Column*> Binder::funnel_completion_columns(const PluginCall& call, bool& open) {
  open = false;
  std::vector<const Column*> out = call.columns("TimelineColumn");
  if (const Column* const state = call.column("StateColumn"))
    out.push_back(column(state->name, Type::String));
  out.push_back(column("Period", Type::Timespan));
  out.push_back(column("dcount", Type::Long));
  return out;
}

std::vector<const Column*> Binder::new_activity_columns(const PluginCall& call, bool& open) {
  open = false;
  std::vector<const Column*> out;
  if (const Column* const timeline = call.column("TimelineColumn"))
    for (const std::string_view prefix : {"from", "to"})
      out.push_back(column(keep(fmt::format("{}_{}", prefix, timeline->name)), timeline->type));
  const std::vector<const Column*> dimensions = call.columns("Dimension");
  out.insert(out.end(), dimensions.begin(), dimensions.end());
  for (const std::string_view name : {"dcount_new_values", "dcount_retained_values", "dcount_churn_values"})
    out.push_back(column(name, Type::Long));
  for (const std::string_view name : {"retention_rate", "churn_rate"})
    out.push_back(column(name, Type::Real));
  return out;
}

/// The columns that stay; the values of the pivoted one become others.
std::vector<const Column*> Binder::pivot_columns(const PluginCall& call, bool& open) {
  open = true;
  const auto column_of = [](Bound value) -> const Column* {
    return value != nullptr && value->kind == ExpressionKind::Column ? value->column : nullptr;
  };
  std::vector<const Column*> out;
  for (std::size_t i = 2; i < call.arguments.size(); ++i)
    if (const Column* const kept = column_of(call.arguments[i])) out.push_back(kept);
  if (call.arguments.size() > 2) return out;
  out = columns_of(rows_);
  if (!call.arguments.empty()) std::erase(out, column_of(call.arguments[0]));
  if (call.arguments.size() > 1 && !call.arguments[1]->operands.empty())
    std::erase(out, column_of(call.arguments[1]->operands.front()));
  return out;
}

/// Two tables: the rows, then their number. Its columns are those of the first.
std::vector<const Column*> Binder::preview_columns(const PluginCall&, bool&) { return columns_of(rows_); }

std::vector<const Column*> Binder::rolling_percentile_columns(const PluginCall& call, bool& open) {
  open = false;
  std::vector<const Column*> out = call.columns("IndexColumn");
  const std::vector<const Column*> dimensions = call.columns("Dimension");
  out.insert(out.end(), dimensions.begin(), dimensions.end());
  const auto number = [&](std::string_view name) -> std::string_view {
    Bound value = call.argument(name);
    while (value != nullptr && value->kind == ExpressionKind::Variable && value->value != nullptr)
      value = value->value;
    return value != nullptr && value->kind == ExpressionKind::Literal ? text_of(*value->syntax) : "0";
  };
  const Column* const value = call.column("ValueColumn");
  out.push_back(column(keep(fmt::format("rolling_{}_percentile_{}_{}", number("BinsPerWindow"),
                                        value == nullptr ? "value" : value->name, number("Percentile"))),
                       value == nullptr ? Type::Long : value->type));
  return out;
}

/// The dimensions, when each step happened, and how long it took.
std::vector<const Column*> Binder::sequence_columns(const PluginCall& call, bool& open) {
  open = false;
  std::vector<const Column*> out = call.columns("Dimension");
  if (const Column* const timeline = call.column("TimelineColumn"))
    for (std::size_t i = 0; i < call.arguments.size(); ++i)
      if (call.parameters[i] != nullptr && call.parameters[i]->name == "Expr") {
        const std::optional<std::string> step = call.names[i].empty()
                                                    ? result_name(call.arguments[i])
                                                    : std::optional(std::string(call.names[i]));
        out.push_back(column(keep(step && !step->empty() ? fmt::format("{}_{}", *step, timeline->name)
                                                         : std::string(timeline->name)),
                             timeline->type));
      }
  out.push_back(column("Duration", Type::Timespan));
  return out;
}

/// ipv4_lookup and its like: the input, then the columns of the table that is looked into. The engine has
/// them the other way round for ipv6_lookup.
std::vector<const Column*> Binder::looked_up_columns(const PluginCall& call, bool&) {
  const std::vector<Bound>& arguments = call.arguments;
  std::vector<const Column*> columns = columns_of(rows_);
  const Relation* const other = arguments.empty() ? nullptr : arguments.front()->relation();
  if (other == nullptr) return columns;
  FewOrMany<std::string_view> keys;
  if (call.function->name == "ipv4_lookup")
    for (std::size_t i = 3; i < arguments.size(); ++i)
      if (arguments[i]->kind == ExpressionKind::Column) keys.add(arguments[i]->column->name);
  const bool drops_key = call.function->name.starts_with("geo_") && arguments.size() > 1;
  const bool returns_key = std::any_of(arguments.begin(), arguments.end(), [](Bound argument) {
    return argument->literal && argument->type == Type::Bool && argument->name == "true";
  });
  if (drops_key && !returns_key && arguments[1]->kind == ExpressionKind::Column)
    keys.add(arguments[1]->column->name);
  std::vector<const Column*> found = columns_of(other);
  std::erase_if(found, [&](const Column* column) { return keys.contains(column->name); });
  const bool in_front = call.function->name == "ipv6_lookup";
  columns.insert(in_front ? columns.begin() : columns.end(), found.begin(), found.end());
  return columns;
}

}  // namespace redoubt::kql::detail
