#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "core/hash.h"
#include "core/text.h"
#include "core/utf8.h"
#include "estate/scope_tree.h"
#include "posture/detail/preflight_digest.h"

namespace redoubt::posture {

using Section = PreflightEntry::Section;

namespace {

constexpr std::size_t kLongestValue = 160;

constexpr std::string_view kTitles[][2] = {
    {"denied: Azure refuses the request", "denied"},
    {"modified: Azure changes the request", "modified"},
    {"remediated: Azure would deploy this afterwards", "remediated"},
    {"reported only", "reported"},
    {"can't be told", "unknown"},
};

/// Of what is refused, the message of each assignment is shown, too.
bool same_words(const PreflightEntry& left, const PreflightEntry& right) {
  return left.path == right.path && left.value == right.value && left.before == right.before &&
         left.reason == right.reason && left.why == right.why && left.effect == right.effect &&
         (left.section != Section::Denied || left.message == right.message);
}

template <class T>
void add_once(std::vector<T>& list, const T& one) {
  if (std::find(list.begin(), list.end(), one) == list.end()) list.push_back(one);
}

void add_assignment(std::vector<const AssignedPolicy*>& list, const AssignedPolicy* pair) {
  const auto same = [&](const AssignedPolicy* one) { return one->assignment == pair->assignment; };
  if (std::none_of(list.begin(), list.end(), same)) list.push_back(pair);
}

bool only_counted(const PreflightEntry& entry) {
  if (entry.section != Section::Unknown || entry.policy == nullptr || !entry.policy->compiled) return false;
  return !entry.policy->compiled->data_plane_mode().empty() ||
         entry.policy->compiled->known_effect() == "manual";
}

/// Cuts what is long, between characters.
std::string shortened(std::string_view text) {
  if (text.size() <= kLongestValue) return std::string(text);
  return std::string(first_bytes(text, kLongestValue)) + " ...";
}

/// The smallest scope that is there before the deployment: an exemption can't be made for what is not.
std::string exemption_scope(const AssignedPolicy& pair, const estate::Resource& resource) {
  const std::string& assigned = pair.assignment->scope;
  if (resource.subscription.empty()) return assigned;
  std::string scope = fmt::format("/subscriptions/{}", resource.subscription);
  const bool is_group = resource.type.ends_with("/resourceGroups");
  if (!resource.resource_group.empty() && !is_group)
    scope += fmt::format("/resourceGroups/{}", resource.resource_group);
  // An exemption lies at or below its assignment.
  return starts_with_any_case(assigned, scope) ? assigned : scope;
}

class Digester {
 public:
  explicit Digester(const Preflight& preflight) : preflight_(preflight) {}

  PreflightDigest run() {
    for (std::size_t i = 0; i < out_.sections.size(); ++i) {
      out_.sections[i].section = static_cast<Section>(i);
      out_.sections[i].title = kTitles[i][0];
      out_.sections[i].word = kTitles[i][1];
    }
    for (const PreflightEntry& entry : preflight_.entries)
      add(entry);
    for (const ExemptedPair& pair : preflight_.exempted)
      add(pair);
    return std::move(out_);
  }

 private:
  void add(const PreflightEntry& entry) {
    const bool counted = only_counted(entry);
    const bool unknown = entry.section == Section::Unknown;
    // What can't be told is often the same for many resources.
    const std::string of = counted ? std::string() : unknown ? entry.reason : lower(entry.resource->id);
    std::vector<DigestLine>& lines = out_.sections[static_cast<std::size_t>(entry.section)].lines;
    const auto [at, is_new] =
        lines_.try_emplace(std::tuple(entry.section, lower(entry.pair->definition), of), lines.size());
    if (is_new) lines.emplace_back().counted = counted;
    DigestLine& line = lines[at->second];
    const auto said = [&](const PreflightEntry* one) { return same_words(*one, entry); };
    if (line.parts.empty() || (!unknown && std::none_of(line.parts.begin(), line.parts.end(), said)))
      line.parts.push_back(&entry);
    add_assignment(line.assignments, entry.pair);
    if (entry.resource != nullptr) add_once(line.resources, entry.resource);
    if (entry.section == Section::Denied) add_remedy(entry);
  }

  void add_remedy(const PreflightEntry& entry) {
    const auto [at, is_new] = remedies_.try_emplace(lower(entry.pair->definition), out_.remedies.size());
    if (is_new) out_.remedies.emplace_back().first = &entry;
    Remedy& remedy = out_.remedies[at->second];
    const auto same_fix = [&](const PreflightEntry* one) {
      return one->resource == entry.resource && one->fix == entry.fix;
    };
    if (!entry.fix.empty() && std::none_of(remedy.fixes.begin(), remedy.fixes.end(), same_fix))
      remedy.fixes.push_back(&entry);
    std::string scope = exemption_scope(*entry.pair, *entry.resource);
    const auto same_ask = [&](const Remedy::Ask& one) {
      return one.pair == entry.pair && equal_any_case(one.scope, scope);
    };
    if (std::none_of(remedy.asks.begin(), remedy.asks.end(), same_ask))
      remedy.asks.push_back({entry.pair, std::move(scope)});
  }

  void add(const ExemptedPair& pair) {
    const auto same = [&](const ExemptedLine& line) {
      return line.pair->resource == pair.resource && line.pair->exemption == pair.exemption &&
             equal_any_case(line.pair->pair->definition, pair.pair->definition);
    };
    const auto found = std::find_if(out_.exempted.begin(), out_.exempted.end(), same);
    if (found == out_.exempted.end())
      out_.exempted.push_back({&pair, {pair.pair}});
    else
      add_assignment(found->assignments, pair.pair);
  }

  const Preflight& preflight_;
  std::map<std::tuple<Section, std::string, std::string>, std::size_t> lines_;
  std::map<std::string, std::size_t> remedies_;
  PreflightDigest out_;
};

/// In single quotes, where nothing means anything to a POSIX shell.
/// A line break, which no id has, would let a text pose as a line of its own.
std::string quoted(std::string_view text) {
  return fmt::format("'{}'", replace_all(replace_all(text, "\n", " "), "'", "'\\''"));
}

/// A name that Azure takes: the reference and its assignment, told apart by a digest where it is cut.
std::string exemption_name(const AssignedPolicy& pair) {
  static constexpr std::size_t kLongest = 64;
  static constexpr std::size_t kDigest = 8;
  std::string name = pair.assignment->name;
  if (!pair.reference_id.empty()) name += "-" + pair.reference_id;
  for (char& c : name)
    if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '-' && c != '_')
      c = '-';
  if (name.size() <= kLongest) return name;
  const std::string digest = sha256_hex(pair.assignment->id + "\n" + pair.reference_id);
  return name.substr(0, kLongest - kDigest - 1) + "-" + digest.substr(0, kDigest);
}

}  // namespace

PreflightDigest digest(const Preflight& preflight) { return Digester(preflight).run(); }

std::string what_it_hits(const DigestLine& line) {
  if (line.resources.empty()) return "wherever it is assigned";
  if (line.counted || line.resources.size() > 1) return counted(line.resources.size(), "resource");
  return fmt::format("{} {}", line.resources.front()->type, line.resources.front()->name);
}

std::string whom_to_ask(const Remedy::Ask& ask, std::string_view scope, const Owners* owners) {
  const Ownership* of = owners == nullptr ? nullptr : owners->of(ask.pair->assignment->scope);
  if (of == nullptr || of->owner.empty()) return fmt::format("who owns {}", scope);
  return fmt::format("{}, who owns {},", of->owner, scope);
}

std::string shown_name(const PreflightEntry& entry) {
  const PlannedPolicy* policy = entry.policy == nullptr ? entry.pair->policy : entry.policy;
  const policy::Definition* definition = policy == nullptr ? nullptr : policy->definition;
  if (definition == nullptr || definition->display_name.empty()) return entry.pair->definition;
  return definition->display_name;
}

std::string short_scope(std::string_view scope) {
  const std::string_view group = estate::management_group_name(scope);
  if (!group.empty()) return std::string(group);
  return std::string(scope.substr(scope.rfind('/') + 1));
}

std::string assigned_by(const std::vector<const AssignedPolicy*>& pairs) {
  std::string out;
  for (const AssignedPolicy* pair : pairs)
    out += fmt::format("{}{} at {}", out.empty() ? "" : ", ", pair->assignment->name,
                       short_scope(pair->assignment->scope));
  return out;
}

std::string why(const PreflightEntry& entry) {
  const bool named = entry.path.empty() || entry.reason.find(entry.path) != std::string::npos;
  return named ? entry.reason : fmt::format("{}: {}", entry.path, entry.reason);
}

std::string change(const PreflightEntry& entry) {
  return fmt::format("{}: {} -> {}", entry.path, shortened(entry.shown_before), shortened(entry.shown_value));
}

std::string place(const PreflightEntry& entry) {
  if (entry.value_location.line == 0) return entry.location.text();
  return fmt::format("{} (used at {})", entry.value_location.text(), entry.location.text());
}

std::string place_to_change(const PreflightEntry& entry) {
  return (entry.value_location.line == 0 ? entry.location : entry.value_location).text();
}

std::string why_reported(const PreflightEntry& entry) {
  if (entry.why == "doNotEnforce") return fmt::format("not enforced, else {}", entry.effect);
  return std::string(entry.why);
}

std::string created(const PreflightEntry& entry) {
  std::string out;
  for (const auto& [type, name] : entry.creates)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", type, name);
  return out;
}

std::string until(const policy::Exemption& exemption) {
  if (!exemption.expires_on) return "without an end";
  return "until " + to_text(*exemption.expires_on);
}

std::string summary(const Preflight& preflight, const PreflightDigest& digest, std::string_view scope) {
  std::string out = fmt::format("{}, {} in force at {}: ", counted(preflight.resources, "resource"),
                                counted(preflight.pairs, "policy", "policies"), scope);
  for (const DigestSection& section : digest.sections)
    out += fmt::format("{} {}, ", section.lines.size(), section.word);
  return out + fmt::format("{} exempted", digest.exempted.size());
}

std::string exemption_command(const Remedy::Ask& ask) {
  const AssignedPolicy& pair = *ask.pair;
  std::string out = fmt::format("az policy exemption create --name {} --policy-assignment {}",
                                quoted(exemption_name(pair)), quoted(pair.assignment->id));
  if (!pair.reference_id.empty())
    out += fmt::format(" --policy-definition-reference-ids {}", quoted(pair.reference_id));
  return out + fmt::format(" --exemption-category Waiver --scope {}", quoted(ask.scope));
}

}  // namespace redoubt::posture
