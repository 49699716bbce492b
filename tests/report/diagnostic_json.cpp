#include "report/diagnostic_json.h"

#include <gtest/gtest.h>

namespace redoubt::report {
namespace {

TEST(DiagnosticJson, ErrorLeavesOutWhatIsNotKnown) {
  Error error{Error::Kind::InvalidInput, "ARM0203", "unknown function: conct", {}, ""};
  EXPECT_EQ(to_json(error), R"({"code":"ARM0203","message":"unknown function: conct"})");
}

TEST(DiagnosticJson, ErrorWithPlace) {
  Error error{Error::Kind::InvalidInput,
              "ARM0203",
              "unknown function: conct",
              {"main.json", 3, 9, "outputs.x"},
              "concat"};
  EXPECT_EQ(to_json(error), R"({"code":"ARM0203","message":"unknown function: conct","file":"main.json",)"
                            R"("line":3,"column":9,"path":"outputs.x","hint":"concat"})");
}

TEST(DiagnosticJson, DiagnosticHasSeverity) {
  doc::JsonWriter json;
  write_json(json, Diagnostic{Severity::Warning, "POL0001", "unused", {"", 0, 0, "properties"}, ""});
  EXPECT_EQ(json.take(), R"({"code":"POL0001","severity":"warning","message":"unused","path":"properties"})");
}

}  // namespace
}  // namespace redoubt::report
