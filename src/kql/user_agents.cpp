#include "kql/user_agents.h"

#include <map>
#include <optional>
#include <vector>

#include "core/arena.h"
#include "core/text.h"
#include "doc/json.h"
#include "kql/detail/characters.h"
#include "kql/pattern.h"

extern "C" {
extern const char user_agent_patterns_begin[];
extern const char user_agent_patterns_end[];
}

namespace redoubt::kql {

namespace {

/// What each pattern may compile to; with all of them in use it adds up.
constexpr std::int64_t kMaxBytes = 512 << 10;

/// A pattern, and what it gives: nothing stands for the group of that place.
struct Row {
  std::string text;
  std::vector<std::optional<std::string>> gives;
  std::optional<Pattern> compiled;
};

std::vector<Row> rows_of(const doc::Value& list) {
  std::vector<Row> out;
  for (const doc::Value& one : list.items()) {
    const auto cells = one.items();
    Row row{.text = std::string(cells[0].as_string()), .gives = {}, .compiled = {}};
    for (const doc::Value& cell : cells.subspan(1))
      row.gives.push_back(cell.is_null() ? std::nullopt : std::optional(std::string(cell.as_string())));
    out.push_back(std::move(row));
  }
  return out;
}

std::string group(const Pattern::Groups& groups, std::size_t i) {
  return i < groups.size() && groups[i] ? std::string(*groups[i]) : std::string();
}

/// `$1` to `$9` are groups.
std::string filled(std::string_view form, const Pattern::Groups& groups) {
  std::string out;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == '$' && i + 1 < form.size() && detail::is_digit(form[i + 1]))
      out += group(groups, static_cast<std::size_t>(form[++i] - '0'));
    else
      out += form[i];
  }
  return std::string(trim(out));
}

/// The first row that fits, and its groups.
const Row* first_match(std::vector<Row>& rows, std::string_view agent, Pattern::Groups& groups) {
  for (Row& row : rows) {
    if (!row.compiled) {
      Result<Pattern> compiled = Pattern::compile(row.text, kMaxBytes);
      RD_CHECK(compiled.has_value());
      row.compiled = std::move(*compiled);
    }
    if (row.compiled->find(agent, 0, groups)) return &row;
  }
  return nullptr;
}

/// What a row gives at a place: of the first the first group, and so on.
std::string given(const Row& row, const Pattern::Groups& groups, std::size_t place) {
  return row.gives[place] ? filled(*row.gives[place], groups) : group(groups, place + 1);
}

constexpr std::string_view kNone = "Other";

}  // namespace

/// What agents were found to be. Logs have few of them, and many rows of each.
template <class Found>
class UserAgents::Known {
 public:
  template <class Find>
  const Found& of(std::string_view agent, const Find& find) {
    if (const auto known = found_.find(agent); known != found_.end()) return known->second;
    if (found_.size() >= kMost) found_.clear();
    return found_.emplace(std::string(agent), find()).first->second;
  }

 private:
  static constexpr std::size_t kMost = 10'000;
  std::map<std::string, Found, std::less<>> found_;
};

struct UserAgents::Patterns {
  Patterns();

  std::vector<Row> browsers;
  std::vector<Row> systems;
  std::vector<Row> devices;
  Known<AgentBrowser> known_browsers;
  Known<AgentSystem> known_systems;
  Known<AgentDevice> known_devices;
};

UserAgents::Patterns::Patterns() {
  Arena arena;
  const Result<doc::Value> root =
      doc::parse_json(arena, {user_agent_patterns_begin,
                              static_cast<std::size_t>(user_agent_patterns_end - user_agent_patterns_begin)});
  RD_CHECK(root.has_value());
  browsers = rows_of(*root->find("browser"));
  systems = rows_of(*root->find("os"));
  devices = rows_of(*root->find("device"));
}

namespace {

AgentBrowser browser_of(std::vector<Row>& rows, std::string_view agent) {
  Pattern::Groups groups;
  const Row* const row = first_match(rows, agent, groups);
  if (row == nullptr) return {.family = std::string(kNone), .version = {}};
  return {.family = given(*row, groups, 0),
          .version = {given(*row, groups, 1), given(*row, groups, 2), given(*row, groups, 3)}};
}

AgentSystem system_of(std::vector<Row>& rows, std::string_view agent) {
  Pattern::Groups groups;
  const Row* const row = first_match(rows, agent, groups);
  if (row == nullptr) return {.family = std::string(kNone), .version = {}};
  return {.family = given(*row, groups, 0),
          .version = {given(*row, groups, 1), given(*row, groups, 2), given(*row, groups, 3),
                      given(*row, groups, 4)}};
}

AgentDevice device_of(std::vector<Row>& rows, std::string_view agent) {
  Pattern::Groups groups;
  const Row* const row = first_match(rows, agent, groups);
  if (row == nullptr) return {.family = std::string(kNone), .brand = {}, .model = {}};
  return {.family = given(*row, groups, 0),
          .brand = row->gives[1] ? filled(*row->gives[1], groups) : std::string(),
          .model = row->gives[2] ? filled(*row->gives[2], groups) : group(groups, 1)};
}

}  // namespace

UserAgents::UserAgents() = default;
UserAgents::~UserAgents() = default;

UserAgents::Patterns& UserAgents::patterns() {
  if (patterns_ == nullptr) patterns_ = std::make_unique<Patterns>();
  return *patterns_;
}

AgentBrowser UserAgents::browser(std::string_view agent) {
  Patterns& all = patterns();
  return all.known_browsers.of(agent, [&] { return browser_of(all.browsers, agent); });
}

AgentSystem UserAgents::system(std::string_view agent) {
  Patterns& all = patterns();
  return all.known_systems.of(agent, [&] { return system_of(all.systems, agent); });
}

AgentDevice UserAgents::device(std::string_view agent) {
  Patterns& all = patterns();
  return all.known_devices.of(agent, [&] { return device_of(all.devices, agent); });
}

}  // namespace redoubt::kql
