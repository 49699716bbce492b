#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "content/index.h"
#include "content/manifest.h"

// Any bytes as the index and as the manifest of a pack: an index that is read is written the same, byte for
// byte; a manifest that is read is read the same from what is written of it.

namespace {

using namespace redoubt;

std::string written(const content::Manifest& manifest) {
  doc::JsonWriter json;
  content::write_json(json, manifest);
  return json.take();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto index = content::read_index(text, "index");
  if (index) RD_CHECK(content::write_index(*index) == text);
  const Result<content::Manifest> manifest = content::read_manifest(text, "manifest.json");
  if (!manifest) return 0;
  RD_CHECK(content::is_pack_name(manifest->name));
  const std::string once = written(*manifest);
  const Result<content::Manifest> again = content::read_manifest(once, "manifest.json");
  RD_CHECK(again.has_value() && written(*again) == once);
  return 0;
}
