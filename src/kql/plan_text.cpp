#include "kql/plan_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "kql/detail/applied_queries.h"
#include "kql/detail/operator_text.h"
#include "kql/plan_walk.h"

namespace redoubt::kql {

namespace {

/// Deeper inside joins and unions a table gets a name of its own, too.
constexpr int kMaxDepth = 40;
/// What the query of mv-apply and partition begins with.
constexpr std::string_view kItsRows = "its rows";

class Printer {
 public:
  explicit Printer(const Analysis& analysis) : analysis_(analysis), names_(analysis), applied_(analysis) {
    each_relation(analysis, [&](const Relation& rows) {
      order_.push_back(&rows);
      for (const Relation* input : rows.inputs) {
        if (!applied_.is_begin(rows)) ++uses_[input];  // its operator reads the same
        deep_[&rows] = std::max(deep_[&rows], deep_[input] + (rows.inputs.size() > 1 ? 1 : 0));
      }
      for (const Expression* argument : rows.arguments)
        note_inside(argument);
      for (const Assignment& one : rows.assignments)
        note_inside(one.value);
    });
    for (const Relation* rows : order_)
      if (is_part(*rows)) parts_[applied_.owner(*rows)].push_back(rows);
  }

  std::string run() {
    print_parts(nullptr, 0);
    for (const Expression* result : analysis_.results) {
      if (result->relations.empty() && result->is_scalar())
        line(0, "print " + detail::definition_text(*result, names_));
      for (const Relation* rows : result->relations) {
        print(*rows, 0);
        line(0, "=> " + detail::columns_text(*rows));
      }
    }
    return std::move(out_);
  }

 private:
  /// What conditions and values read is a part, so that their text can name it.
  void note_inside(const Expression* root) {
    walk_.each(root, [&](const Expression& value) {
      inside_.insert(value.relations.begin(), value.relations.end());
    });
  }

  bool is_part(const Relation& rows) const {
    if (rows.op == NodeKind::Name || applied_.is_begin(rows)) return false;
    const auto uses = uses_.find(&rows);
    const auto depth = deep_.find(&rows);
    const bool several = uses != uses_.end() && uses->second > 1 + applied_.uses_as_begin(rows);
    return inside_.contains(&rows) || several ||
           (depth != deep_.end() && depth->second > 0 && depth->second % kMaxDepth == 0);
  }

  /// A line, and below it the expressions that it is the first to name.
  void line(int indent, std::string_view text) {
    out_ += std::string(static_cast<std::size_t>(indent) * 2, ' ');
    out_ += text;
    out_ += '\n';
    while (const auto unsaid = names_.next_unsaid()) {
      out_ += std::string(static_cast<std::size_t>(indent + 2) * 2, ' ');
      out_ += fmt::format("with {} = {}\n", unsaid->name, detail::definition_text(*unsaid->value, names_));
    }
  }

  /// Those that stand in the query that an operator applies; null: in no such.
  void print_parts(const Relation* owner, int indent) {
    const auto parts = parts_.find(owner);
    if (parts == parts_.end()) return;
    for (const Relation* rows : parts->second) {
      std::string name = fmt::format("part{}", ++named_);
      line(indent, name + ":");
      print(*rows, indent + 1);
      names_.name_rows(*rows, std::move(name));
    }
  }

  /// Down to where the rows come from, then back.
  void print(const Relation& top, int indent) {
    std::vector<const Relation*> chain;
    const std::string* begins = nullptr;
    for (const Relation* at = &top;; at = at->inputs.front()) {
      begins = names_.of_rows(*at);
      if (begins != nullptr) break;
      chain.push_back(at);
      if (at->inputs.empty() || at->op == NodeKind::Union) break;
    }
    if (begins != nullptr) line(indent, *begins);
    for (auto one = chain.rbegin(); one != chain.rend(); ++one) {
      const Relation& rows = **one;
      const bool source = begins == nullptr && one == chain.rbegin();
      line(indent, (source ? "" : "| ") + detail::operator_text(rows, names_));
      print_below(rows, indent + 2);
    }
  }

  /// What an operator reads beside its rows.
  void print_below(const Relation& rows, int indent) {
    if (const auto applied = detail::applied_query(rows)) return print_applied(rows, *applied, indent);
    for (std::size_t i = rows.op == NodeKind::Union ? 0 : 1; i < rows.inputs.size(); ++i)
      print(*rows.inputs[i], indent);
  }

  void print_applied(const Relation& rows, const detail::AppliedQuery& applied, int indent) {
    const std::string* const known = names_.of_rows(*applied.begin);
    const std::string before = known == nullptr ? std::string() : *known;
    names_.name_rows(*applied.begin, std::string(kItsRows));
    print_parts(&rows, indent);
    print(*applied.query, indent);
    if (before.empty())
      names_.forget_rows(*applied.begin);
    else
      names_.name_rows(*applied.begin, before);
  }

  const Analysis& analysis_;
  detail::PlanNames names_;
  detail::AppliedQueries applied_;
  ExpressionWalk walk_;
  std::vector<const Relation*> order_;
  std::unordered_map<const Relation*, std::size_t> uses_;
  std::unordered_map<const Relation*, int> deep_;  // joins and unions in each other below it
  std::unordered_set<const Relation*> inside_;
  std::unordered_map<const Relation*, std::vector<const Relation*>> parts_;
  int named_ = 0;
  std::string out_;
};

}  // namespace

std::string plan_text(const Analysis& analysis) { return Printer(analysis).run(); }

}  // namespace redoubt::kql
