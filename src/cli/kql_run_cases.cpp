#include "cli/kql_run_cases.h"

#include <fmt/format.h>

#include "cli/cases.h"
#include "query/answer_json.h"

namespace redoubt::cli {

namespace {

std::string case_json(const query::Answer& answer) {
  doc::JsonWriter json;
  json.begin_object();
  const query::ResultTable none;
  query::write_columns_and_rows(json, answer.tables.empty() ? none : answer.tables.front());
  if (answer.tables.size() > 1) {
    json.key("results").begin_array();
    for (const query::ResultTable& table : answer.tables) {
      json.begin_object();
      query::write_columns_and_rows(json, table);
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
  return json.take();
}

Result<std::string> run_case(const doc::Value& test_case, QuerySession& session, Interrupt& interrupt) {
  const Interrupt::Work work(interrupt);
  const doc::Value* const query = test_case.find("query");
  if (query == nullptr || !query->is_string())
    return fail(Error::Kind::InvalidInput, "KQL0010", "a case needs a query, as text");
  query::RunOptions options = session.options();
  options.stop = work.token();
  kql::PatternCache patterns;
  options.evaluation.patterns = &patterns;
  options.rewrites.context = &options.evaluation;
  if (const std::optional<std::string_view> now = test_case.text_of("now")) {
    const Result<ZonedTime> time = parse_time(*now);
    if (!time) return fail(Error::Kind::InvalidInput, "KQL0010", fmt::format("now is no time: {}", *now));
    options.evaluation.now = time->instant;
  }
  const doc::Value* const given = test_case.find("tables");
  if (given == nullptr) {
    const query::Answer answer = RD_TRY(session.answer(query->as_string(), options));
    return case_json(answer);
  }
  query::MemoryTables tables;
  RD_TRY(query::add_tables(*given, tables));
  const query::Answer answer = RD_TRY(session.answer(query->as_string(), options, tables));
  return case_json(answer);
}

}  // namespace

Result<Exit> run_query_cases(const std::string& file, QuerySession& session, Interrupt& interrupt,
                             Context& context) {
  return run_cases(file, context,
                   [&](const doc::Value& test_case) { return run_case(test_case, session, interrupt); });
}

}  // namespace redoubt::cli
