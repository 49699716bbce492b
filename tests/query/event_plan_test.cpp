#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "core/time.h"
#include "event_folder.h"
#include "kql/analysis.h"
#include "kql/pattern.h"
#include "kql/rewrite.h"
#include "query/sql/event_catalog.h"
#include "query/sql/explain.h"

// What the engine reads of a table of events: its own plan tells it.

namespace redoubt::query {
namespace {

/// 60,000 rows in three months: a text with words, of which few have `ForwardTo`.
class EventPlan : public EventFolder {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(EventFolder::SetUp());
    if (IsSkipped()) return;
    using store::ColumnKind;
    ASSERT_TRUE(tables_->create({.name = "T",
                                 .columns = {{.name = "TimeGenerated", .kind = ColumnKind::DateTime},
                                             {.name = "Text", .kind = ColumnKind::String, .word_index = true},
                                             {.name = "Other", .kind = ColumnKind::String}}}));
    const auto filled = engine_->execute(
        {.sql = "INSERT INTO events.T SELECT toDateTime64('2024-01-01 00:00:00', 7, 'UTC') + number * 120, "
                "multiIf(number = 30000, 'New-InboxRule -ForwardTo x', number = 45000, '–forwardto–', number "
                "= 50000, "
                "'éForwardTo', concat('Get-Mailbox ', toString(number))), toString(number), "
                "toDateTime64('2024-04-01 00:00:00', 7, 'UTC') FROM numbers(60000)",
         .inputs = {},
         .limits = {}},
        {});
    ASSERT_TRUE(filled) << filled.error().text();
  }

  /// `in_memory`: operators that are left to do there.
  std::string sql_of(std::string_view query, std::size_t in_memory = 0) {
    const kql::Schemas schemas = sql::schemas_of(*tables_);
    kql::PatternCache patterns;
    kql::EvaluationContext evaluation{Instant{638'475'264'000'000'000}, {}, &patterns};  // 2024-04-01
    kql::Analysis analysis = kql::analyze(query, schemas);
    kql::rewrite(analysis, {.context = &evaluation});
    sql::SqlShare share;
    const Result<std::string> sql = sql::explain(analysis, sql::EventCatalog(*tables_), evaluation, &share);
    EXPECT_EQ(share.operators_in_memory, in_memory) << query;
    return sql ? *sql : sql.error().text();
  }
  /// Lines of text that SQL gives.
  std::string lines(const std::string& sql) {
    std::string out;
    const store::BlockSink take = [&](const store::Block& block) -> Result<void> {
      const auto& texts = std::get<store::Strings>(block.columns[0].cells);
      for (std::size_t row = 0; row < texts.size(); ++row)
        out += std::string(texts[row]) + "\n";
      return {};
    };
    const auto done = engine_->query({.sql = sql, .inputs = {}, .limits = {}}, take, {});
    return done ? out : done.error().text();
  }
  std::string plan_of(std::string_view query) {
    return lines(fmt::format("SELECT explain FROM (EXPLAIN indexes = 1 {})", sql_of(query)));
  }
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST_F(EventPlan, TimeRangesLeavePartitionsOut) {
  for (const std::string_view condition :
       {"TimeGenerated > ago(10d)", "TimeGenerated between (datetime(2024-02-03) .. datetime(2024-02-10))",
        "TimeGenerated >= datetime(2024-01-05) and TimeGenerated < datetime(2024-01-09) and Other != 'x'",
        "TimeGenerated between (datetime(2024-03-20) .. 2d)", "ago(300h) <= TimeGenerated"}) {
    const std::string plan = plan_of(fmt::format("T | where {} | summarize count() by Other", condition));
    EXPECT_TRUE(has(plan, "Partition")) << condition << "\n" << plan;
    EXPECT_TRUE(has(plan, "Parts: 1/3")) << condition << "\n" << plan;
  }
}

TEST_F(EventPlan, ConditionsBehindOtherOperatorsDoToo) {
  const std::string plan = plan_of(
      "T | extend Length = strlen(Text) | project TimeGenerated, Length | where Length > 3 | where "
      "TimeGenerated > ago(10d) "
      "| make-series count() on TimeGenerated from ago(10d) to now() step 1d");
  EXPECT_TRUE(has(plan, "Parts: 1/3")) << plan;
}

TEST_F(EventPlan, WhatSqlCanSayOfAConditionIsAskedBeforeTheRest) {
  const std::string said = sql_of(
      "T | where TimeGenerated > ago(10d) | where Other != 'x' and parse_url(Text).Host == '' | count", 2);
  EXPECT_TRUE(has(said, "(`Other` != 'x')")) << said;
  EXPECT_TRUE(has(said, "\nin memory: where Other != 'x' and parse_url(Text).Host == ''\n")) << said;
  const std::string sql = said.substr(0, said.find('\n'));
  EXPECT_TRUE(has(lines("SELECT explain FROM (EXPLAIN indexes = 1 " + sql + ")"), "Parts: 1/3")) << said;
}

TEST_F(EventPlan, TextsBesideNumbersAndAnyColumnAreAskedInSql) {
  for (const std::string_view condition : {"Other == 7", "Other in (7, 9)", "7 != Other", "* has 'x'"})
    sql_of(fmt::format("T | where {} | count", condition));
  EXPECT_EQ(lines(sql_of("T | where Other == 30000 | project Text")), "New-InboxRule -ForwardTo x\n");
}

TEST_F(EventPlan, WordsAreLookedUpInTheirIndex) {
  for (const std::string_view condition :
       {"Text has 'forwardto'", "Text has_cs 'ForwardTo'", "Text has_any ('ForwardTo', 'RedirectTo')",
        "Text has_all ('forwardto', 'inboxrule')", "Text has 'ForwardTo' and Other != 'x'"}) {
    const std::string plan = plan_of(fmt::format("T | where {} | summarize count() by Other", condition));
    EXPECT_TRUE(has(plan, "Name: rd_words_Text")) << condition << "\n" << plan;
    // Two granules of eight hold words or more than ASCII.
    EXPECT_TRUE(has(plan, "Granules: 2/8")) << condition << "\n" << plan;
  }
}

TEST_F(EventPlan, WordsInTextsOfMoreThanAsciiAreFound) {
  EXPECT_EQ(lines(sql_of("T | where Text has 'forwardto' | project Text | sort by Text asc")),
            "New-InboxRule -ForwardTo x\n–forwardto–\n");
  EXPECT_EQ(lines(sql_of("T | where Text has_cs 'ForwardTo' | project Text")),
            "New-InboxRule -ForwardTo x\n");
  EXPECT_EQ(lines(sql_of("T | where Text has_all ('forwardto', 'New') | project Text")),
            "New-InboxRule -ForwardTo x\n");
}

}  // namespace
}  // namespace redoubt::query
