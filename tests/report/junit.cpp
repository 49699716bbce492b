#include "report/junit.h"

#include <gtest/gtest.h>

#include "testing/cases.h"

namespace redoubt::report {
namespace {

std::string render(std::string_view input) {
  if (input == "none") return to_junit({});
  return to_junit(
      {{"policy eval",
        {{"allowed tls", "storage", JunitOutcome::Passed, "", ""},
         {"a < b & \"c\"", "storage", JunitOutcome::Failed, "expected deny\ngot audit", "line 1\nline 2"},
         {"bytes \x01 \xff", "storage", JunitOutcome::Error, "POL0001", ""},
         {"later", "storage", JunitOutcome::Skipped, "needs an attestation", ""}}}});
}

[[maybe_unused]] const bool registered = testing::register_cases("Junit", "tests/report/cases/junit", render);

}  // namespace
}  // namespace redoubt::report
