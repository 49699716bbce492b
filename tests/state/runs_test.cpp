#include "state/runs.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "folder.h"

namespace redoubt::state {
namespace {

constexpr std::int64_t kWeek = 7 * kTicksPerDay;

Instant day(int number) { return Instant{number * kTicksPerDay}; }

RunFinding finding(std::string id, std::string owner = "team", std::string state = "noncompliant") {
  RunFinding out{std::move(id),   "policy",         "title",          "/r", "T",
                 Level::Critical, std::move(state), std::move(owner), {}};
  if (out.state == "noncompliant") out.due_after = kWeek;
  return out;
}

class StateRuns : public testing::Test {
 protected:
  void SetUp() override {
    Result<Runs> opened = Runs::open(folder_.text());
    ASSERT_TRUE(opened) << opened.error().text();
    runs_.emplace(std::move(*opened));
  }

  state::Run record(int at, const std::vector<RunFinding>& findings, bool complete = true) {
    Result<Recording> recording = runs_->begin();
    EXPECT_TRUE(recording) << recording.error().text();
    for (const RunFinding& one : findings)
      EXPECT_TRUE(recording->add(one));
    state::Run run{.series = "s", .time = day(at), .inputs = R"(["infra"])", .complete = complete};
    Result<state::Run> out = recording->commit(std::move(run));
    EXPECT_TRUE(out) << out.error().text();
    return out ? *out : state::Run{};
  }

  /// `id first last due closed`, days, `-` for none.
  std::string all() {
    std::string out;
    const auto text = [](const std::optional<Instant>& time) {
      return time ? std::to_string(time->ticks / kTicksPerDay) : std::string("-");
    };
    Result<Statement> statement = runs_->database().prepare(
        "SELECT finding, first_seen, last_seen, due, closed FROM findings ORDER BY finding");
    EXPECT_TRUE(statement);
    const auto at = [](const Statement& row, int column) {
      return row.is_null(column) ? std::nullopt : std::optional(Instant{row.integer(column)});
    };
    EXPECT_TRUE(statement->each({}, [&](const Statement& row) {
      out += fmt::format("{}{} {} {} {} {}", out.empty() ? "" : "; ", row.text(0), text(at(row, 1)),
                         text(at(row, 2)), text(at(row, 3)), text(at(row, 4)));
    }));
    return out;
  }

  Folder folder_;
  std::optional<Runs> runs_;
};

TEST_F(StateRuns, KeepsWhatItWasGiven) {
  state::Run run{.series = "s",
                 .time = day(3),
                 .inputs = R"(["a b"])",
                 .zone = "zone.yaml",
                 .score = {0.25, 40},
                 .resources = 7,
                 .counts = {1, 2, 3, 4, 5, 6},
                 .accepted = 1,
                 .levels = {0, 1, 2, 3, 4}};
  run.subscriptions.push_back({"one", {std::nullopt, 0}, {1, 1, 1, 1, 1, 1}});
  run.subscriptions.push_back({"two", {0.25, 40}, {}});
  Result<Recording> recording = runs_->begin();
  ASSERT_TRUE(recording);
  ASSERT_TRUE(recording->commit(run));
  const Result<std::vector<state::Run>> kept = runs_->runs("s");
  ASSERT_TRUE(kept && kept->size() == 1);
  const state::Run& one = kept->front();
  EXPECT_EQ(one.time, day(3));
  EXPECT_EQ(one.inputs, run.inputs);
  EXPECT_EQ(one.zone, run.zone);
  EXPECT_EQ(one.score.score, 0.25);
  EXPECT_EQ(one.score.weight, 40);
  EXPECT_EQ(one.counts.exempt, 6);
  EXPECT_EQ(one.levels, run.levels);
  ASSERT_EQ(one.subscriptions.size(), 2U);
  EXPECT_FALSE(one.subscriptions[0].score.score);
  EXPECT_EQ(one.subscriptions[1].score.score, 0.25);
}

TEST_F(StateRuns, FindingsAreSeenClosedAndComeBack) {
  EXPECT_EQ(record(1, {finding("a"), finding("b")}).opened, 2);
  EXPECT_EQ(all(), "a 1 1 8 -; b 1 1 8 -");
  const state::Run second = record(2, {finding("b"), finding("c")});
  EXPECT_EQ(second.opened, 1);
  EXPECT_EQ(second.closed, 1);
  EXPECT_EQ(all(), "a 1 1 8 2; b 1 2 8 -; c 2 2 9 -");
  EXPECT_EQ(runs_->closed_by(second.id)->front().finding.id, "a");
  EXPECT_EQ(runs_->opened_by(second.id)->front().finding.id, "c");
  const state::Run third = record(3, {finding("a"), finding("b"), finding("c")});
  EXPECT_EQ(third.opened, 1);
  EXPECT_EQ(third.closed, 0);
  EXPECT_EQ(all(), "a 1 3 8 -; b 1 3 8 -; c 2 3 9 -") << "it keeps its first date";
}

TEST_F(StateRuns, AnIncompleteRunClosesNothing) {
  record(1, {finding("a")});
  EXPECT_EQ(record(2, {}, false).closed, 0);
  EXPECT_EQ(all(), "a 1 1 8 -");
  EXPECT_EQ(record(3, {}).closed, 1);
}

TEST_F(StateRuns, AFindingThatCanNotBeToldAnyMoreStaysTheSame) {
  const auto of = [](const std::string& id, const std::string& resource, const std::string& state) {
    RunFinding out = finding(id);
    out.resource = resource;
    out.state = state;
    return out;
  };
  struct Case {
    std::string what;
    std::vector<RunFinding> before;
    std::vector<RunFinding> after;
    std::int64_t opened;
    std::int64_t closed;
    std::string expected;
  };
  const Case cases[] = {
      {"it becomes unknown", {of("a", "r", "noncompliant")}, {of("b", "r", "unknown")}, 0, 0, "b 1 2 8 -"},
      {"it becomes an error", {of("a", "r", "noncompliant")}, {of("b", "r", "error")}, 0, 0, "b 1 2 8 -"},
      {"it can be told again", {of("a", "r", "unknown")}, {of("b", "r", "noncompliant")}, 0, 0, "b 1 2 8 -"},
      {"another path",
       {of("a", "r", "noncompliant")},
       {of("b", "r", "noncompliant")},
       1,
       1,
       "a 1 1 8 2; b 2 2 9 -"},
      {"another resource",
       {of("a", "r", "noncompliant")},
       {of("b", "s", "unknown")},
       1,
       1,
       "a 1 1 8 2; b 2 2 9 -"},
      {"no resource", {of("a", "", "noncompliant")}, {of("b", "", "error")}, 1, 1, "a 1 1 8 2; b 2 2 9 -"},
      {"two of them",
       {of("a", "r", "noncompliant")},
       {of("b", "r", "unknown"), of("c", "r", "unknown")},
       2,
       1,
       "a 1 1 8 2; b 2 2 9 -; c 2 2 9 -"}};
  for (const Case& one : cases) {
    ASSERT_TRUE(runs_->database().execute("DELETE FROM findings"));
    record(1, one.before);
    const state::Run second = record(2, one.after);
    EXPECT_EQ(all(), one.expected) << one.what;
    EXPECT_EQ(second.opened, one.opened) << one.what;
    EXPECT_EQ(second.closed, one.closed) << one.what;
  }
}

TEST_F(StateRuns, AnEarlierRunWrittenLaterMovesNothingBack) {
  record(5, {finding("a"), finding("b")});
  record(6, {finding("a")});
  EXPECT_EQ(record(4, {finding("b"), finding("c")}).closed, 0);
  EXPECT_EQ(all(), "a 5 6 12 -; b 4 5 11 6; c 4 4 11 -");
  record(7, {finding("a")});
  EXPECT_EQ(all(), "a 5 7 12 -; b 4 5 11 6; c 4 4 11 7");
}

TEST_F(StateRuns, RunsOfTheSameTimeFollowEachOther) {
  record(1, {finding("a")});
  EXPECT_EQ(record(1, {}).closed, 1);
  EXPECT_EQ(record(1, {finding("a")}).opened, 1);
  EXPECT_EQ(all(), "a 1 1 8 -");
}

TEST_F(StateRuns, SeriesDoNotCloseEachOther) {
  record(1, {finding("a")});
  Result<Recording> recording = runs_->begin();
  ASSERT_TRUE(recording);
  ASSERT_TRUE(recording->commit({.series = "other", .time = day(2), .inputs = "[]"}));
  EXPECT_EQ(all(), "a 1 1 8 -");
  EXPECT_EQ(*runs_->series(), (std::vector<std::string>{"other", "s"}));
}

TEST_F(StateRuns, TheSameIdTwiceIsOneFinding) {
  record(1, {finding("a", "team", "unknown"), finding("a"), finding("a", "team", "unknown")});
  EXPECT_EQ(all(), "a 1 1 8 -");
}

TEST_F(StateRuns, ARecordingThatIsGivenUpLeavesNothing) {
  {
    Result<Recording> recording = runs_->begin();
    ASSERT_TRUE(recording);
    ASSERT_TRUE(recording->add(finding("z")));
  }
  record(1, {finding("a")});
  EXPECT_EQ(all(), "a 1 1 8 -");
}

TEST_F(StateRuns, OverdueByOwner) {
  record(1, {finding("a", "zoe"), finding("b", "amy"), finding("c", "amy", "accepted"), finding("d", "")});
  record(2, {finding("a", "zoe"), finding("b", "amy"), finding("c", "amy", "accepted"), finding("d", ""),
             finding("e", "amy")});
  const Result<std::vector<OwnerCounts>> owners = runs_->owners("s", day(8));
  ASSERT_TRUE(owners);
  std::string text;
  for (const OwnerCounts& one : *owners)
    text += fmt::format("{}:{}/{} ", one.owner, one.overdue, one.open);
  EXPECT_EQ(text, ":1/1 amy:1/2 zoe:1/1 ");
  EXPECT_EQ(runs_->overdue("s", day(8))->size(), 3U);
  EXPECT_EQ(runs_->overdue("s", day(7))->size(), 0U);
}

TEST_F(StateRuns, TheLastRunsOldestFirst) {
  for (int i = 1; i <= 5; ++i)
    record(i, {});
  const Result<std::vector<state::Run>> last = runs_->runs("s", 2);
  ASSERT_TRUE(last && last->size() == 2);
  EXPECT_EQ(last->front().time, day(4));
  EXPECT_EQ(last->back().time, day(5));
}

TEST_F(StateRuns, RemovingTheLastRunForgetsTheSeries) {
  const state::Run first = record(1, {finding("a")});
  const state::Run second = record(2, {finding("a")});
  ASSERT_TRUE(runs_->remove(first.id));
  EXPECT_EQ(all(), "a 1 2 8 -");
  ASSERT_TRUE(runs_->remove(second.id));
  EXPECT_EQ(all(), "");
  EXPECT_TRUE(runs_->series()->empty());
  EXPECT_EQ(runs_->remove(second.id).error().code, "STA0008");
}

TEST_F(StateRuns, HostileTextIsText) {
  record(1, {finding("'); DROP TABLE runs; --", std::string("a\0b\xff", 4))});
  EXPECT_EQ(runs_->open_findings("s")->front().finding.owner, std::string("a\0b\xff", 4));
  EXPECT_EQ(runs_->runs("s")->size(), 1U);
}

TEST_F(StateRuns, AHundredThousandFindings) {
  std::vector<RunFinding> many;
  many.reserve(100'000);
  for (int i = 0; i < 100'000; ++i)
    many.push_back(finding(fmt::format("{:064x}", i * 7919), fmt::format("team-{}", i % 50)));
  EXPECT_EQ(record(1, many).opened, 100'000);
  many.resize(50'000);
  EXPECT_EQ(record(2, many).closed, 50'000);
}

}  // namespace
}  // namespace redoubt::state
