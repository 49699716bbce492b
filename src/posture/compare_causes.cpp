#include <fmt/format.h>

#include <array>
#include <chrono>
#include <filesystem>

#include "core/text.h"
#include "posture/detail/compare_causes.h"

namespace redoubt::posture::detail {

namespace {

using Told = std::optional<std::string>;

/// When the resource was changed last, where its export says so.
std::optional<Instant> changed_at(const estate::Resource& resource) {
  const doc::Value* system = resource.body.find_any_case("systemData");
  const doc::Value* time = system == nullptr ? nullptr : system->find_any_case("lastModifiedAt");
  if (time == nullptr) time = resource.body.find_any_case("changedTime");
  if (time == nullptr || !time->is_string()) return std::nullopt;
  const Result<ZonedTime> read = parse_time(time->as_string());
  return read ? std::optional(read->instant) : std::nullopt;
}

Told tell_changed(const CauseCase& of) {
  if (of.azure->time.ticks == 0) return {};
  const std::optional<Instant> changed = changed_at(*of.resource);
  if (!changed || *changed <= of.azure->time) return {};
  return fmt::format("the resource was changed at {}, after Azure evaluated it", to_text(*changed));
}

Told tell_exempted(const CauseCase& of) {
  if (of.ours != OurState::Exempt || of.exemption == nullptr) return {};
  return fmt::format("the exemption {} of the zone was not there when Azure evaluated", of.exemption->name);
}

Told tell_exemption_missing(const CauseCase& of) {
  if (of.azure->state != AzureState::Exempt) return {};
  return "Azure has an exemption that the zone does not have, or that has expired since";
}

Told tell_version(const CauseCase& of) {
  if (of.policy == nullptr || of.azure_version.empty() || of.policy->definition->version.empty()) return {};
  if (equal_any_case(of.azure_version, of.policy->definition->version)) return {};
  return fmt::format("Azure judged with version {} of the definition, the one here is {}", of.azure_version,
                     of.policy->definition->version);
}

Told tell_effect(const CauseCase& of) {
  if (of.policy == nullptr || of.azure_effect.empty() || !of.policy->compiled) return {};
  const std::string_view here = of.policy->compiled->known_effect();
  if (here.empty() || equal_any_case(here, of.azure_effect)) return {};
  return fmt::format("the effect is {} there and {} here: parameters or overrides differ", of.azure_effect,
                     here);
}

Told tell_guessed(const CauseCase& of) {
  if (of.policy == nullptr || !of.policy->compiled || of.policy->compiled->guessed_aliases().empty())
    return {};
  return fmt::format("no list has the alias {}, its path is guessed",
                     of.policy->compiled->guessed_aliases().front());
}

Told tell_template(const CauseCase& of) {
  if (of.resource->from_export) return {};
  return "judged is what the template would deploy, not what is there";
}

/// Azure evaluates anew once a day, so less than that says nothing.
std::int64_t days_between(const CauseCase& of) {
  if (!of.resource->from_export || !of.exported_at || of.azure->time.ticks == 0) return 0;
  return (of.exported_at->ticks - of.azure->time.ticks) / kTicksPerDay;
}

Told tell_newer(const CauseCase& of) {
  const std::int64_t days = days_between(of);
  if (days < 1) return {};
  return fmt::format("the export ({}) is newer than Azure's evaluation by {} day{}", to_text(*of.exported_at),
                     days, days == 1 ? "" : "s");
}

Told tell_older(const CauseCase& of) {
  const std::int64_t days = -days_between(of);
  if (days < 1) return {};
  return fmt::format("the export ({}) is older than Azure's evaluation by {} day{}", to_text(*of.exported_at),
                     days, days == 1 ? "" : "s");
}

struct CauseRow {
  std::string_view name;
  Told (*tell)(const CauseCase&);
};
constexpr std::string_view kNewer = "exportNewer";
constexpr std::string_view kOlder = "exportOlder";
constexpr std::array kCauses = {CauseRow{"changedSince", tell_changed},
                                CauseRow{"exemptedSince", tell_exempted},
                                CauseRow{"exemptionNotHere", tell_exemption_missing},
                                CauseRow{"definitionVersion", tell_version},
                                CauseRow{"effect", tell_effect},
                                CauseRow{"guessedAlias", tell_guessed},
                                CauseRow{"template", tell_template},
                                CauseRow{kNewer, tell_newer},
                                CauseRow{kOlder, tell_older}};

}  // namespace

std::vector<Cause> causes_of(const CauseCase& of) {
  std::vector<Cause> out;
  for (const CauseRow& row : kCauses)
    if (Told told = row.tell(of)) out.push_back({row.name, std::move(*told)});
  return out;
}

bool is_of_export_time(const Cause& cause) { return cause.name == kNewer || cause.name == kOlder; }

std::optional<Instant> ExportTimes::of(const std::string& file) {
  if (given_ || file.empty()) return given_;
  const auto [found, is_new] = known_.try_emplace(file);
  if (!is_new) return found->second;
  std::error_code error;
  const std::filesystem::file_time_type time = std::filesystem::last_write_time(file, error);
  if (!error) {
    const auto system = std::chrono::file_clock::to_sys(time);
    found->second = from_epoch_seconds(
        std::chrono::duration_cast<std::chrono::seconds>(system.time_since_epoch()).count());
  }
  return found->second;
}

}  // namespace redoubt::posture::detail
