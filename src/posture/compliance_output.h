#pragma once

#include <string>

#include "core/time.h"
#include "posture/compliance.h"
#include "posture/findings.h"
#include "posture/framework_coverage.h"
#include "report/table.h"

namespace redoubt::posture {

/// What is shown beside the result.
struct ComplianceStyle {
  report::TableStyle table;
  bool controls = false;  ///< the failed and unknown controls, not counts alone
  bool all = false;       ///< every control
  std::string judges;     ///< what the resources were judged with, in words
};

std::string compliance_table(const Compliance& compliance, const ComplianceStyle& style);
std::string compliance_markdown(const Compliance& compliance, const ComplianceStyle& style);
/// `redoubt.compliance/1`: docs/reference/schemas/compliance.json. `complete`: all that was given was judged.
void write_compliance_json(const Compliance& compliance, const ScanEvidence& evidence, Instant now,
                           bool complete, const Write& write);
/// OSCAL assessment results: one result a framework, an observation for each check and attestation, a finding
/// for each control that is decided. UUIDs are version 5: equal runs with one clock give equal text.
/// Source: NIST OSCAL 1.1.3, assessment results model, JSON format.
/// Written piece by piece: each framework repeats the evidence of its checks.
void write_compliance_oscal(const Compliance& compliance, Instant now, const Write& write);

std::string coverage_table(const std::vector<FrameworkShare>& shares, const report::TableStyle& style);
std::string coverage_markdown(const std::vector<FrameworkShare>& shares);
/// `redoubt.compliance-coverage/1`: docs/reference/schemas/compliance-coverage.json.
std::string coverage_json(const std::vector<FrameworkShare>& shares);

}  // namespace redoubt::posture
