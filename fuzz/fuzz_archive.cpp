#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/text.h"
#include "files/archive.h"

// Any bytes as an archive: what is handed over has a safe name and stays within the limits, and looking at
// the names alone ends the same way as reading everything.

namespace {

using namespace redoubt;

constexpr files::ArchiveLimits kLimits{.max_entries = 100,
                                       .max_bytes = 1 << 20,
                                       .max_file_bytes = 1 << 18,
                                       .max_ratio = 50,
                                       .ratio_from = 1 << 16,
                                       .max_path = 200};

void check_path(const std::string& path) {
  RD_CHECK(!path.empty() && path.size() <= kLimits.max_path && valid_utf8(path));
  for (const std::string_view part : split(path, '/'))
    RD_CHECK(!part.empty() && part != "." && part != "..");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> names;
  std::uint64_t taken = 0;
  const Result<files::ArchiveSummary> read = files::read_archive(
      bytes, "input", kLimits, [](std::string_view) { return true; },
      [&](const std::string& path, std::string content) -> Result<void> {
        check_path(path);
        RD_CHECK(content.size() <= kLimits.max_file_bytes);
        taken += content.size();
        names.push_back(path);
        return {};
      });
  RD_CHECK(taken <= kLimits.max_bytes);
  std::vector<std::string> seen;
  const Result<files::ArchiveSummary> looked = files::read_archive(bytes, "input", kLimits,
                                                                   [&](std::string_view path) {
                                                                     seen.emplace_back(path);
                                                                     return false;
                                                                   },
                                                                   {});
  if (!read) {
    RD_CHECK(read.error().code.starts_with("FIL000"));
    return 0;
  }
  RD_CHECK(looked && looked->entries == read->entries && looked->bytes == taken && seen == names);
  return 0;
}
