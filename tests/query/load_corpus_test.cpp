#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "doc/json.h"
#include "doc/sources.h"
#include "query/load.h"
#include "testing/paths.h"

namespace redoubt::query {
namespace {

/// A file of real telemetry, the table that it is of, and how many rows others count in it.
struct Sample {
  const char* file;
  const char* table;
  std::uint64_t rows;  ///< 0: nobody says
  bool timed = true;   ///< every row has its time
};
constexpr Sample kSamples[] = {
    {"training_AzureActivity.csv", "AzureActivity", 23},
    {"training_AzureActivity_legacy.csv", "AzureActivity", 325},
    {"training_SigninLogs.csv", "SigninLogs", 56, false},
    {"training_SigninLogs_disabled.csv", "SigninLogs", 4, false},
    {"training_OfficeActivity.csv", "OfficeActivity", 266},
    {"training_OfficeActivity_inboxrule.csv", "OfficeActivity", 2, false},
    {"training_AuditLogs.csv", "AuditLogs", 5, false},
    {"training_CommonSecurityLog.csv", "CommonSecurityLog", 1, false},
    {"training_model_evasion_CL.csv", "model_evasion_CL", 4, false},
    {"PurviewDataSensitivityLogs.csv", "PurviewDataSensitivityLogs", 0},
    {"goldensaml_AADAuditEvents.jsonl", "AuditLogs", 0},
    {"goldensaml_WindowsEvents.jsonl", "SecurityEvent", 0},
    {"log4shell_VMConnection.jsonl", "VMConnection", 0},
    {"aws_ec2_proxy_s3_exfiltration_cloudtrail.json", "AWSCloudTrail_CL", 103, false}};

kql::Schemas schemas_of(const std::filesystem::path& file) {
  doc::Sources sources;
  const auto tables = doc::read_json_file(sources, file.string());
  kql::Schemas out;
  EXPECT_TRUE(tables.has_value());
  if (!tables) return out;
  EXPECT_TRUE(out.add(tables->value.root, sources).empty());
  return out;
}

/// Rows without TimeGenerated.
std::size_t without_time(MemoryTables& tables, std::string_view name) {
  const Result<Table> table = tables.read(*tables.schemas().find(name));
  for (const TableColumn& one : table->columns())
    if (one.column->name == "TimeGenerated")
      return static_cast<std::size_t>(std::count_if(one.cells->begin(), one.cells->end(),
                                                    [](const kql::Value& value) { return value.is_null(); }));
  return table->rows();
}

TEST(CorpusLoad, SamplesHaveTheirRowsAndTimes) {
  const auto logs = testing::corpora("sentinel/logs");
  const auto tables = testing::corpora("kql/table-schemas.json");
  if (!logs || !tables) return;
  const kql::Schemas schemas = schemas_of(*tables);
  for (const Sample& sample : kSamples) {
    SCOPED_TRACE(sample.file);
    TableLoader loader({.schemas = &schemas});
    ASSERT_TRUE(loader.add(sample.table, (*logs / sample.file).string()));
    MemoryTables out;
    const Reading<Loaded> loaded = loader.finish(out);
    const LoadedFile& file = loaded.value.files.front();
    if (sample.rows != 0) {
      EXPECT_EQ(file.rows, sample.rows);
    }
    EXPECT_GT(file.rows, 0U);
    for (const Diagnostic& one : loaded.diagnostics) {
      const bool of_no_time = one.code == "QRY0018" && !sample.timed;
      EXPECT_TRUE(one.severity == Severity::Hint || of_no_time) << one.text();
    }
    if (sample.timed) {
      EXPECT_EQ(without_time(out, sample.table), 0U);
    }
  }
}

// Every file of the folder loads by what its bytes and its name say, and each row is read or told.
TEST(CorpusLoad, EveryFileLoads) {
  const auto logs = testing::corpora("sentinel/logs");
  if (!logs) return;
  std::uint64_t rows = 0;
  std::uint64_t unread = 0;
  std::uint64_t unfit = 0;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(*logs))
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& path : files) {
    SCOPED_TRACE(path.filename());
    TableLoader loader({});
    const Result<void> done = loader.add("T", path.string());
    EXPECT_TRUE(done.has_value()) << done.error().text();
    if (!done) continue;
    MemoryTables out;
    const Reading<Loaded> loaded = loader.finish(out);
    rows += loaded.value.files.front().rows;
    unread += loaded.value.files.front().unread_rows;
    unfit += loaded.value.tables.front().unfit_values;
  }
  EXPECT_EQ(unread, 0U);
  EXPECT_EQ(unfit, 0U);
  std::cout << files.size() << " files, " << rows << " rows, " << unread << " unread, " << unfit
            << " unfit values\n";
}

}  // namespace
}  // namespace redoubt::query
