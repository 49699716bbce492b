#include "report/diagnostic_sarif.h"

#include <fmt/format.h>

#include <map>

#include "core/hash.h"
#include "report/error_codes.h"

namespace redoubt::report {

namespace {

constexpr SarifLevel kLevels[] = {SarifLevel::Note, SarifLevel::Warning, SarifLevel::Error};

SarifLevel level_of(Severity severity) { return kLevels[static_cast<std::size_t>(severity)]; }

SarifRule rule_of(const Diagnostic& diagnostic) {
  SarifRule rule{.id = diagnostic.code, .name = diagnostic.code, .level = level_of(diagnostic.severity)};
  const ErrorCode* const known = find_error_code(diagnostic.code);
  if (known == nullptr) {
    rule.short_description = diagnostic.message;
    return rule;
  }
  rule.short_description = known->meaning;
  rule.help = known->remedy;
  rule.level = level_of(known->severity);
  return rule;
}

}  // namespace

SarifRun to_sarif_run(std::span<const Diagnostic> diagnostics) {
  SarifRun run;
  std::map<std::string, SarifRule> rules;
  const std::vector<std::string> fingerprints = fingerprints_of(diagnostics);
  for (std::size_t i = 0; i < diagnostics.size(); ++i) {
    const Diagnostic& diagnostic = diagnostics[i];
    if (!rules.contains(diagnostic.code)) rules.emplace(diagnostic.code, rule_of(diagnostic));
    SarifResult result;
    result.rule_id = diagnostic.code;
    result.level = level_of(diagnostic.severity);
    result.message = diagnostic.message;
    result.locations.push_back({.where = diagnostic.where});
    result.fingerprints.emplace_back("redoubt/v1", fingerprints[i]);
    result.fix = diagnostic.hint;
    run.results.push_back(std::move(result));
  }
  for (auto& [code, rule] : rules)
    run.rules.push_back(std::move(rule));
  return run;
}

std::vector<std::string> fingerprints_of(std::span<const Diagnostic> diagnostics) {
  std::map<std::string, std::size_t> alike;
  std::vector<std::string> out;
  for (const Diagnostic& one : diagnostics) {
    const std::string what = fmt::format("{}\n{}\n{}", one.code, one.where.file, one.message);
    out.push_back(sha256_hex(fmt::format("{}\n{}", what, alike[what]++)));
  }
  return out;
}

}  // namespace redoubt::report
