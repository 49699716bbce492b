#include "query/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <stdexcept>
#include <vector>

#include "core/text.h"
#include "kql/management_command.h"
#include "kql/plan_walk.h"
#include "kql/user_agents.h"
#include "query/detail/counted_source.h"
#include "query/detail/executor.h"
#include "query/detail/operators.h"
#include "query/detail/request_options.h"

namespace redoubt::query {

namespace {

using kql::Relation;

/// Plugins whose columns are found by running them, in one query.
constexpr std::size_t kMaxDiscoveries = 64;

tl::unexpected<Error> first_error(const kql::Analysis& analysis) {
  for (const kql::Problem& problem : analysis.syntax.problems) {
    if (problem.severity != Severity::Error) continue;
    return fail(Error::Kind::InvalidInput, problem.code, problem.message,
                analysis.syntax.where(problem.offset), problem.hint);
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

/// A table itself, with or without a condition that a rewrite put on it, has no name as a result.
std::string result_name(const Relation& relation) {
  const bool condition = relation.op == kql::NodeKind::Filter && relation.inputs.size() == 1 &&
                         relation.inputs.front()->op == kql::NodeKind::Name &&
                         relation.inputs.front()->name == relation.name;
  return std::string(relation.op == kql::NodeKind::Name || condition ? std::string_view() : relation.name);
}

ResultTable result_of(const Relation& relation, const detail::Executor&, const Table& table,
                      const QueryLimits& limits) {
  ResultTable out;
  out.name = result_name(relation);
  const std::size_t taken = std::min<std::size_t>(table.rows(), limits.max_taken_rows);
  out.rows = std::min<std::size_t>(taken, limits.max_result_rows);
  out.truncated = out.rows < taken;
  out.ordered = relation.sorted;
  for (const TableColumn& one : table.columns()) {
    out.columns.emplace_back(std::string(one.column->name), one.column->type);
    out.cells.emplace_back(one.cells->begin(), one.cells->begin() + static_cast<std::ptrdiff_t>(out.rows));
  }
  take_visualization(relation, out);
  return out;
}

/// A parameter that the query does not declare is a mistake of who gives it.
Result<void> check_parameters(const kql::Analysis& analysis, const kql::ParameterValues& given) {
  for (const auto& [name, value] : given) {
    const std::vector<std::string_view>& declared = analysis.parameters;
    if (std::find(declared.begin(), declared.end(), name) != declared.end()) continue;
    const std::optional<std::string_view> meant = closest(name, declared);
    return fail(Error::Kind::Usage, "QRY0007", fmt::format("the query declares no parameter {}", name), {},
                meant ? fmt::format("did you mean {}?", *meant) : "declare query_parameters(name: type);");
  }
  return {};
}

/// What a query asks that nothing was given for: said once.
void tell_missing_locations(const kql::Analysis& analysis, const RunOptions& options, Answer& out) {
  if (options.evaluation.locations != nullptr) return;
  const kql::Expression* first = nullptr;
  kql::each_node(
      analysis, [](const Relation&) {},
      [&](const kql::Expression& value) {
        const bool asks = value.kind == kql::ExpressionKind::Call && value.function != nullptr &&
                          value.function->name == "geo_info_from_ip_address";
        if (asks && first == nullptr) first = &value;
      });
  if (first == nullptr) return;
  const bool here = first->syntax != nullptr && !first->saved;
  out.warnings.push_back({.code = "QRY0019",
                          .severity = Severity::Warning,
                          .message = "geo_info_from_ip_address() is null: no database of addresses is given",
                          .offset = here ? analysis.syntax.tokens[first->syntax->begin].offset : 0,
                          .hint = "--geoip FILE.mmdb names one, such as GeoLite2-City.mmdb"});
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

/// One more row than a result may have shows that there are more.
std::uint64_t looked_at(const QueryLimits& limits) {
  const std::uint64_t rows = limits.max_result_rows;
  return std::min(limits.max_taken_rows, rows == UINT64_MAX ? rows : rows + 1);
}

Result<void> answer_all(const kql::Analysis& analysis, TableSource& source, const RunOptions& options,
                        const QueryLimits& limits, Budget& budget, Answer& out) {
  detail::Executor executor(analysis, source, options.evaluation, budget);
  for (const kql::Expression* result : analysis.results) {
    if (result->kind == kql::ExpressionKind::Graph)
      return detail::unsupported("a graph as a result; graph-match and graph-to-table make rows of it");
    if (result->relations.empty() && result->is_scalar()) {
      const kql::Value value = RD_TRY(executor.constant(*result));
      out.tables.push_back({.columns = {{"print_0", value.type()}}, .cells = {{value}}, .rows = 1});
    }
    for (const Relation* rows : result->relations) {
      const Table table = RD_TRY(executor.first_rows(*rows, looked_at(limits)));
      out.tables.push_back(result_of(*rows, executor, table, limits));
      for (const Table& more : executor.given_too(*rows))
        out.tables.push_back(result_of(*rows, executor, more, limits));
    }
  }
  for (const kql::Problem& problem : analysis.syntax.problems)
    if (problem.severity != Severity::Error) out.warnings.push_back(problem);
  return {};
}

Result<Answer> answer_of(std::string_view query, const kql::Environment& environment, TableSource& source,
                         const RunOptions& options, Budget& budget) {
  const auto begin = std::chrono::steady_clock::now();
  detail::CountedSource counted(source, environment.watchlists);
  kql::Discoveries own;
  kql::Discoveries& discoveries = options.discoveries == nullptr ? own : *options.discoveries;
  discoveries.clear();
  for (;;) {
    kql::Environment known = environment;
    known.discoveries = &discoveries;
    known.complete = true;
    if (!options.parameters.empty()) known.parameters = &options.parameters;
    kql::Analysis analysis = kql::analyze(query, known, options.analysis);
    RD_TRY(check_parameters(analysis, options.parameters));
    if (!analysis.ok()) return first_error(analysis);
    RD_TRY(check_no_command(analysis.syntax));
    if (analysis.approximate)
      return fail(Error::Kind::Limit, "QRY0002", "the functions of the query are called in too many ways");
    const QueryLimits limits = RD_TRY(detail::asked_limits(analysis, options.limits));
    budget.change(limits);
    Answer out;
    tell_missing_locations(analysis, options, out);
    if (options.span) kql::limit_time(analysis, *options.span);
    kql::rewrite(analysis, options.rewrites);
    const Relation* const plugin = next_discovery(analysis);
    if (plugin == nullptr) {
      RD_TRY(answer_all(analysis, counted, options, limits, budget, out));
      out.scans = counted.take();
      out.time = std::chrono::steady_clock::now() - begin;
      return out;
    }
    if (discoveries.size() > kMaxDiscoveries)
      return fail(Error::Kind::Limit, "QRY0002", "too many plugins whose columns hang on their rows");
    discoveries.resize(std::max<std::size_t>(discoveries.size(), plugin->discovery));
    discoveries[plugin->discovery - 1] = RD_TRY(discovered(analysis, *plugin, counted, options, budget));
  }
}

}  // namespace

Result<void> check_no_command(const kql::Syntax& syntax) {
  return kql::check_no_command(syntax, "is not run",
                               "redoubt logs tables lists the tables of events, redoubt logs load makes "
                               "them; redoubt kql shell has .tables");
}

Result<Answer> run(std::string_view query, const kql::Environment& environment, TableSource& source,
                   const RunOptions& options) {
  Budget budget(options.limits, options.stop);
  kql::UserAgents agents;
  RunOptions own = options;
  if (own.evaluation.user_agents == nullptr) own.evaluation.user_agents = &agents;
  if (own.rewrites.context != nullptr) own.rewrites.context = &own.evaluation;
  try {
    return answer_of(query, environment, source, own, budget);
  } catch (const std::bad_alloc&) {
    return tl::unexpected(budget.out_of_memory());
  } catch (const std::length_error&) {  // of a container that could not have so much
    return tl::unexpected(budget.out_of_memory());
  }
}

}  // namespace redoubt::query
