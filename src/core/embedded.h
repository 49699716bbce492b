#pragma once

#include <string_view>

namespace redoubt {

/// One file inside the binary, as the build function redoubt_embed_files lays it out.
///
/// A module that embeds `FILES` under the name `packs` declares, at global scope,
/// `extern "C" const redoubt::EmbeddedFile packs_begin[], packs_end[];`
struct EmbeddedFile {
  const char* path_text;
  const char* begin;
  const char* end;

  /// Relative to the source root, such as `content/policies/storage.json`.
  std::string_view path() const { return path_text; }
  std::string_view content() const { return {begin, static_cast<std::size_t>(end - begin)}; }
};

}  // namespace redoubt
