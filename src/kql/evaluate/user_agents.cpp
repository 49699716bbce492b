#include "kql/user_agents.h"

#include <algorithm>

#include "core/text.h"
#include "kql/detail/evaluation.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

using Parts = std::initializer_list<std::pair<std::string_view, std::string_view>>;

std::string bag_of(Parts parts) {
  std::string out = "{";
  for (const auto& [name, value] : parts)
    out.append(out.size() > 1 ? "," : "").append(json_of_text(name) + ":" + json_of_text(value));
  return out + "}";
}

std::string browser(UserAgents& agents, std::string_view agent) {
  const AgentBrowser out = agents.browser(agent);
  return bag_of({{"Family", out.family},
                 {"MajorVersion", out.version[0]},
                 {"MinorVersion", out.version[1]},
                 {"Patch", out.version[2]}});
}

std::string system(UserAgents& agents, std::string_view agent) {
  const AgentSystem out = agents.system(agent);
  return bag_of({{"Family", out.family},
                 {"MajorVersion", out.version[0]},
                 {"MinorVersion", out.version[1]},
                 {"Patch", out.version[2]},
                 {"PatchMinor", out.version[3]}});
}

std::string device(UserAgents& agents, std::string_view agent) {
  const AgentDevice out = agents.device(agent);
  return bag_of({{"Family", out.family}, {"Brand", out.brand}, {"Model", out.model}});
}

struct Part {
  std::string_view asked;
  std::string_view name;
  std::string (*read)(UserAgents&, std::string_view);
};
constexpr Part kParts[] = {
    {"browser", "Browser", browser}, {"os", "OperatingSystem", system}, {"device", "Device", device}};

/// The parts that are asked for, one or an array of them.
std::vector<std::string> asked_for(const Value& value) {
  if (!value.is(Type::Dynamic) || value.is_null() || json_kind(value.json()) != JsonKind::Array)
    return {to_text(value)};
  std::vector<std::string> out;
  for (const std::string_view element : json_elements(value.json()))
    out.push_back(to_text(Value::of_dynamic(std::string(element))));
  return out;
}

/// parse_user_agent(text, part); all parts when none is named.
Result<Value> parse_user_agent(const Call& call) {
  static constexpr std::size_t kMostBytes = 4'096;  // longer ones are cut: every pattern looks at all of it
  const std::string text = call.text(0).substr(0, kMostBytes);
  const std::vector<std::string> asked =
      call.size() > 1 ? asked_for(call[1]) : std::vector<std::string>{"browser", "os", "device"};
  std::optional<UserAgents> own;
  UserAgents& agents = call.context.user_agents != nullptr ? *call.context.user_agents : own.emplace();
  std::string out = "{";
  for (const Part& part : kParts) {
    const auto wanted = [&part](const std::string& one) { return equal_any_case(one, part.asked); };
    if (std::none_of(asked.begin(), asked.end(), wanted)) continue;
    out.append(out.size() > 1 ? "," : "").append(json_of_text(part.name) + ":" + part.read(agents, text));
  }
  return out.size() > 1 ? Value::of_dynamic(out + "}") : Value::null(Type::Dynamic);
}

constexpr EvaluationRow kRows[] = {{"parse_user_agent", parse_user_agent, 1, 2}};

}  // namespace

EvaluationRows user_agent_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
