#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
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

/// Writes suites as JUnit XML, one at a time, as CI systems read it. Characters that XML 1.0 forbids become
/// U+FFFD.
///
/// Only elements and attributes are written that the schema of Jenkins knows, the strictest in wide use; it
/// has no attribute for files and lines, so they belong into message and details.
/// Source: junit-10.xsd of Jenkins' xUnit plugin; https://github.com/testmoapp/junitxml, which collects what
/// readers accept.
class JunitWriter {
 public:
  explicit JunitWriter(std::function<void(std::string_view)> write);

  void add(const JunitSuite& suite);
  /// To be called once, after the last suite.
  void finish();

 private:
  std::function<void(std::string_view)> write_;
};

/// All suites at once.
std::string to_junit(const std::vector<JunitSuite>& suites);

}  // namespace redoubt::report
