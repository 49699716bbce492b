#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace redoubt::testing {

/// The root of the checkout.
std::filesystem::path source_root();

/// The program of this build, for tests that run it from outside.
std::filesystem::path binary();

/// The folder of real content, or `part` of it: REDOUBT_CORPORA, otherwise ../shared beside the source root.
///
/// Absent: nothing, and the running test is marked skipped, or failed when REDOUBT_REQUIRE_CORPORA=1; the
/// test returns then. Outside a test it only says whether the folder is there.
std::optional<std::filesystem::path> corpora(std::string_view part = {});

/// The whole file; fails the running test when it cannot be read.
std::string read_file(const std::filesystem::path& path);

}  // namespace redoubt::testing
