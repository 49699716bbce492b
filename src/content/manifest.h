#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "doc/json.h"

namespace redoubt::content {

inline constexpr std::string_view kManifestFile = "manifest.json";
inline constexpr std::string_view kIndexFile = "index";
inline constexpr std::string_view kDefinitionsFile = "definitions.jsonl";
inline constexpr std::string_view kInitiativesFile = "initiatives.jsonl";
inline constexpr std::string_view kAlzFolder = "alz";

/// Where a pack is from.
struct Origin {
  std::string place;   ///< path or URL, as the user gave it
  std::string commit;  ///< empty when none was asked for
  std::string sha256;  ///< of the archive; empty for folders and files
};

struct PackFile {
  std::string path;  ///< below the pack's folder
  std::uint64_t bytes = 0;
  std::string sha256;
};

/// `manifest.json` of a pack, schema redoubt.content/1.
struct Manifest {
  std::string name;
  Origin origin;
  Instant added;
  std::uint64_t definitions = 0;
  std::uint64_t initiatives = 0;
  std::uint64_t passed_over = 0;           ///< JSON files that hold neither, or that the rule leaves out
  std::uint64_t unread = 0;                ///< files that could not be read whole
  std::vector<std::string> alz_libraries;  ///< their folders below `alz/`; `.` for that folder itself
  std::vector<PackFile> files;             ///< all but the manifest, sorted by path
};

/// Writes it as one JSON object.
void write_json(doc::JsonWriter& json, const Manifest& manifest);

/// CON0102 (InvalidInput) when it is not of that form, or names a file outside of the pack.
Result<Manifest> read_manifest(std::string_view text, const std::string& file);

/// Whether a pack may be called so: lower-case letters, digits, `.`, `_`, `-`; begins with a letter or digit.
bool is_pack_name(std::string_view name);

}  // namespace redoubt::content
