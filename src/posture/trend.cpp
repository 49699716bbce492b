#include "posture/trend.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "doc/json.h"

namespace redoubt::posture {

using doc::JsonWriter;

namespace {

Result<std::vector<std::string>> asked_series(state::Runs& runs, const std::string& asked) {
  std::vector<std::string> names = RD_TRY(runs.series());
  if (asked.empty()) return names;
  if (std::find(names.begin(), names.end(), asked) != names.end()) return std::vector{asked};
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto near = closest(asked, views);
  return fail(Error::Kind::Usage, "POS0083", fmt::format("nothing was recorded as {}", asked), {},
              near ? fmt::format("did you mean {}?", *near) : "recorded are: " + join(views, ", "));
}

void optional_time(JsonWriter& json, std::string_view key, const std::optional<Instant>& time) {
  if (time) json.key(key).text(to_text(*time));
}

void score_json(JsonWriter& json, const state::RunScore& score) {
  json.key("score").begin_object().key("percentage");
  if (score.score)
    json.real(*score.score);
  else
    json.null();
  json.key("weight").integer(score.weight).end_object();
}

void counts_json(JsonWriter& json, const state::RunCounts& counts) {
  json.key("summary").begin_object().key("compliant").integer(counts.compliant);
  json.key("noncompliant").integer(counts.noncompliant).key("unknown").integer(counts.unknown);
  json.key("error").integer(counts.error).key("notApplicable").integer(counts.not_applicable);
  json.key("exempt").integer(counts.exempt).end_object();
}

/// A list of paths; whatever else a stranger's file holds is one text.
void inputs_json(JsonWriter& json, const std::string& inputs) {
  Arena arena;
  const Result<doc::Value> list = doc::parse_json(arena, inputs);
  json.key("inputs").begin_array();
  if (!list || !list->is_array())
    json.text(inputs);
  else
    for (const doc::Value& path : list->items())
      json.text(path.is_string() ? std::string(path.as_string()) : doc::to_json(path));
  json.end_array();
}

void run_json(JsonWriter& json, const state::Run& run) {
  json.begin_object().key("run").integer(run.id).key("time").text(to_text(run.time));
  inputs_json(json, run.inputs);
  json.key("zone").text(run.zone).key("complete").boolean(run.complete);
  score_json(json, run.score);
  json.key("resources").integer(run.resources);
  counts_json(json, run.counts);
  json.key("accepted").integer(run.accepted).key("severities").begin_object();
  for (const Level level : {Level::Critical, Level::High, Level::Medium, Level::Low})
    json.key(name_of(level)).integer(run.levels.at(static_cast<std::size_t>(level)));
  json.end_object().key("new").integer(run.opened).key("closed").integer(run.closed);
  json.key("subscriptions").begin_array();
  for (const state::RunSubscription& one : run.subscriptions) {
    json.begin_object().key("subscription").text(one.subscription);
    score_json(json, one.score);
    counts_json(json, one.counts);
    json.end_object();
  }
  json.end_array().end_object();
}

void findings_json(JsonWriter& json, std::string_view key, const std::vector<state::KeptFinding>& findings) {
  json.key(key).begin_array();
  for (const state::KeptFinding& one : findings) {
    const state::RunFinding& finding = one.finding;
    json.begin_object()
        .key("id")
        .text(finding.id)
        .key("policy")
        .begin_object()
        .key("name")
        .text(finding.policy);
    json.key("displayName").text(finding.title).end_object();
    json.key("resource").begin_object().key("id").text(finding.resource);
    json.key("type").text(finding.type).end_object();
    json.key("severity").text(name_of(finding.severity)).key("state").text(finding.state);
    json.key("owner").text(finding.owner).key("environment").text(finding.environment);
    json.key("firstSeen").text(to_text(one.first_seen)).key("lastSeen").text(to_text(one.last_seen));
    optional_time(json, "due", one.due);
    optional_time(json, "closed", one.closed);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

Result<std::vector<SeriesTrend>> read_trend(state::Runs& runs, const TrendQuestion& question) {
  const std::vector<std::string> names = RD_TRY(asked_series(runs, question.series));
  std::vector<SeriesTrend> out;
  for (const std::string& name : names) {
    SeriesTrend trend;
    trend.name = name;
    trend.runs = RD_TRY(runs.runs(name, question.last));
    trend.owners = RD_TRY(runs.owners(name, question.now));
    trend.overdue = RD_TRY(runs.overdue(name, question.now));
    if (trend.runs.empty()) continue;  // removed meanwhile
    trend.opened = RD_TRY(runs.opened_by(trend.runs.back().id));
    trend.closed = RD_TRY(runs.closed_by(trend.runs.back().id));
    out.push_back(std::move(trend));
  }
  return out;
}

std::string trend_json(const std::vector<SeriesTrend>& trend, Instant now) {
  JsonWriter json(true);
  json.begin_object().key("schema").text("redoubt.trend/1").key("time").text(to_text(now));
  json.key("series").begin_array();
  for (const SeriesTrend& one : trend) {
    json.begin_object().key("name").text(one.name).key("runs").begin_array();
    for (const state::Run& run : one.runs)
      run_json(json, run);
    json.end_array().key("owners").begin_array();
    for (const state::OwnerCounts& owner : one.owners) {
      json.begin_object().key("owner").text(owner.owner).key("open").integer(owner.open);
      json.key("overdue").integer(owner.overdue);
      optional_time(json, "nextDue", owner.next_due);
      json.end_object();
    }
    json.end_array();
    findings_json(json, "new", one.opened);
    findings_json(json, "closed", one.closed);
    findings_json(json, "overdue", one.overdue);
    json.end_object();
  }
  json.end_array().end_object();
  return json.take() + "\n";
}

}  // namespace redoubt::posture
