#pragma once

#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "doc/sources.h"
#include "posture/assignments.h"
#include "posture/zone.h"
#include "posture/zone_file.h"

namespace redoubt::posture {

/// What is likely a mistake in a zone, beside what its readers and Zone::load say.
/// Diagnostics: POS0014 an exemption has expired, POS0015 two exemptions take the same thing off, POS0016 an
/// assignment sets a parameter that its definition does not have (error), POS0017 a reference that an
/// override, a message or an exemption names is not in the initiative (error), POS0018 templates or exports
/// are not there (error), POS0019 templates lie at what is no scope, or is not in the tree (error), POS0008
/// an assigned parameter without default has no value. POS0026 a subscription's id is no GUID (error),
/// POS0027 an assignment without the identity that its effects act with.
std::vector<Diagnostic> check_zone(const Zone& zone, const ZoneFile& file, const AssignedPlan& assigned,
                                   const doc::Sources& sources, Instant now);

/// Of these what exemptions name that is not there, POS0017, as warnings: such an exemption exempts nothing.
std::vector<Diagnostic> check_exemptions(const Zone& zone, const AssignedPlan& assigned,
                                         const doc::Sources& sources, Instant now);

}  // namespace redoubt::posture
