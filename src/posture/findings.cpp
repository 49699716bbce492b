#include "posture/findings.h"

#include "core/text.h"

namespace redoubt::posture {

std::string ScanNotes::policies_text() const {
  std::string out = counted(policies, "policy", "policies");
  if (initiatives.empty()) return out;
  return out + " of " + join(std::vector<std::string_view>(initiatives.begin(), initiatives.end()), ", ");
}

}  // namespace redoubt::posture
