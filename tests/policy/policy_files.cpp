#include "policy_files.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <tuple>

#include "core/text.h"

namespace redoubt::policy::testing {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kSection = "== ";
constexpr std::string_view kSeverities[] = {"hint", "warning", "error"};

void write(const fs::path& file, std::string_view text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

}  // namespace

PolicyFiles::PolicyFiles(std::string_view input) {
  std::string name = (fs::path(::testing::TempDir()) / "policy-files-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) ADD_FAILURE() << "no temporary folder " << name;
  folder_ = name;
  std::string file = "policy.json";
  std::string text;
  bool first = true;
  for (const std::string_view line : split(input, '\n')) {
    if (!line.starts_with(kSection)) {
      text += (text.empty() ? "" : "\n") + std::string(line);
      continue;
    }
    if (!first) write(folder_ / file, text);
    file = line.substr(kSection.size());
    text.clear();
    first = false;
  }
  write(folder_ / file, text);
}

PolicyFiles::~PolicyFiles() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string PolicyFiles::text(std::vector<Diagnostic> diagnostics) const {
  const auto place = [](const Diagnostic& one) {
    return std::tie(one.where.file, one.where.line, one.where.column, one.code);
  };
  std::stable_sort(
      diagnostics.begin(), diagnostics.end(),
      [&](const Diagnostic& left, const Diagnostic& right) { return place(left) < place(right); });
  std::string out;
  for (const Diagnostic& one : diagnostics) {
    const std::string file = fs::path(one.where.file).lexically_relative(folder_).string();
    out += fmt::format("{}:{}: {} {}: {}", file, one.where.line,
                       kSeverities[static_cast<std::size_t>(one.severity)], one.code, one.message);
    out += one.hint.empty() ? "\n" : fmt::format(" ({})\n", one.hint);
  }
  return out;
}

}  // namespace redoubt::policy::testing
