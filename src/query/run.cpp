#include "query/run.h"

#include <algorithm>

#include "core/text.h"
#include "kql/plan_walk.h"
#include "query/detail/executor.h"
#include "query/detail/operators.h"

namespace redoubt::query {

namespace {

using kql::Relation;

/// Plugins whose columns are found by running them, in one query.
constexpr std::size_t kMaxDiscoveries = 64;

tl::unexpected<Error> first_error(const kql::Analysis& analysis) {
  for (const kql::Problem& problem : analysis.syntax.problems) {
    if (problem.severity != Severity::Error) continue;
    Where where;
    const std::string_view before = analysis.syntax.text.substr(0, problem.offset);
    where.line = 1 + static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
    where.column = static_cast<std::uint32_t>(before.size() - (before.rfind('\n') + 1)) + 1;
    return fail(Error::Kind::InvalidInput, problem.code, problem.message, std::move(where), problem.hint);
  }
  return fail(Error::Kind::InvalidInput, "QRY0006", "the query has errors");
}

/// A plugin whose columns are not known yet, though its rows are; null: there is none.
const Relation* next_discovery(const kql::Analysis& analysis) {
  const Relation* out = nullptr;
  kql::each_relation(analysis, [&](const Relation& rows) {
    const bool ready = std::none_of(rows.inputs.begin(), rows.inputs.end(),
                                    [](const Relation* input) { return input->open; });
    if (out == nullptr && rows.discovery != 0 && rows.open && ready) out = &rows;
  });
  return out;
}

void take_visualization(const Relation& result, ResultTable& out) {
  for (const Relation* at = &result; at != nullptr; at = at->inputs.empty() ? nullptr : at->inputs.front()) {
    if (at->op != kql::NodeKind::Render) continue;
    const std::string words = on_one_line(at->text);
    const std::vector<std::string_view> parts = split(words, ' ');
    if (parts.size() > 1) out.visualization.emplace_back("kind", std::string(parts[1]));
    for (const kql::Option& option : at->options)
      out.visualization.emplace_back(std::string(option.name), std::string(option.value));
    return;
  }
}

ResultTable result_of(const Relation& relation, const detail::Executor&, const Table& table,
                      const QueryLimits& limits) {
  ResultTable out;
  out.name = std::string(relation.op == kql::NodeKind::Name ? std::string_view() : relation.name);
  out.rows = std::min<std::size_t>(table.rows(), limits.max_result_rows);
  out.truncated = out.rows < table.rows();
  out.ordered = relation.sorted;
  for (const TableColumn& one : table.columns()) {
    out.columns.emplace_back(std::string(one.column->name), one.column->type);
    out.cells.push_back(*one.cells);
    out.cells.back().resize(out.rows);
  }
  take_visualization(relation, out);
  return out;
}

/// The columns of a plugin, by running what is in front of it.
Result<std::vector<std::pair<std::string, kql::Type>>> discovered(const kql::Analysis& analysis,
                                                                  const Relation& plugin, TableSource& source,
                                                                  const RunOptions& options, Budget& budget) {
  detail::Executor executor(analysis, source, options.evaluation, budget);
  const Table table = RD_TRY(executor.rows(plugin));
  std::vector<std::pair<std::string, kql::Type>> out;
  for (const TableColumn& one : table.columns())
    out.emplace_back(std::string(one.column->name), one.column->type);
  return out;
}

Result<Answer> answered(const kql::Analysis& analysis, TableSource& source, const RunOptions& options,
                        Budget& budget) {
  detail::Executor executor(analysis, source, options.evaluation, budget);
  Answer out;
  for (const kql::Expression* result : analysis.results) {
    if (result->kind == kql::ExpressionKind::Graph)
      return detail::unsupported("a graph as a result; graph-match and graph-to-table make rows of it");
    if (result->relations.empty() && result->is_scalar()) {
      const kql::Value value = RD_TRY(executor.constant(*result));
      out.tables.push_back({.columns = {{"print_0", value.type()}}, .cells = {{value}}, .rows = 1});
    }
    for (const Relation* rows : result->relations) {
      const Table table = RD_TRY(executor.rows(*rows));
      out.tables.push_back(result_of(*rows, executor, table, options.limits));
      for (const Table& more : executor.given_too(*rows))
        out.tables.push_back(result_of(*rows, executor, more, options.limits));
    }
  }
  for (const kql::Problem& problem : analysis.syntax.problems)
    if (problem.severity != Severity::Error) out.warnings.push_back(problem);
  return out;
}

}  // namespace

Result<Answer> run(std::string_view query, const kql::Environment& environment, TableSource& source,
                   const RunOptions& options) {
  Budget budget(options.limits, options.stop);
  kql::Discoveries discoveries;
  for (;;) {
    kql::Environment known = environment;
    known.discoveries = &discoveries;
    kql::Analysis analysis = kql::analyze(query, known, options.analysis);
    if (!analysis.ok()) return first_error(analysis);
    kql::rewrite(analysis, options.rewrites);
    const Relation* const plugin = next_discovery(analysis);
    if (plugin == nullptr) return answered(analysis, source, options, budget);
    if (discoveries.size() > kMaxDiscoveries)
      return fail(Error::Kind::Limit, "QRY0002", "too many plugins whose columns hang on their rows");
    discoveries.resize(std::max<std::size_t>(discoveries.size(), plugin->discovery));
    discoveries[plugin->discovery - 1] = RD_TRY(discovered(analysis, *plugin, source, options, budget));
  }
}

}  // namespace redoubt::query
