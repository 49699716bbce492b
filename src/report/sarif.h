#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/result.h"
#include "report/tool.h"

namespace redoubt::report {

enum class SarifLevel : std::uint8_t { None, Note, Warning, Error };

/// `Open` is a result that could not be decided; SARIF wants level None for every kind but Fail.
enum class SarifKind : std::uint8_t { Fail, Open, Review, Informational, Pass, NotApplicable };

using SarifProperty = std::variant<std::string, std::int64_t, bool, std::vector<std::string>>;
using SarifProperties = std::vector<std::pair<std::string, SarifProperty>>;

struct SarifRule {
  std::string id;
  std::string name;
  std::string short_description;
  std::string full_description;
  std::string help;           ///< what to do, plain text
  std::string help_markdown;  ///< the same with markup; may be empty
  std::string help_uri;
  SarifLevel level = SarifLevel::Warning;
  /// Code hosts read `tags` (a list) and `security-severity` (text, 0.0 to 10.0).
  SarifProperties properties;
};

struct SarifLocation {
  Where where;                   ///< without a file there is only the logical location
  std::string logical_name;      ///< what it is about apart from files: a resource id
  std::string message;           ///< for related locations: what this place has to do with it
  std::uint32_t end_line = 0;    ///< 0: not known
  std::uint32_t end_column = 0;  ///< behind the last character
};

/// Somebody decided outside of the code that the result is not acted upon.
struct SarifSuppression {
  std::string justification;
};

struct SarifResult {
  std::string rule_id;
  SarifKind kind = SarifKind::Fail;
  SarifLevel level = SarifLevel::Warning;  ///< not used for other kinds than Fail
  std::string message;
  std::vector<SarifLocation> locations;
  std::vector<SarifLocation> related_locations;
  /// Stable names of the result across runs: (`redoubt/v1`, hex).
  std::vector<std::pair<std::string, std::string>> fingerprints;
  /// The remedy in words. SARIF's `fixes` hold exact replacements only, so it ends the message and stands in
  /// the property `fix`.
  std::string fix;
  /// Set where it was looked for suppressions, empty where there is none: in a run all results say so, or
  /// none. Source: SARIF 2.1.0, 3.27.23 and 3.35.
  std::optional<std::vector<SarifSuppression>> suppressions;
  SarifProperties properties;
};

struct SarifRun {
  std::string tool_name{kToolName};
  std::string tool_version{kToolVersion};
  std::string information_uri;
  std::string base_directory;  ///< absolute; files below it are named relative to it
  std::vector<SarifRule> rules;
  std::vector<SarifResult> results;
  /// What kept the run from seeing everything (files that could not be read and the like).
  std::vector<Diagnostic> notifications;
  SarifProperties properties;
};

/// The run as a SARIF 2.1.0 log. Results and rules keep their order; a rule stands once.
///
/// Columns are those of `Where` (bytes): on a line with other than ASCII before the place they point too far
/// right. Source: OASIS "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
std::string to_sarif(const SarifRun& run);

/// `file` as a URI reference: relative to `base_directory` where it lies below it, absolute (`file:///`)
/// where it is given so and lies elsewhere, otherwise as given. Percent-encoded, `/` as separator. Source:
/// RFC 3986; SARIF 2.1.0, 3.4.3 and 3.10.
std::string file_uri(std::string_view file, std::string_view base_directory);

}  // namespace redoubt::report
