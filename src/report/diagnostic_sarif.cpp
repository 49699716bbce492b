#include "report/diagnostic_sarif.h"

#include <map>

namespace redoubt::report {

SarifRun to_sarif_run(std::span<const Diagnostic> diagnostics) {
  static constexpr SarifLevel kLevels[] = {SarifLevel::Note, SarifLevel::Warning, SarifLevel::Error};
  SarifRun run;
  std::map<std::string, SarifRule> rules;
  for (const Diagnostic& diagnostic : diagnostics) {
    SarifRule& rule = rules[diagnostic.code];
    rule.id = diagnostic.code;
    rule.name = diagnostic.code;
    if (rule.short_description.empty()) rule.short_description = diagnostic.message;
    SarifResult result;
    result.rule_id = diagnostic.code;
    result.level = kLevels[static_cast<std::size_t>(diagnostic.severity)];
    result.message = diagnostic.message;
    result.locations.push_back({diagnostic.where, {}, {}});
    result.fix = diagnostic.hint;
    run.results.push_back(std::move(result));
  }
  for (auto& [code, rule] : rules)
    run.rules.push_back(std::move(rule));
  return run;
}

}  // namespace redoubt::report
