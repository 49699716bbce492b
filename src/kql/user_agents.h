#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace redoubt::kql {

/// What a user agent tells of a browser, its system and the device. "Other" where nothing fits, the rest of
/// it empty then.
struct AgentBrowser {
  std::string family;
  std::array<std::string, 3> version;  ///< major, minor, patch
};
struct AgentSystem {
  std::string family;
  std::array<std::string, 4> version;  ///< major, minor, patch, patch minor
};
struct AgentDevice {
  std::string family;
  std::string brand;
  std::string model;
};

/// The patterns of user agents; the first that fits counts. Each is compiled when it is needed first and kept
/// then. Single-threaded.
/// Source: uap-core 0.18.0, "Specification"; the engine has an older version of it.
class UserAgents {
 public:
  UserAgents();
  ~UserAgents();

  AgentBrowser browser(std::string_view agent);
  AgentSystem system(std::string_view agent);
  AgentDevice device(std::string_view agent);

 private:
  struct Patterns;
  std::unique_ptr<Patterns> patterns_;
};

}  // namespace redoubt::kql
