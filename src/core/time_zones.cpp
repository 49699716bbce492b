#include <algorithm>
#include <fstream>

#include "core/time_zone.h"

namespace redoubt {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = 1U << 20U;
constexpr std::size_t kMostZones = 10'000;
constexpr int kMostDepth = 3;

/// Names of parts, such as `America/Indiana/Knox`; nothing that leads out of the folder.
bool is_name(std::string_view name) {
  static constexpr std::size_t kMostSize = 64;
  if (name.empty() || name.size() > kMostSize || name.front() == '/' || name.back() == '/') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '+' || c == '/';
  });
}

std::optional<std::string> read_file(const fs::path& path, std::size_t most) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return std::nullopt;
  std::ifstream stream(path, std::ios::binary);
  std::string out(most + 1, '\0');
  stream.read(out.data(), static_cast<std::streamsize>(out.size()));
  out.resize(static_cast<std::size_t>(stream.gcount()));
  return out.size() > most ? std::nullopt : std::optional(std::move(out));
}

bool is_zone_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  char magic[4] = {};
  stream.read(magic, sizeof magic);
  return std::string_view(magic, sizeof magic) == "TZif";
}

/// What a system has beside the zones.
bool is_beside(std::string_view name) {
  static constexpr std::string_view kNames[] = {"posix", "right", "Factory", "localtime", "posixrules"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

void add_names(const fs::path& folder, const std::string& prefix, int depth, std::vector<std::string>& out) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!is_name(name) || out.size() >= kMostZones || (prefix.empty() && is_beside(name))) continue;
    if (entry.is_directory(error)) {
      if (depth < kMostDepth) add_names(entry.path(), prefix + name + "/", depth + 1, out);
    } else if (entry.is_regular_file(error) && is_zone_file(entry.path())) {
      out.push_back(prefix + name);
    }
  }
}

fs::path system_folder() {
  std::error_code error;
  for (const char* path : {"/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo"})
    if (fs::is_directory(path, error)) return path;
  return {};
}

}  // namespace

TimeZones::TimeZones(fs::path folder) : folder_(folder.empty() ? system_folder() : std::move(folder)) {}

const TimeZone* TimeZones::find(std::string_view name) {
  if (!available() || !is_name(name)) return nullptr;
  const auto found = zones_.find(std::string(name));
  if (found != zones_.end()) return found->second ? &*found->second : nullptr;
  const std::optional<std::string> bytes = read_file(folder_ / name, kMostBytes);
  if (!bytes || zones_.size() >= kMostZones) return nullptr;
  Result<TimeZone> read = TimeZone::read(*bytes);
  const auto& kept =
      zones_.emplace(name, read ? std::optional(std::move(*read)) : std::nullopt).first->second;
  return kept ? &*kept : nullptr;
}

std::vector<std::string> TimeZones::names() const {
  std::vector<std::string> out;
  if (available()) add_names(folder_, {}, 0, out);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace redoubt
