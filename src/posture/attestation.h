#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "doc/sources.h"
#include "doc/value.h"
#include "posture/frameworks.h"

namespace redoubt::posture {

/// What a person says about a control.
struct Attestation {
  std::size_t framework = 0;  ///< number
  std::size_t control = 0;    ///< number
  std::string statement;
  std::string author;
  std::string expires;   ///< as written; a date holds to its end
  std::string evidence;  ///< where it can be looked up; may be empty
  Instant expires_at;
  Where where;
};

/// A file `--attest`: {schema: redoubt.attestations/1, attestations: list}. Form: docs/compliance.md.
///
/// Errors among the diagnostics: POS0060 no such framework, POS0061 the form, POS0062 no such control,
/// POS0064 a member is missing, POS0042 `expires` is no date, POS0065 it has expired by `now`. An attestation
/// with a mistake attests nothing.
Reading<std::vector<Attestation>> read_attestations(const doc::Value& root, const doc::Sources& sources,
                                                    const Frameworks& frameworks, Instant now);

}  // namespace redoubt::posture
