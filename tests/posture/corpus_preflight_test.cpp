#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>

#include "estate/load.h"
#include "policy/built_in.h"
#include "posture/preflight.h"
#include "posture/preflight_output.h"
#include "posture/zone.h"
#include "testing/paths.h"

// Every set of shared templates, deployed into two places of the reference Azure landing zone.

namespace redoubt::posture {
namespace {

using Section = PreflightEntry::Section;

constexpr std::string_view kSubscription = "00000000-0000-0000-0000-0000000000aa";

struct Tally {
  std::map<Section, std::size_t> sections;
  std::map<std::string, std::size_t> reasons;
  std::size_t resources = 0;
  std::size_t failed = 0;
  std::string failures;

  void count(const Preflight& preflight, const std::string& set) {
    resources += preflight.resources;
    for (const PreflightEntry& one : preflight.entries) {
      ++sections[one.section];
      if (one.section == Section::Unknown) ++reasons[one.reason.substr(0, 60)];
      if (!one.reason.starts_with("the rule can't be evaluated")) continue;
      ++failed;
      failures += fmt::format("{}: {} {} {}\n", set, one.pair->definition, one.resource->id, one.reason);
    }
  }

  std::string text() const {
    constexpr std::string_view kNames[] = {"denied", "modified", "remediated", "reported", "unknown"};
    std::string out = fmt::format("{} resources", resources);
    std::size_t all = 0;
    for (const auto& [section, count] : sections) {
      out += fmt::format(", {} {}", count, kNames[static_cast<std::size_t>(section)]);
      all += count;
    }
    out += fmt::format("\nunknown are {:.1f} % of the entries; most for:\n",
                       100.0 * static_cast<double>(unknown()) / static_cast<double>(all));
    std::vector<std::pair<std::size_t, std::string>> most;
    most.reserve(reasons.size());
    for (const auto& [reason, count] : reasons)
      most.emplace_back(count, reason);
    std::sort(most.rbegin(), most.rend());
    for (std::size_t i = 0; i < std::min<std::size_t>(most.size(), 10); ++i)
      out += fmt::format("  {:5} {}\n", most[i].first, most[i].second);
    return out;
  }

  std::size_t unknown() const {
    const auto found = sections.find(Section::Unknown);
    return found == sections.end() ? 0 : found->second;
  }
};

/// The landing zone with a subscription below one group.
class PlacedZone {
 public:
  PlacedZone(const std::filesystem::path& shared, const std::string& group) {
    ZoneSources from;
    from.alz = {(shared / "alz/alz").string()};
    from.policies = {(shared / "azure-policy/definitions.jsonl").string(),
                     (shared / "azure-policy/initiatives.jsonl").string()};
    EXPECT_TRUE(zone_.load(sources_, from).has_value());
    zone_.add_subscription(kSubscription, group);
    index_.emplace(zone_.tree(), zone_.assignments(), zone_.exemptions());
    assigned_.emplace(plan_, *index_, zone_.assignments(), zone_.library(), zone_.diagnostics());
    plan_.compile({&aliases_, &types_, &origins_, false, &sources_});
    for (const PlannedPolicy& planned : plan_.policies())
      EXPECT_FALSE(planned.error.has_value()) << planned.definition->name << " " << planned.error->text();
    EXPECT_TRUE(zone_.diagnostics().empty()) << zone_.diagnostics().front().text();
  }

  void deploy(const std::filesystem::path& set, Tally& tally) {
    estate::LoadOptions options;
    options.expand.scope =
        arm::Scope::parse(fmt::format("/subscriptions/{}/resourceGroups/rg-ai", kSubscription));
    options.expand.location = "swedencentral";
    const Reading<estate::Inventory> loaded = estate::load(sources_, origins_, {set.string()}, options);
    ScanOptions scan;
    scan.location = "swedencentral";
    scan.now = Instant{639'000'000'000'000'000};
    const Preflight preflight = run_preflight(*assigned_, loaded.value.estate, sources_, origins_, scan, {});
    tally.count(preflight, set.filename().string());
    EXPECT_FALSE(preflight_json(preflight, {}).empty());
  }

 private:
  doc::Sources sources_;
  arm::Origins origins_;
  policy::AliasCatalogue aliases_{policy::built_in_aliases()};
  policy::TypeTable types_ = policy::built_in_types();
  Zone zone_{origins_};
  Plan plan_{origins_};
  std::optional<policy::AssignmentIndex> index_;
  std::optional<AssignedPlan> assigned_;
};

void deploy_all(const std::string& group, std::size_t most_unknown) {
  const auto shared = redoubt::testing::corpora();
  const auto folder = redoubt::testing::corpora("templates/arm");
  if (!shared || !folder || !redoubt::testing::corpora("alz") || !redoubt::testing::corpora("azure-policy"))
    return;
  PlacedZone zone(*shared, group);
  std::vector<std::filesystem::path> sets;
  for (const auto& entry : std::filesystem::directory_iterator(*folder))
    if (entry.is_directory()) sets.push_back(entry.path());
  std::sort(sets.begin(), sets.end());
  Tally tally;
  for (const std::filesystem::path& set : sets)
    zone.deploy(set, tally);
  std::cout << group << ": " << tally.text();
  EXPECT_EQ(tally.failed, 0U) << tally.failures;
  EXPECT_LE(tally.unknown(), most_unknown);
}

TEST(CorpusPreflight, EveryTemplateSetAtCorp) { deploy_all("corp", 2'900); }
TEST(CorpusPreflight, EveryTemplateSetAtOnline) { deploy_all("online", 2'900); }

}  // namespace
}  // namespace redoubt::posture
