#include "kql/plan_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "core/text.h"
#include "kql/plan_walk.h"

namespace redoubt::kql {

namespace {

/// Deeper inside joins and unions a table gets a name of its own, too.
constexpr int kMaxDepth = 40;
/// Of an operator that is shown as it is written.
constexpr std::size_t kMaxText = 200;
constexpr std::size_t kMostLooked = 10 * kMaxText;  // with its blanks
constexpr std::size_t kMaxCells = 6;                // of a datatable

std::string columns_text(const Relation& rows) {
  std::string out;
  for (const Column* column : rows.columns)
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", column->name, type_name(column->type));
  if (rows.open) out += out.empty() ? "..." : ", ...";
  return out;
}

/// What stands behind the bar.
class OperatorText {
 public:
  explicit OperatorText(const PartNames& names) : names_(names) {}

  std::string assignment_text(const Assignment& one) const {
    if (one.column == nullptr) return text(*one.value);
    if (one.value->kind == ExpressionKind::Column && one.value->column->name == one.column->name)
      return std::string(one.column->name);
    return fmt::format("{} = {}", one.column->name, text(*one.value));
  }

  std::string assignments_text(std::span<const Assignment> assignments) const {
    std::string out;
    for (const Assignment& one : assignments)
      out += (out.empty() ? "" : ", ") + assignment_text(one);
    return out;
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
    std::string (OperatorText::*rest)(const Relation&) const;
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
  /// A plugin that says its columns is the operator, any other the call alone.
  std::string plugin(const Relation& rows) const {
    std::string out = source_text(rows);
    return out.starts_with("evaluate ") ? out.substr(9) : out;
  }

  std::string text(const Expression& value) const { return to_text(value, &names_); }

  const PartNames& names_;
};

const OperatorText::Form OperatorText::kForms[] = {
    {NodeKind::Name, "table", &OperatorText::table},
    {NodeKind::DataTable, "datatable", &OperatorText::cells},
    {NodeKind::Filter, "where", &OperatorText::argument},
    {NodeKind::Search, "search", &OperatorText::argument},
    {NodeKind::Find, "find", &OperatorText::argument},
    {NodeKind::Take, "take", &OperatorText::argument},
    {NodeKind::Sample, "sample", &OperatorText::argument},
    {NodeKind::Range, "range", &OperatorText::steps},
    {NodeKind::Evaluate, "evaluate", &OperatorText::plugin},
    {NodeKind::Extend, "extend", &OperatorText::made},
    {NodeKind::Print, "print", &OperatorText::made},
    {NodeKind::Project, "project", &OperatorText::made},
    {NodeKind::Distinct, "distinct", &OperatorText::made},
    {NodeKind::MvExpand, "mv-expand", &OperatorText::made},
    {NodeKind::Serialize, "serialize", &OperatorText::made},
    {NodeKind::ProjectAway, "project", &OperatorText::names},
    {NodeKind::ProjectKeep, "project", &OperatorText::names},
    {NodeKind::ProjectByNames, "project", &OperatorText::names},
    {NodeKind::ProjectReorder, "project", &OperatorText::names},
    {NodeKind::ProjectRename, "project", &OperatorText::renames},
    {NodeKind::Summarize, "summarize", &OperatorText::groups},
    {NodeKind::Sort, "sort by", &OperatorText::order},
    {NodeKind::Top, "top", &OperatorText::first},
    {NodeKind::Join, "join", &OperatorText::sides},
    {NodeKind::Lookup, "lookup", &OperatorText::sides},
    {NodeKind::Union, "union", &OperatorText::kind},
    {NodeKind::Count, "count as", &OperatorText::names},
    {NodeKind::As, "as", &OperatorText::name},
};

std::string OperatorText::operator_text(const Relation& rows) const {
  for (const Form& form : kForms)
    if (form.op == rows.op) {
      const std::string rest = (this->*form.rest)(rows);
      return rest.empty() ? std::string(form.word) : fmt::format("{} {}", form.word, rest);
    }
  return source_text(rows);
}

class Printer {
 public:
  explicit Printer(const Analysis& analysis) : analysis_(analysis) {
    each_relation(analysis, [&](const Relation& rows) {
      order_.push_back(&rows);
      for (const Relation* input : rows.inputs) {
        ++uses_[input];
        deep_[&rows] = std::max(deep_[&rows], deep_[input] + (rows.inputs.size() > 1 ? 1 : 0));
      }
      for (const Expression* argument : rows.arguments)
        if (argument != nullptr) count_inside(*argument);
      for (const Assignment& one : rows.assignments)
        if (one.value != nullptr) count_inside(*one.value);
    });
  }

  std::string run() {
    for (const Relation* rows : order_)
      if (is_part(*rows)) {
        names_[rows] = fmt::format("part{}", names_.size() + 1);
        out_ += names_[rows] + ":\n";
        print(*rows, 1);
      }
    for (const Expression* result : analysis_.results) {
      if (result->relations.empty() && result->is_scalar())
        out_ += "print " + to_text(*result, &names_) + "\n";
      for (const Relation* rows : result->relations) {
        print(*rows, 0);
        out_ += "=> " + columns_text(*rows) + "\n";
      }
    }
    return std::move(out_);
  }

 private:
  /// What conditions and values read is a part, so that their text can name it.
  void count_inside(const Expression& root) {
    each_expression(root, [&](const Expression& value) {
      for (const Relation* rows : value.relations)
        inside_.emplace(rows, true);
    });
  }

  bool is_part(const Relation& rows) const {
    if (rows.op == NodeKind::Name) return false;
    const auto uses = uses_.find(&rows);
    const auto depth = deep_.find(&rows);
    return inside_.contains(&rows) || (uses != uses_.end() && uses->second > 1) ||
           (depth != deep_.end() && depth->second > 0 && depth->second % kMaxDepth == 0);
  }

  void line(int indent, std::string_view text) {
    out_ += std::string(static_cast<std::size_t>(indent) * 2, ' ');
    out_ += text;
    out_ += '\n';
  }

  /// Down to where the rows come from, then back.
  void print(const Relation& top, int indent) {
    std::vector<const Relation*> chain;
    const Relation* at = &top;
    std::string_view begins;
    for (;;) {
      if (at != &top)
        if (const auto named = names_.find(at); named != names_.end()) {
          begins = named->second;
          break;
        }
      chain.push_back(at);
      if (at->inputs.empty() || at->op == NodeKind::Union) break;
      at = at->inputs.front();
    }
    if (!begins.empty()) line(indent, begins);
    for (auto one = chain.rbegin(); one != chain.rend(); ++one) {
      const Relation& rows = **one;
      const bool source = begins.empty() && one == chain.rbegin();
      line(indent, (source ? "" : "| ") + text_.operator_text(rows));
      for (std::size_t i = rows.op == NodeKind::Union ? 0 : 1; i < rows.inputs.size(); ++i)
        if (const auto named = names_.find(rows.inputs[i]); named != names_.end())
          line(indent + 2, named->second);
        else
          print(*rows.inputs[i], indent + 2);
    }
  }

  const Analysis& analysis_;
  std::vector<const Relation*> order_;
  std::unordered_map<const Relation*, int> uses_;
  std::unordered_map<const Relation*, int> deep_;  // joins and unions in each other below it
  std::unordered_map<const Relation*, bool> inside_;
  PartNames names_;
  OperatorText text_{names_};
  std::string out_;
};

}  // namespace

std::string plan_text(const Analysis& analysis) { return Printer(analysis).run(); }

}  // namespace redoubt::kql
