#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "store/embedded.h"

namespace redoubt::store {

namespace {

namespace fs = std::filesystem;

constexpr const char* kVariable = "REDOUBT_LIBCHDB";
constexpr std::string_view kName = "libchdb.so";
#if defined(__aarch64__)
constexpr std::string_view kPackage = "@chdb/lib-linux-arm64-gnu";
#else
constexpr std::string_view kPackage = "@chdb/lib-linux-x64-gnu";
#endif
/// From build/release/tests/ to the root of the checkout is three folders up.
constexpr int kFoldersUp = 3;

tl::unexpected<Error> not_found(std::string_view what, const std::string& file) {
  return fail(
      Error::Kind::NotFound, "STO0001", fmt::format("the event engine is not here: {}", what),
      Where{file, 0, 0, {}},
      fmt::format("make setup gets it in a checkout; elsewhere npm install {}, and name its {} with {}",
                  kPackage, kName, kVariable));
}

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

/// Beside the program, and where the checkout has it that the program was built in.
std::string search(const fs::path& program) {
  fs::path folder = program.parent_path();
  if (is_file(folder / kName)) return (folder / kName).string();
  for (int i = 0; i < kFoldersUp && folder.has_relative_path(); ++i) {
    folder = folder.parent_path();
    const fs::path file = folder / "engine" / "node_modules" / kPackage / kName;
    if (is_file(file)) return file.string();
  }
  return {};
}

}  // namespace

Result<std::string> find_engine_library(const std::string& named) {
  const char* variable = std::getenv(kVariable);
  std::string given = named.empty() && variable != nullptr ? variable : named;
  if (!given.empty() && !is_file(given)) return not_found("there is no such file", given);
  if (!given.empty()) return given;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  std::string found = error ? std::string() : search(program);
  if (found.empty()) return not_found("no libchdb.so beside the program or in its checkout", {});
  return found;
}

}  // namespace redoubt::store
