#include "kql/detail/operator_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace redoubt::kql::detail {

namespace {

/// Of an operator that is shown as it is written.
constexpr std::size_t kMaxText = 200;
constexpr std::size_t kMostLooked = 10 * kMaxText;  // with its blanks
constexpr std::size_t kMaxCells = 6;                // of a datatable

class Text {
 public:
  explicit Text(PlanNames& names) : names_(names) {}

  std::string assignment_text(const Assignment& one) const {
    if (one.column == nullptr) return text(*one.value);
    if (one.value->kind == ExpressionKind::Column && one.value->column->name == one.column->name)
      return std::string(one.column->name);
    return fmt::format("{} = {}", one.column->name, text(*one.value));
  }

  std::string assignments_text(std::span<const Assignment> assignments) const {
    std::string out;
    while (!assignments.empty()) {
      const std::size_t count = of_one_call(assignments);
      out += (out.empty() ? "" : ", ") +
             (count == 1 ? assignment_text(assignments.front()) : columns_of_call(assignments.first(count)));
      assignments = assignments.subspan(count);
    }
    return out;
  }

  /// How many columns, from the first, a call gives at once: it is said once then.
  static std::size_t of_one_call(std::span<const Assignment> assignments) {
    const Expression* const call = assignments.front().value;
    std::size_t count = 1;
    if (call == nullptr || call->kind != ExpressionKind::Columns) return count;
    while (count < assignments.size() && assignments[count].value == call)
      ++count;
    return count;
  }

  std::string columns_of_call(std::span<const Assignment> assignments) const {
    std::string out;
    for (const Assignment& one : assignments)
      out += fmt::format("{}{}", out.empty() ? "" : ", ",
                         one.column == nullptr ? std::string_view("-") : one.column->name);
    return fmt::format("({}) = {}", out, text(*assignments.front().value));
  }

  std::string order_text(std::span<const SortKey> order) const {
    std::string out;
    for (const SortKey& key : order) {
      out +=
          fmt::format("{}{} {}", out.empty() ? "" : ", ", text(*key.value), key.descending ? "desc" : "asc");
      if (key.nulls_first == key.descending) out += key.nulls_first ? " nulls first" : " nulls last";
    }
    return out;
  }

  std::string names_text(const Relation& rows) const {
    std::string out;
    for (const Column* column : rows.columns)
      out += fmt::format("{}{}", out.empty() ? "" : ", ", column->name);
    return out;
  }

  std::string on_text(const Relation& join) const {
    std::string out;
    for (const JoinKey& key : join.on) {
      if (!out.empty()) out += ", ";
      out += key.left->name == key.right->name
                 ? std::string(key.left->name)
                 : fmt::format("$left.{} == $right.{}", key.left->name, key.right->name);
    }
    if (out.empty()) return join.arguments.empty() ? "" : " where " + text(*join.arguments[0]);
    return " on " + out;
  }

  std::string arguments_text(const Relation& rows, std::size_t most) const {
    std::string out;
    for (std::size_t i = 0; i < rows.arguments.size() && i < most; ++i)
      out +=
          (i == 0 ? "" : ", ") + (rows.arguments[i] == nullptr ? std::string("-") : text(*rows.arguments[i]));
    if (rows.arguments.size() > most) out += ", ...";
    return out;
  }

  std::string time_text(const TimeRange& time) const {
    const std::string_view name = time.column->name;
    std::string out;
    if (time.from != nullptr)
      out = fmt::format("{} {} {}", name, time.from_excluded ? ">" : ">=", text(*time.from));
    if (time.to != nullptr)
      out += fmt::format("{}{} {} {}", out.empty() ? "" : " and ", name,
                         time.to_excluded ? "<" : "<=", text(*time.to));
    return out;
  }

  /// The operator as it is written, where its parts are not taken apart.
  std::string source_text(const Relation& rows) const {
    const std::string_view front = rows.text.substr(0, kMostLooked);
    std::string out = on_one_line(front);
    if (out.size() <= kMaxText && front.size() == rows.text.size()) return out;
    out.resize(std::min(out.size(), kMaxText));
    return out + " ...";
  }

  std::string operator_text(const Relation& rows) const;

 private:
  /// How an operator is shown: its word, then its parts. Others are shown as they are written.
  struct Form {
    NodeKind op;
    std::string_view word;
    std::string (Text::*rest)(const Relation&) const;
  };
  static const Form kForms[];

  std::string table(const Relation& rows) const {
    return fmt::format("{} [{}]{}", rows.name.empty() ? "?" : rows.name, columns_text(rows),
                       rows.time == nullptr ? "" : "  time: " + time_text(*rows.time));
  }
  std::string cells(const Relation& rows) const {
    return fmt::format("[{}] ({} values: {})", columns_text(rows), rows.arguments.size(),
                       arguments_text(rows, kMaxCells));
  }
  std::string argument(const Relation& rows) const { return arguments_text(rows, 1); }
  std::string made(const Relation& rows) const { return assignments_text(rows.assignments); }
  std::string names(const Relation& rows) const { return names_text(rows); }
  std::string name(const Relation& rows) const { return std::string(rows.name); }
  std::string kind(const Relation& rows) const {
    return fmt::format("kind={}", rows.kind.empty() ? "outer" : rows.kind);
  }
  std::string sides(const Relation& rows) const { return fmt::format("kind={}{}", rows.kind, on_text(rows)); }
  std::string order(const Relation& rows) const { return order_text(rows.order); }
  std::string first(const Relation& rows) const {
    return fmt::format("{} by {}", arguments_text(rows, 1), order_text(rows.order));
  }
  std::string steps(const Relation& rows) const {
    return fmt::format("{} from {} to {} step {}", names_text(rows), text(*rows.arguments[0]),
                       text(*rows.arguments[1]), text(*rows.arguments[2]));
  }
  std::string renames(const Relation& rows) const {
    std::string out;
    for (const Column* column : rows.columns)
      out +=
          fmt::format("{}{}", out.empty() ? "" : ", ",
                      column->origin == nullptr ? std::string(column->name)
                                                : fmt::format("{} = {}", column->name, column->origin->name));
    return out;
  }
  std::string groups(const Relation& rows) const {
    const std::string values = assignments_text(rows.assignments.subspan(rows.keys));
    const std::string keys = assignments_text(rows.assignments.first(rows.keys));
    return fmt::format("{}{}{}", values, keys.empty() ? "" : values.empty() ? "by " : " by ", keys);
  }
  /// The query that is applied is shown below it; its rows are made of what is expanded.
  std::string applied(const Relation& rows) const {
    if (rows.inputs.size() < 3) return source_text(rows);
    std::string out = assignments_text(rows.inputs[2]->assignments);
    if (!rows.arguments.empty() && rows.arguments[0] != nullptr) out += " limit " + text(*rows.arguments[0]);
    return out;
  }
  /// A plugin that says its columns is the operator, any other the call alone.
  std::string plugin(const Relation& rows) const {
    std::string out = source_text(rows);
    return out.starts_with("evaluate ") ? out.substr(9) : out;
  }

  std::string text(const Expression& value) const { return detail::to_text(value, names_); }

  PlanNames& names_;
};

const Text::Form Text::kForms[] = {
    {NodeKind::Name, "table", &Text::table},
    {NodeKind::DataTable, "datatable", &Text::cells},
    {NodeKind::Filter, "where", &Text::argument},
    {NodeKind::Search, "search", &Text::argument},
    {NodeKind::Find, "find", &Text::argument},
    {NodeKind::Take, "take", &Text::argument},
    {NodeKind::Sample, "sample", &Text::argument},
    {NodeKind::Range, "range", &Text::steps},
    {NodeKind::Evaluate, "evaluate", &Text::plugin},
    {NodeKind::Extend, "extend", &Text::made},
    {NodeKind::Print, "print", &Text::made},
    {NodeKind::Project, "project", &Text::made},
    {NodeKind::Distinct, "distinct", &Text::made},
    {NodeKind::MvExpand, "mv-expand", &Text::made},
    {NodeKind::MvApply, "mv-apply", &Text::applied},
    {NodeKind::Partition, "partition by", &Text::argument},
    {NodeKind::Serialize, "serialize", &Text::made},
    {NodeKind::ProjectAway, "project", &Text::names},
    {NodeKind::ProjectKeep, "project", &Text::names},
    {NodeKind::ProjectByNames, "project", &Text::names},
    {NodeKind::ProjectReorder, "project", &Text::names},
    {NodeKind::ProjectRename, "project", &Text::renames},
    {NodeKind::Summarize, "summarize", &Text::groups},
    {NodeKind::Sort, "sort by", &Text::order},
    {NodeKind::Top, "top", &Text::first},
    {NodeKind::Join, "join", &Text::sides},
    {NodeKind::Lookup, "lookup", &Text::sides},
    {NodeKind::Union, "union", &Text::kind},
    {NodeKind::Count, "count as", &Text::names},
    {NodeKind::As, "as", &Text::name},
};

std::string Text::operator_text(const Relation& rows) const {
  for (const Form& form : kForms)
    if (form.op == rows.op) {
      const std::string rest = (this->*form.rest)(rows);
      return rest.empty() ? std::string(form.word) : fmt::format("{} {}", form.word, rest);
    }
  return source_text(rows);
}

}  // namespace

std::string columns_text(const Relation& rows) {
  std::string out;
  for (const Column* column : rows.columns)
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", column->name, type_name(column->type));
  if (rows.open) out += out.empty() ? "..." : ", ...";
  return out;
}

std::string operator_text(const Relation& rows, PlanNames& names) { return Text(names).operator_text(rows); }

}  // namespace redoubt::kql::detail
