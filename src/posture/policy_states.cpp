#include "posture/policy_states.h"

#include <fmt/format.h>

#include <charconv>
#include <functional>
#include <iterator>
#include <limits>

#include "core/text.h"
#include "doc/json_rows.h"

namespace redoubt::posture {

using doc::Value;

namespace {

constexpr std::size_t kMaxReports = 20;
constexpr std::size_t kMaxTexts = 10'000;  // versions and effects: far fewer than rows
constexpr std::string_view kStateNames[] = {"Compliant", "NonCompliant", "Exempt",   "Unknown",
                                            "Conflict",  "Error",        "Protected"};
constexpr std::string_view kRowForm =
    "give what `az policy state list -o json` prints, or policyresources of Resource Graph";
/// Of REST answers, and of `az graph query`.
constexpr std::string_view kListKeys[] = {"value", "data"};

/// The text of a member in any case; empty when it is not there or null.
std::string_view text_at(const Value& row, std::string_view name) {
  const Value* found = row.find_any_case(name);
  return found != nullptr && found->is_string() ? trim(found->as_string()) : std::string_view();
}

/// Resource Graph's table policyresources has the columns of a state under `properties`.
const Value& row_of(const Value& row) {
  const Value* properties = row.find_any_case("properties");
  const bool nested = properties != nullptr && properties->is_object() &&
                      row.find_any_case("resourceId") == nullptr &&
                      properties->find_any_case("resourceId") != nullptr;
  return nested ? *properties : row;
}

bool wrong_type(const Value& row, std::string_view name) {
  const Value* found = row.find_any_case(name);
  return found != nullptr && !found->is_null() && !found->is_string();
}

std::string_view last_segment(std::string_view id) {
  while (id.ends_with('/'))
    id.remove_suffix(1);
  return id.substr(id.rfind('/') + 1);
}

/// `/Date(1700000000000)/`, as Windows PowerShell writes times.
std::optional<Instant> script_date(std::string_view text) {
  if (!text.starts_with("/Date(") || !text.ends_with(")/")) return std::nullopt;
  text = text.substr(6, text.size() - 8);
  std::int64_t milliseconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return from_epoch_seconds(milliseconds / 1000);
}

}  // namespace

std::string_view name_of(AzureState state) { return kStateNames[static_cast<std::size_t>(state)]; }

std::uint64_t state_hash(std::string_view text) {
  while (text.ends_with('/'))
    text.remove_suffix(1);
  return std::hash<std::string>()(lower(text));
}

Result<void> PolicyStates::read(const std::string& path) {
  return doc::read_json_rows(path, kListKeys, [&](const Result<Value>& row, const Where& where) {
    if (!row) {
      skip("is no JSON", where);
      return;
    }
    take(row_of(*row), where);
  });
}

void PolicyStates::take(const Value& row, const Where& where) {
  if (!row.is_object()) return skip("is no object", where);
  static constexpr std::string_view kTexts[] = {"resourceId", "policyAssignmentId", "policyDefinitionId",
                                                "policyDefinitionName", "policyDefinitionReferenceId"};
  for (const std::string_view name : kTexts)
    if (wrong_type(row, name)) return skip(fmt::format("has a {} that is no text", name), where);
  const std::string_view resource = text_at(row, "resourceId");
  if (resource.empty()) return skip("has no resourceId", where);
  std::string_view definition = last_segment(text_at(row, "policyDefinitionId"));
  if (definition.empty()) definition = text_at(row, "policyDefinitionName");
  const std::string_view assignment = text_at(row, "policyAssignmentId");
  if (by_ == By::Assignment && assignment.empty()) return skip("has no policyAssignmentId", where);
  if (by_ == By::Definition && definition.empty()) return skip("has no policyDefinitionId", where);
  const std::optional<AzureState> state = state_of(row, where);
  if (!state) return;
  PolicyState one{.definition = state_hash(definition),
                  .time = time_of(row, where),
                  .state = *state,
                  .version = intern(text_at(row, "policyDefinitionVersion")),
                  .effect = intern(lower(text_at(row, "policyDefinitionAction"))),
                  .file = intern(where.file),
                  .line = where.line,
                  .column = where.column};
  ++rows_read_;
  const StateKey key{state_hash(resource), state_hash(assignment),
                     state_hash(text_at(row, "policyDefinitionReferenceId"))};
  const auto [found, is_new] = states_.try_emplace(key, one);
  if (!is_new && found->second.time <= one.time) found->second = one;
}

std::optional<AzureState> PolicyStates::state_of(const Value& row, const Where& where) {
  const std::string_view text = text_at(row, "complianceState");
  for (std::size_t i = 0; i < std::size(kStateNames); ++i)
    if (equal_any_case(kStateNames[i], text)) return static_cast<AzureState>(i);
  if (equal_any_case(text, "Conflicting")) return AzureState::Conflict;
  const Value* compliant = row.find_any_case("isCompliant");
  if (text.empty() && compliant != nullptr && compliant->is_bool())
    return compliant->as_bool() ? AzureState::Compliant : AzureState::NonCompliant;
  if (!text.empty()) {
    report("POS0021", fmt::format("the state is not known and counts as Unknown: {}", text), where, {});
    return AzureState::Unknown;
  }
  skip(
      wrong_type(row, "complianceState") ? "has a complianceState that is no text" : "has no complianceState",
      where);
  return std::nullopt;
}

Instant PolicyStates::time_of(const Value& row, const Where& where) {
  const std::string_view text = text_at(row, "timestamp");
  if (text.empty() && !wrong_type(row, "timestamp")) return {};
  if (const std::optional<Instant> date = script_date(text)) return *date;
  if (const Result<ZonedTime> time = parse_time(text)) return time->instant;
  report("POS0021", "the timestamp is no time, any other row of its key is newer", where, {});
  return {};
}

void PolicyStates::skip(std::string_view why, const Where& where) {
  ++rows_skipped_;
  report("POS0020", fmt::format("the row {}, it is skipped", why), where, kRowForm);
}

void PolicyStates::report(std::string_view code, std::string message, const Where& where,
                          std::string_view hint) {
  if (++reports_ <= kMaxReports)
    diagnostics_.push_back(
        {Severity::Warning, std::string(code), std::move(message), where, std::string(hint)});
}

std::uint32_t PolicyStates::intern(std::string_view text) {
  if (text.empty()) return 0;
  const auto found = text_numbers_.find(std::string(text));
  if (found != text_numbers_.end()) return found->second;
  if (texts_.size() >= kMaxTexts) return 0;
  const auto number = static_cast<std::uint32_t>(texts_.size());
  texts_.emplace_back(text);
  text_numbers_.emplace(text, number);
  return number;
}

void PolicyStates::finish() {
  if (reports_ > kMaxReports)
    diagnostics_.push_back({Severity::Warning,
                            "POS0020",
                            fmt::format("more rows with such mistakes: {}", reports_ - kMaxReports),
                            {},
                            {}});
  if (by_ == By::Assignment) return;
  std::unordered_map<StateKey, PolicyState, StateKeyHash> by_definition;
  for (const auto& [key, state] : states_) {
    const auto [found, is_new] =
        by_definition.try_emplace(StateKey{key.resource, state.definition, 0}, state);
    if (is_new) continue;
    const bool several = found->second.several || found->second.state != state.state;
    // The newest one stands for them; of equal ones the first of the files, so that runs are equal.
    const bool later =
        found->second.time != state.time
            ? found->second.time < state.time
            : std::pair(state.file, state.line) < std::pair(found->second.file, found->second.line);
    if (later) found->second = state;
    found->second.several = several;
  }
  states_ = std::move(by_definition);
}

const PolicyState* PolicyStates::find(const StateKey& key) const {
  const auto found = states_.find(key);
  return found == states_.end() ? nullptr : &found->second;
}

}  // namespace redoubt::posture
