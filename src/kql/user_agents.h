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

/// The patterns of user agents; the first that fits counts. They are read, and each of them compiled, when they
/// are needed first, and kept then; so is what some thousands of agents were found to be. Single-threaded.
/// Source: uap-core 0.18.0, "Specification"; the engine has an older version of it.
class UserAgents {
 public:
  UserAgents();
  ~UserAgents();

  AgentBrowser browser(std::string_view agent);
  AgentSystem system(std::string_view agent);
  AgentDevice device(std::string_view agent);

 private:
  template <class Found>
  class Known;
  struct Patterns;
  Patterns& patterns();

  std::unique_ptr<Patterns> patterns_;
};

}  // namespace redoubt::kql
