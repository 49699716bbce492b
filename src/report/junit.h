#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace redoubt::report {

enum class JunitOutcome : std::uint8_t { Passed, Failed, Error, Skipped };

struct JunitCase {
  std::string name;
  std::string class_name;
  JunitOutcome outcome = JunitOutcome::Passed;
  std::string message;  ///< one line
  std::string details;
};

struct JunitSuite {
  std::string name;
  std::vector<JunitCase> cases;
};

/// The suites as JUnit XML, as CI systems read it. Characters that XML 1.0 forbids become U+FFFD.
/// Source: https://github.com/testmoapp/junitxml, which collects what readers accept.
std::string to_junit(const std::vector<JunitSuite>& suites);

}  // namespace redoubt::report
