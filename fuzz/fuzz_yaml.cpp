#include <cstddef>
#include <cstdint>
#include <string>

#include "doc/yaml.h"

using namespace redoubt;

// What the reader accepts keeps its limits and its places, and is written as JSON that reads back as the same
// value, by both readers.
namespace {

constexpr std::uint32_t kMaxDepth = 64;

void check_node(const doc::Value& value, std::size_t size, std::uint32_t depth) {
  RD_CHECK(value.place().offset <= size && value.value_place().offset <= size);
  RD_CHECK(!value.is_container() || depth < kMaxDepth);
  if (value.is_array())
    for (const doc::Value& item : value.items())
      check_node(item, size, depth + 1);
  if (value.is_object())
    for (const doc::Member& member : value.members())
      check_node(member.value, size, depth + 1);
}

bool has_line_ends_of_unicode(const std::string& text) {
  for (const char* end : {"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"})
    if (text.find(end) != std::string::npos) return true;
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const doc::YamlLimits limits{.max_bytes = 1 << 20,
                               .max_depth = kMaxDepth,
                               .max_nodes = 10'000,
                               .max_alias_nodes = 1'000,
                               .max_blanks = 1'000,
                               .max_tag_directives = 8};
  doc::Sources sources;
  const Result<Reading<doc::Document>> read = doc::read_yaml(sources, "input", text, limits);
  if (!read) {
    RD_CHECK(!read.error().code.empty());
    return 0;
  }
  const doc::Value& root = read->value.root;
  check_node(root, size, 0);
  RD_CHECK(doc::inspect(root, 20'000).nodes <= 11'000);
  const std::string canonical = doc::canonical_json(root);

  const std::string written = doc::to_json(root);
  Arena arena;
  const Result<doc::Value> json = doc::parse_json(arena, written);
  RD_CHECK(json.has_value() && doc::canonical_json(*json) == canonical);
  // Keys over 1,024 characters and characters that YAML wants escaped make this one fail; what libyaml takes
  // for the end of a line is folded.
  if (has_line_ends_of_unicode(written)) return 0;
  const Result<Reading<doc::Document>> again = doc::read_yaml(sources, "again", written, limits);
  if (again) RD_CHECK(doc::canonical_json(again->value.root) == canonical);
  return 0;
}
