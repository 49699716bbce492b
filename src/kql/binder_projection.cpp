#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "kql/detail/binder.h"
#include "kql/detail/string_text.h"

namespace redoubt::kql::detail {

namespace {

// Conversions that do nothing to a column of their own type are the column.
constexpr std::string_view kConversions[] = {"tobool",   "todatetime", "todecimal",  "todouble",
                                             "toguid",   "toint",      "tolong",     "toreal",
                                             "tostring", "totime",     "totimespan", "todynamic"};

bool is_blank(const std::optional<std::string>& text) { return !text || trim(*text).empty(); }

/// What an expression is, without the name that is written in front of it and the order behind it.
const Node& inside(const Node& node) {
  const Node* out = &node;
  while (out->kind == NodeKind::Ordered || out->kind == NodeKind::NamedExpression)
    out = out->kind == NodeKind::Ordered ? out->child(0) : out->child(1);
  return *out;
}

}  // namespace

/// The name that a result has by itself; nothing: it has none.
std::optional<std::string> Binder::result_name(Bound value, bool with_rows) {
  switch (value->kind) {
    case ExpressionKind::Column:
    case ExpressionKind::Variable:
      if (value->syntax->kind == NodeKind::Name || value->syntax->kind == NodeKind::BracketedName)
        return std::string(name_of(*value->syntax));
      return std::string(value->name);
    case ExpressionKind::Member:
      return member_name(value);
    case ExpressionKind::Columns:
      if (value->function == nullptr && !value->name.empty()) return std::string(value->name);
      [[fallthrough]];
    case ExpressionKind::Call:
      if (value->user != nullptr && value->syntax->kind == NodeKind::Name)
        return std::string(name_of(*value->syntax));
      return value->syntax->kind == NodeKind::Call ? call_name(value, with_rows) : std::nullopt;
    default:
      return std::nullopt;
  }
}

/// `d.a[0]` is d_a_0.
std::optional<std::string> Binder::member_name(Bound value) {
  std::vector<std::string_view> names;
  for (; value->kind == ExpressionKind::Member; value = value->operands.front())
    names.push_back(value->name);
  std::optional<std::string> out = result_name(value);
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    if (!is_blank(out))
      *out += fmt::format("_{}", *name);
    else if (name->empty())
      out = std::nullopt;
    else
      out = std::string(*name);
  }
  return out;
}

std::optional<std::string> Binder::call_name(Bound call, bool with_rows) {
  const Function* const function = call->function;
  if (function == nullptr) return std::nullopt;
  const Node& list = (*call->syntax)[1];
  const auto name_at = [&](std::size_t i) -> std::optional<std::string> {
    return i < call->operands.size() ? argument_name(*call->syntax, i, call->operands[i]) : std::nullopt;
  };
  const auto first_name = [&] { return name_at(0); };
  const std::size_t count = list.children.size();
  switch (function->result_name) {
    case ResultName::PrefixAndFirstArgument:
      if (count == 0) return fmt::format("{}_", function->prefix);
      return fmt::format("{}_{}", function->prefix, first_name().value_or(""));
    case ResultName::PrefixAndTwoArguments:
      return fmt::format("{}_{}_{}", function->prefix, name_at(0).value_or(""), name_at(1).value_or(""));
    case ResultName::Prefix:
      return std::string(function->prefix);
    case ResultName::FirstArgument:
      return count == 0 ? std::nullopt : first_name();
    case ResultName::OnlyArgument:
      return count == 1 ? first_name() : std::nullopt;
    case ResultName::FirstArgumentValueIfColumn: {
      const bool named =
          with_rows && count != 0 && !call->operands.empty() && call->operands.front()->literal;
      if (!named || find_column(rows_, call->operands.front()->name) == nullptr) return std::nullopt;
      return std::string(call->operands.front()->name);
    }
    case ResultName::None:
      break;
  }
  return std::nullopt;
}

/// `n.a` is n_a in a graph.
std::optional<std::string> Binder::graph_name(Bound value, const Node& node) {
  if (node.kind != NodeKind::Path) return result_name(value, true);
  std::string out;
  for (const Node* part : node.children) {
    const Node& named = part->kind == NodeKind::Element ? (*part)[0] : *part;
    if (!out.empty()) out += '_';
    out += named.kind == NodeKind::String ? string_text(*syntax_, named) : std::string(name_of(named));
  }
  return out;
}

std::string_view Binder::name_or(Bound value, std::string_view otherwise) {
  const std::optional<std::string> name = result_name(value);
  return name ? keep(*name) : otherwise;
}

/// The column that an expression is; null: it is none.
const Column* Binder::result_column(Bound value) const {
  if (value->kind == ExpressionKind::Column) return value->column;
  if (value->kind != ExpressionKind::Call || value->function == nullptr || value->operands.size() != 1)
    return nullptr;
  const bool converts = std::find(std::begin(kConversions), std::end(kConversions), value->function->name) !=
                            std::end(kConversions) &&
                        (*value->syntax)[1].children.size() == 1 &&
                        (*value->syntax)[1][0].kind != NodeKind::NamedExpression;
  const Bound argument = value->operands.front();
  return converts && argument->kind == ExpressionKind::Column && argument->type == value->type
             ? argument->column
             : nullptr;
}

std::string_view Binder::default_name(bool with_rows) {
  std::string name;
  do {
    name = fmt::format("Column{}", default_number_++);
  } while (can_bind(name, with_rows));
  return keep(name);
}

const Column* Binder::column_for(Bound value, std::string_view name, std::optional<Type> type) {
  const Column* const own = result_column(value);
  if (own != nullptr && own->name == name && (!type || *type == own->type)) return own;
  return column_of(value, name, type);
}

void Binder::declare(Projection& out, const Column* made, Bound value, bool replace, const Node& at,
                     std::size_t part) {
  if (made->name.empty()) return;
  if (!out.declare(made, value, replace, static_cast<std::uint32_t>(part)))
    problem("KQL0209", fmt::format("a column of the name {} is there already", made->name), at);
}

void Binder::project(const Node& node, Projection& out, Style style, std::optional<Type> type,
                     std::string_view name) {
  const Node& plain = node.kind == NodeKind::Ordered ? node[0] : node;
  if (plain.kind == NodeKind::Star) {
    for (const Column* column : columns_of(rows_))
      out.add(column, nullptr, {}, true, false);
    return;
  }
  project(bind(plain), plain, out, style, type, name);
}

void Binder::project(Bound value, const Node& node, Projection& out, Style style, std::optional<Type> type,
                     std::string_view name) {
  const Node& plain = node.kind == NodeKind::Ordered ? node[0] : node;
  if (plain.kind == NodeKind::NamedExpression) return project_named(value, plain, out, style, type);
  if (plain.kind == NodeKind::NamesExpression) return project_names(value, plain, out, style, type);
  const bool calls = inside(plain).kind == NodeKind::Call && result_column(value) == nullptr;
  if (calls && (value->kind == ExpressionKind::Call || value->kind == ExpressionKind::Columns))
    return project_call(value, plain, out, style, type, name);
  project_plain(value, plain, out, style, type, name);
}

/// Columns of one call, from a number on; those of an aggregate of a by column come once.
void Binder::add_columns(Bound value, std::size_t from, Projection& out, bool once) {
  const std::string_view prefix = value->function == nullptr ? std::string_view() : value->function->prefix;
  for (std::size_t i = from; i < value->columns.size() && out.columns().size() <= limits_.max_columns; ++i) {
    const Column* const one = value->columns[i];
    const Column* const made =
        prefix.empty() ? one : column(keep(fmt::format("{}_{}", prefix, one->name)), one->type, one->shape);
    out.add(made, value, {}, false, once, static_cast<std::uint32_t>(i));
  }
}

void Binder::project_named(Bound value, const Node& node, Projection& out, Style style,
                           std::optional<Type> type) {
  const std::string_view name = name_of(node[0]);
  if (!value->is_error() && !check_scalar(value)) return;
  const bool replace = style == Style::Replace || style == Style::Extend;
  if (value->kind == ExpressionKind::Columns && !value->columns.empty()) {
    declare(out, column(name, type.value_or(value->columns.front()->type)), value, true, node[0]);
    if (style != Style::Print) add_columns(value, 1, out, false);
    return;
  }
  const bool is_column = value->kind == ExpressionKind::Column;
  declare(out, column_of(value, name, type), value, replace || is_column, node[0]);
}

void Binder::project_names(Bound value, const Node& node, Projection& out, Style style,
                           std::optional<Type> type) {
  const bool replace = style == Style::Replace || style == Style::Extend;
  const std::span<Node* const> names = node[0].children;
  if (value->kind == ExpressionKind::Columns) {
    for (std::size_t i = 0; i < std::min(names.size(), value->columns.size()); ++i)
      declare(out, column(name_of(*names[i]), type.value_or(value->columns[i]->type)), value, replace,
              *names[i], i);
    if (style != Style::Print) add_columns(value, names.size(), out, false);
    if (names.size() > value->columns.size()) problem("KQL0209", "there are more names than values", node[0]);
    return;
  }
  if (value->is_error()) return;
  if (names.size() != 1) {
    problem("KQL0209", "the expression has one value only", node[0]);
    return;
  }
  declare(out, column_of(value, name_of(*names[0]), type), value,
          replace || value->kind == ExpressionKind::Column, *names[0]);
}

void Binder::project_call(Bound value, const Node& node, Projection& out, Style style,
                          std::optional<Type> type, std::string_view name) {
  const bool several = value->kind == ExpressionKind::Columns;
  if (style == Style::Print && !name.empty() && (!several || value->columns.size() == 1)) {
    const Type made = several ? value->columns.front()->type : value->type;
    out.add(column(name, type.value_or(made), value->shape), value, name);
    return;
  }
  if (several) {
    add_columns(value, 0, out, false);
    return;
  }
  const std::optional<std::string> own =
      style == Style::Graph ? graph_name(value, node) : result_name(value, true);
  const std::string_view made = own             ? keep(*own)
                                : !name.empty() ? name
                                                : default_name(style == Style::Extend);
  out.add(column_of(value, made, type), value, {}, style == Style::Replace || style == Style::Extend);
}

void Binder::project_plain(Bound value, const Node& node, Projection& out, Style style,
                           std::optional<Type> type, std::string_view name) {
  if (value->is_error()) {
    // The column is there all the same, so that what follows finds it.
    if (style == Style::Print && !name.empty()) out.add(column(name, Type::Unknown), value, name);
    return;
  }
  const Column* const own = result_column(value);
  if (own != nullptr && style != Style::Graph) {
    const Column* const made = type && *type != own->type ? column(own->name, *type, value->shape) : own;
    if (style == Style::Print && !name.empty()) {
      out.add(column(name, made->type), value, name);
      return;
    }
    declare(out, made, value, style == Style::Replace, node);
    return;
  }
  if (!check_scalar(value)) return;
  if (style == Style::Print && !name.empty()) {
    out.add(column_of(value, name, type), value, name);
    return;
  }
  const std::optional<std::string> own_name =
      style == Style::Graph ? graph_name(value, node) : result_name(value);
  const std::string_view made = own_name        ? keep(*own_name)
                                : !name.empty() ? name
                                                : default_name(style == Style::Extend);
  out.add(column_for(value, made, type), value, {}, style == Style::Replace || style == Style::Extend);
}

/// Names that come again get a number; the first of each keeps its own.
std::vector<const Column*> Binder::made_unique(std::vector<const Column*> columns) {
  UniqueNames names(arena_);
  for (const Column* one : columns)
    names.add(one->name);
  FewOrMany<std::string_view> seen;
  for (const Column*& one : columns) {
    if (seen.contains(one->name))
      one = renamed(one, names.make(one->name));
    else
      seen.add(one->name);
  }
  return columns;
}

/// Of union: a name with two types becomes two columns, name_type.
std::vector<const Column*> Binder::unified_by_type(const std::vector<const Relation*>& tables) {
  struct Group {
    const Column* first;
    std::vector<const Column*> others;  // the first of each other type
  };
  std::vector<Group> groups;
  PlacesByName at;
  for (const Relation* one : tables)
    for (const Column* column : one->columns) {
      ++column_work_;
      const auto [found, added] = at.try_emplace(column->name, groups.size());
      if (added) groups.push_back({column, {}});
      Group& group = groups[found->second];
      const auto has_type = [&](const Column* other) { return other->type == column->type; };
      if (!has_type(group.first) && std::none_of(group.others.begin(), group.others.end(), has_type))
        group.others.push_back(column);
    }
  // Names that stay as they are come first: Microsoft's engine has it so, other than its binder.
  UniqueNames names(arena_);
  for (const Group& group : groups)
    if (group.others.empty()) names.add(group.first->name);
  std::vector<const Column*> out;
  for (const Group& group : groups) {
    if (group.others.empty()) {
      out.push_back(group.first);
      continue;
    }
    const auto push = [&](const Column* one) {
      out.push_back(renamed(one, names.make(keep(fmt::format("{}_{}", one->name, type_name(one->type))))));
    };
    push(group.first);
    std::for_each(group.others.begin(), group.others.end(), push);
  }
  return out;
}

/// Of find: each name once; a name with two types has the one both become, or is dynamic.
std::vector<const Column*> Binder::unified_by_name(const std::vector<const Relation*>& tables) {
  std::vector<const Column*> out;
  PlacesByName at;
  for (const Relation* one : tables)
    for (const Column* column_of_one : one->columns) {
      const auto [found, added] = at.try_emplace(column_of_one->name, out.size());
      if (added) {
        out.push_back(column_of_one);
        continue;
      }
      const Column*& kept = out[found->second];
      if (kept->type == column_of_one->type) continue;
      const Type type = promotes(kept->type, column_of_one->type)   ? column_of_one->type
                        : promotes(column_of_one->type, kept->type) ? kept->type
                                                                    : Type::Dynamic;
      if (type != kept->type) kept = column(kept->name, type);
    }
  return out;
}

/// Names that all tables have.
std::vector<const Column*> Binder::common_columns(const std::vector<const Relation*>& tables) {
  std::vector<const Column*> out = unified_by_name(tables);
  std::erase_if(out, [&](const Column* column) {
    return !std::all_of(tables.begin(), tables.end(),
                        [&](const Relation* table) { return find_column(table, column->name) != nullptr; });
  });
  return out;
}

}  // namespace redoubt::kql::detail
