#include "testing/paths.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

namespace redoubt::testing {
namespace {

std::string environment(const char* name, std::string otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : std::move(otherwise);
}

void report_missing(const std::filesystem::path& folder) {
  if (::testing::UnitTest::GetInstance()->current_test_info() == nullptr) return;
  if (environment("REDOUBT_REQUIRE_CORPORA", "0") == "1") {
    ADD_FAILURE() << "REDOUBT_REQUIRE_CORPORA=1, but there is no " << folder;
    return;
  }
  GTEST_SKIP() << "no corpora at " << folder << "; set REDOUBT_CORPORA (see docs/corpora.md)";
}

}  // namespace

std::filesystem::path source_root() { return environment("REDOUBT_SOURCE_ROOT", REDOUBT_SOURCE_ROOT); }

std::filesystem::path binary() { return environment("REDOUBT_BINARY", REDOUBT_BINARY); }

std::optional<std::filesystem::path> corpora(std::string_view part) {
  std::filesystem::path folder =
      environment("REDOUBT_CORPORA", (source_root().parent_path() / "shared").string());
  if (!part.empty()) folder /= part;
  if (std::filesystem::exists(folder)) return folder;
  report_missing(folder);
  return std::nullopt;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) ADD_FAILURE() << "cannot read " << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace redoubt::testing
