#include <fmt/format.h>

#include "core/text.h"
#include "posture/relations/checks.h"
#include "posture/relations/references.h"
#include "posture/relations/verdicts.h"

// Diagnostic settings: where the logs of a resource go, and whether the policies that deploy settings take
// the one that is there for theirs. The verdict stands on the resource; on the setting where the resource is
// not deployed with it.

namespace redoubt::posture::relations {

using doc::Value;
using policy::Verdict;

namespace {

constexpr std::string_view kSettings = "Microsoft.Insights/diagnosticSettings";

bool is_setting(const estate::Resource& resource) { return equal_any_case(resource.type, kSettings); }

/// The settings of the judged resource: those that are surely there, and what is open about others.
struct Settings {
  std::vector<const estate::Resource*> there;
  std::vector<const estate::Resource*> open;
};

/// Settings to judge on this resource; none where they are another resource's to tell.
Settings settings_of(const Scene& scene) {
  Settings out;
  const auto take = [&](const estate::Resource& setting) {
    (is_there(scene, setting) == Truth::True ? out.there : out.open).push_back(&setting);
  };
  if (is_setting(scene.resource)) {
    const std::size_t at = rfind_ignore_case(scene.resource.id, "/providers/");
    const estate::Resource* owner =
        at == std::string_view::npos ? nullptr : scene.estate().find(scene.resource.id.substr(0, at));
    if (owner == nullptr || (owner->existing && !owner->beside)) take(scene.resource);
    return out;
  }
  for (const estate::Resource* setting : scene.estate().extensions(scene.resource.id))
    if (is_setting(*setting)) take(*setting);
  return out;
}

/// The activity log of a subscription or management group has categories and no groups.
bool exports_activity(const estate::Resource& resource) {
  if (!is_setting(resource)) return equal_any_case(resource.type, "Microsoft.Resources/subscriptions");
  const std::size_t at = rfind_ignore_case(resource.id, "/providers/");
  const std::vector<std::string_view> scope = segments(resource.id.substr(0, at));
  return (scope.size() == 2 && equal_any_case(scope[0], "subscriptions")) ||
         (scope.size() == 4 && equal_any_case(scope[2], "managementGroups"));
}

/// Entries of `logs` of a group that are on or off; `more` when the list is open.
struct Entries {
  std::size_t surely = 0;
  std::size_t maybe = 0;
};
Entries entries(const Value& body, std::string_view group, bool on) {
  Entries out;
  const Items logs = items_at(body, "properties.logs");
  if (logs.open != nullptr) out.maybe = 2;  // any number
  for (const Value& log : logs.items) {
    if (log.is_unknown()) {
      ++out.maybe;
      continue;
    }
    const Value* enabled = find(log, "enabled");
    const Truth state = on ? is_true(enabled) : is_text(enabled, "false");
    const Truth fits = both(is_text(find(log, "categoryGroup"), group), state);
    if (fits == Truth::True) ++out.surely;
    if (fits == Truth::Unknown) ++out.maybe;
  }
  return out;
}

/// Exactly one entry.
Truth once(const Entries& found) {
  if (found.surely > 1) return Truth::False;
  if (found.maybe == 0) return policy::truth_of(found.surely == 1);
  return Truth::Unknown;
}

Truth has_shape(const estate::Resource& setting) {
  return both(once(entries(setting.body, "audit", false)), once(entries(setting.body, "allLogs", true)));
}

/// Whether the setting sends any log.
Truth sends_logs(const estate::Resource& setting) {
  const Items logs = items_at(setting.body, "properties.logs");
  Truth any = logs.open != nullptr ? Truth::Unknown : Truth::False;
  for (const Value& log : logs.items)
    any = either(any, log.is_unknown() ? Truth::Unknown : is_true(find(log, "enabled")));
  return any;
}

Spot spot_at(const estate::Resource& setting, std::string_view path) {
  const Value* value = find(setting.body, path);
  return {std::string(path), value, setting.place};
}

void doubt_parts(const Scene& scene, const estate::Resource& setting, std::string_view path, Doubts& doubts) {
  const Value* value = find(setting.body, path);
  if (value != nullptr && value->is_unknown()) return doubts.add(path, value);
  if (value != nullptr && value->is_array()) {
    for (const Value& item : value->items()) {
      if (item.is_unknown()) doubts.add(path, &item);
      if (!item.is_object()) continue;
      for (const doc::Member& member : item.members())
        if (member.value.is_unknown()) doubts.add(fmt::format("{}.{}", path, member.name), &member.value);
    }
  }
  if (!doubts.any()) doubts.add(path, text_of(value, scene.origins));
}

}  // namespace

Verdict judge_diagnostic_shape(const Scene& scene) {
  if (exports_activity(scene.resource))
    return not_applicable("policies deploy settings of the activity log by category");
  const Settings settings = settings_of(scene);
  if (settings.there.empty() && settings.open.empty()) return not_applicable("it has no diagnostic setting");
  Doubts doubts(scene);
  for (const estate::Resource* setting : settings.there) {
    const Truth fits = has_shape(*setting);
    if (fits == Truth::True) return compliant("the policies that deploy settings find theirs");
    if (fits == Truth::Unknown) doubt_parts(scene, *setting, "properties.logs", doubts);
  }
  for (const estate::Resource* setting : settings.open)
    if (has_shape(*setting) != Truth::False || settings.there.empty()) doubts.add(*setting);
  if (doubts.any()) return doubts.verdict();
  return noncompliant(
      fmt::format(
          "the setting {} is not what the policies that deploy settings look for: one entry of the group "
          "audit, off, and one of allLogs, on; they would add a second one",
          last_segment(settings.there.front()->id)),
      spot_at(*settings.there.front(), "properties.logs"),
      "write logs as [{categoryGroup: audit, enabled: false}, {categoryGroup: allLogs, enabled: true}]");
}

Verdict judge_diagnostic_workspace(const Scene& scene) {
  const Settings settings = settings_of(scene);
  const Value* central = scene.parameters.find_any_case("centralworkspace");
  if (settings.there.empty() && settings.open.empty()) return not_applicable("it has no diagnostic setting");
  if (central == nullptr || (central->is_string() && central->as_string().empty()))
    return not_applicable("no central workspace is given");
  Doubts doubts(scene);
  if (central->is_unknown()) {
    doubts.add("centralWorkspace", central);
    return doubts.verdict();
  }
  const std::string wanted = text_of(central, scene.origins);
  const estate::Resource* wrong = nullptr;
  for (const estate::Resource* setting : settings.there) {
    const Truth sends = sends_logs(*setting);
    const Value* workspace = find(setting->body, "properties.workspaceId");
    const Truth central_one = both(sends, refers_to(scene, text_of(workspace, scene.origins), wanted));
    if (central_one == Truth::True) return compliant("its logs go to the central workspace");
    if (central_one == Truth::Unknown) {
      if (workspace != nullptr &&
          refers_to(scene, text_of(workspace, scene.origins), wanted) == Truth::Unknown)
        doubts.add("workspaceId", workspace);
      else
        doubt_parts(scene, *setting, "properties.logs", doubts);
    } else if (sends != Truth::False && wrong == nullptr) {
      wrong = setting;
    }
  }
  for (const estate::Resource* setting : settings.open) {
    const Value* workspace = find(setting->body, "properties.workspaceId");
    if (setting->existing || refers_to(scene, text_of(workspace, scene.origins), wanted) != Truth::False ||
        settings.there.empty())
      doubts.add(*setting);
  }
  if (doubts.any()) return doubts.verdict();
  if (wrong == nullptr) return not_applicable("its diagnostic settings send no logs");
  const Spot spot = spot_at(*wrong, "properties.workspaceId");
  return noncompliant(spot.value == nullptr
                          ? fmt::format("the setting {} sends logs to no workspace", last_segment(wrong->id))
                          : fmt::format("the setting {} sends logs to {}, not to the central workspace",
                                        last_segment(wrong->id), text_of(spot.value, scene.origins)),
                      spot, fmt::format("set properties.workspaceId to {}", wanted));
}

namespace {

constexpr std::string_view kActivity[] = {"Administrative", "Security", "Policy", "Alert"};

/// Whether a setting has all categories of the activity log on.
Truth has_activity(const estate::Resource& setting) {
  const Items logs = items_at(setting.body, "properties.logs");
  const auto on = [&](std::string_view key, std::string_view name) {
    Truth any = logs.open != nullptr ? Truth::Unknown : Truth::False;
    for (const Value& log : logs.items)
      any =
          either(any, log.is_unknown() ? Truth::Unknown
                                       : both(is_text(find(log, key), name), is_true(find(log, "enabled"))));
    return any;
  };
  Truth all = Truth::True;
  for (const std::string_view category : kActivity)
    all = both(all, on("category", category));
  return either(all, on("categoryGroup", "allLogs"));
}

}  // namespace

Verdict judge_activity_log(const Scene& scene) {
  Doubts doubts(scene);
  const estate::Resource* near = nullptr;
  for (const estate::Resource* setting : scene.estate().extensions(scene.resource.id)) {
    if (!is_setting(*setting)) continue;
    near = setting;
    const Truth fits = has_activity(*setting);
    // Of one that a template only refers to nothing is known.
    if (fits == Truth::False && !setting->existing) continue;
    if (setting->existing || !setting->open.is_null())
      doubts.add(*setting);
    else if (fits == Truth::True)
      return compliant("a diagnostic setting exports the activity log");
    else
      doubt_parts(scene, *setting, "properties.logs", doubts);
  }
  if (doubts.any() || doubts.add_if_incomplete(kSettings)) return doubts.verdict();
  static constexpr std::string_view kFix =
      "add a diagnostic setting at the subscription with Administrative, Security, Policy and Alert on";
  if (near == nullptr)
    return noncompliant("nothing exports the activity log of the subscription",
                        {{}, nullptr, scene.resource.place}, std::string(kFix));
  return noncompliant(
      fmt::format("the setting {} lacks a category of {}", last_segment(near->id), join(kActivity, ", ")),
      spot_at(*near, "properties.logs"), std::string(kFix));
}

}  // namespace redoubt::posture::relations
