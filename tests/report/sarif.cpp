#include "report/sarif.h"

#include <gtest/gtest.h>

#include <string>

#include "testing/cases.h"

namespace redoubt::report {
namespace {

SarifRule storage_rule() {
  return {.id = "storage-public-access",
          .name = "StoragePublicAccess",
          .short_description = "Storage accounts should disable public network access",
          .full_description = "Public network access lets anyone on the internet try.",
          .help = "Set properties.publicNetworkAccess to Disabled.",
          .help_markdown = "Set `properties.publicNetworkAccess` to `Disabled`.",
          .help_uri = "https://learn.microsoft.com/azure/storage/common/storage-network-security",
          .level = SarifLevel::Error,
          .properties = {{"tags", std::vector<std::string>{"security", "network"}},
                         {"security-severity", "8.0"}}};
}

SarifRun full_run() {
  SarifRun run;
  run.information_uri = "https://example.org/redoubt";
  run.base_directory = "/base";
  run.rules = {storage_rule(), storage_rule()};
  run.results.push_back(
      {.rule_id = "storage-public-access",
       .kind = SarifKind::Fail,
       .level = SarifLevel::Error,
       .message = "publicNetworkAccess is \"Enabled\".",
       .locations = {{{"infra/my main.json", 12, 7, "resources[0]"}, "/subscriptions/s/x", ""}},
       .related_locations = {{{"infra/main.parameters.json", 4, 3, ""}, "", "the value comes from here"}},
       .fingerprints = {{"redoubt/v1", "00ff"}},
       .fix = "set properties.publicNetworkAccess to \"Disabled\"",
       .properties = {{"state", "noncompliant"}, {"references", std::int64_t{2}}, {"exempt", false}}});
  run.results.push_back({.rule_id = "not-declared",
                         .kind = SarifKind::Open,
                         .level = SarifLevel::Error,
                         .message = "hangs on parameters.prefix",
                         .locations = {{{}, "/subscriptions/s/y", ""}, {{}, "", ""}},
                         .related_locations = {},
                         .fingerprints = {},
                         .fix = "",
                         .properties = {}});
  run.notifications.push_back({Severity::Warning,
                               "EST0001",
                               "not looked at: a Bicep file",
                               {"infra/a.bicep", 0, 0, ""},
                               "compile it first"});
  run.properties = {{"considered", std::int64_t{3}}};
  return run;
}

SarifRun hostile_run() {
  SarifRun run;
  run.results.push_back({.rule_id = "",
                         .kind = SarifKind::Fail,
                         .level = SarifLevel::Note,
                         .message = "quotes \" \\ controls \x01\x1b and bytes \xff\xfe",
                         .locations = {{{"./a/../b c%25#?\xc3\xbc:\xff.json", 1, 0, ""}, "\xff", "m"}},
                         .related_locations = {},
                         .fingerprints = {},
                         .fix = "",
                         .properties = {}});
  return run;
}

std::string render(std::string_view input) {
  if (input == "full") return to_sarif(full_run());
  if (input == "hostile") return to_sarif(hostile_run());
  return to_sarif(SarifRun{});
}

[[maybe_unused]] const bool registered = testing::register_cases("Sarif", "tests/report/cases/sarif", render);

TEST(FileUri, RelativeToTheBase) {
  EXPECT_EQ(file_uri("infra/main.json", "/base"), "infra/main.json");
  EXPECT_EQ(file_uri("./infra//main.json", "/base"), "infra/main.json");
  EXPECT_EQ(file_uri("/base/infra/main.json", "/base"), "infra/main.json");
  EXPECT_EQ(file_uri("../other/main.json", "/base"), "../other/main.json");
}

TEST(FileUri, AbsoluteOutsideTheBase) {
  EXPECT_EQ(file_uri("/other/main.json", "/base"), "file:///other/main.json");
  EXPECT_EQ(file_uri("/basement/main.json", "/base"), "file:///basement/main.json");
  EXPECT_EQ(file_uri("/base/main.json", ""), "file:///base/main.json");
}

TEST(FileUri, EncodesWhatUrisCannotHold) {
  EXPECT_EQ(file_uri("a b#c?d%e:f.json", ""), "a%20b%23c%3Fd%25e%3Af.json");
  EXPECT_EQ(file_uri("gr\xc3\xbc\xc3\x9f[1].json", ""), "gr%C3%BC%C3%9F%5B1%5D.json");
}

}  // namespace
}  // namespace redoubt::report
