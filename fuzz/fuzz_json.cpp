#include <cstddef>
#include <cstdint>
#include <string>

#include "doc/json.h"

using namespace redoubt;

// What the reader accepts it writes again, and reads back as the same value; every place lies in the text.
namespace {

void check_places(const doc::Value& value, std::size_t size) {
  RD_CHECK(value.place().offset < size);
  if (value.is_array())
    for (const doc::Value& item : value.items())
      check_places(item, size);
  if (value.is_object())
    for (const doc::Member& member : value.members())
      check_places(member.value, size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  doc::Sources sources;
  const doc::JsonLimits limits{.max_bytes = 1 << 20, .max_depth = 64, .max_nodes = 10'000};
  const Result<Reading<doc::Document>> read = doc::read_json(sources, "input", text, limits);
  if (!read) {
    RD_CHECK(!read.error().code.empty());
    return 0;
  }
  // A text with line breaks inside strings is rewritten first, so places may lie behind its end.
  check_places(read->value.root, sources.text(read->value.file).size());
  const std::string written = doc::to_json(read->value.root);
  Arena arena;
  const Result<doc::Value> again = doc::parse_json(arena, written);
  RD_CHECK(again.has_value());
  RD_CHECK(doc::canonical_json(*again) == doc::canonical_json(read->value.root));

  const Reading<doc::LineDocument> lines = doc::read_json_lines(sources, "lines", text, limits);
  for (const doc::Value& row : lines.value.rows)
    RD_CHECK(doc::parse_json(arena, doc::to_json(row)).has_value());
  return 0;
}
