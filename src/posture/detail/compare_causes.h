#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "estate/resource.h"
#include "posture/compare.h"
#include "posture/plan.h"

namespace redoubt::posture::detail {

/// What there is to find a cause in.
struct CauseCase {
  OurState ours = OurState::Absent;
  const PlannedPolicy* policy = nullptr;  ///< may be null
  const estate::Resource* resource = nullptr;
  const policy::Exemption* exemption = nullptr;
  const PolicyState* azure = nullptr;
  std::string_view azure_version;
  std::string_view azure_effect;
  std::optional<Instant> exported_at;  ///< of the resource's export
};

/// The likely causes, the most telling first; none when nothing can be told.
std::vector<Cause> causes_of(const CauseCase& of);

/// Whether it hangs on when the export was made.
bool is_of_export_time(const Cause& cause);

/// When each export was written.
class ExportTimes {
 public:
  explicit ExportTimes(std::optional<Instant> given) : given_(given) {}
  std::optional<Instant> of(const std::string& file);

 private:
  std::optional<Instant> given_;
  std::map<std::string, std::optional<Instant>> known_;
};

}  // namespace redoubt::posture::detail
