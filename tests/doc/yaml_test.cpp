#include "doc/yaml.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "testing/cases.h"
#include "testing/escapes.h"
#include "testing/lines.h"

namespace redoubt::doc {
namespace {

std::string warnings(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics)
    out += "\n" + diagnostic.text();
  return out;
}

// The value as JSON, then the warnings; or the error.
std::string render_read(std::string_view text) {
  Sources sources;
  const Result<Reading<Document>> read = read_yaml(sources, "a.yaml", std::string(text));
  if (!read) return read.error().text();
  return to_json(read->value.root) + warnings(read->diagnostics);
}

// KIND JSON
std::string render_scalar(std::string_view text) {
  Sources sources;
  const Result<Reading<Document>> read = read_yaml(sources, "a.yaml", std::string(text));
  if (!read) return read.error().text();
  return fmt::format("{} {}{}", name_of(read->value.root.kind()), to_json(read->value.root),
                     warnings(read->diagnostics));
}

std::string render_bytes(std::string_view line) { return render_read(testing::unescape(line)); }

void add_places(std::string& out, const Sources& sources, const std::string& path, const Value& value) {
  const Where where = sources.where(value.place());
  out +=
      fmt::format("{}:{} {} {}", where.line, where.column, path.empty() ? "." : path, name_of(value.kind()));
  if (value.has_own_value_place()) {
    const Where from = sources.where(value.value_place());
    out += fmt::format(" from {}:{}", from.line, from.column);
  }
  out += "\n";
  if (value.is_array())
    for (std::size_t i = 0; i < value.size(); ++i)
      add_places(out, sources, fmt::format("{}[{}]", path, i), value.items()[i]);
  if (value.is_object())
    for (const Member& member : value.members())
      add_places(out, sources, fmt::format("{}.{}", path, member.name), member.value);
}

// LINE:COLUMN PATH KIND of every node, and where the value of an alias stands.
std::string render_places(std::string_view text) {
  Sources sources;
  const Result<Reading<Document>> read = read_yaml(sources, "a.yaml", std::string(text));
  if (!read) return read.error().text();
  std::string out;
  add_places(out, sources, "", read->value.root);
  return out;
}

using testing::by_line;
using testing::register_cases;
[[maybe_unused]] const bool registered =
    register_cases("YamlScalars", "tests/doc/cases/yaml/scalars", by_line(render_scalar)) &&
    register_cases("YamlRead", "tests/doc/cases/yaml/read", render_read) &&
    register_cases("YamlAliases", "tests/doc/cases/yaml/aliases", render_read) &&
    register_cases("YamlMerge", "tests/doc/cases/yaml/merge", render_read) &&
    register_cases("YamlErrors", "tests/doc/cases/yaml/errors", render_read) &&
    register_cases("YamlBytes", "tests/doc/cases/yaml/bytes", by_line(render_bytes)) &&
    register_cases("YamlPlaces", "tests/doc/cases/yaml/places", render_places);

TEST(YamlFiles, AreReadFromDisk) {
  const std::filesystem::path path =
      std::filesystem::path(::testing::TempDir()) / "redoubt_yaml_files_are_read.yaml";
  std::ofstream(path, std::ios::binary) << "a: [1";
  Sources sources;
  const Result<Reading<Document>> cut = read_yaml_file(sources, path.string());
  ASSERT_FALSE(cut.has_value());
  EXPECT_EQ(cut.error().where.file, path.string());
  std::ofstream(path, std::ios::binary) << "a: [1]";
  const Result<Reading<Document>> whole = read_yaml_file(sources, path.string());
  std::filesystem::remove(path);
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(to_json(whole->value.root), R"({"a":[1]})");
  const Result<Reading<Document>> gone = read_yaml_file(sources, path.string());
  ASSERT_FALSE(gone.has_value());
  EXPECT_EQ(gone.error().code, "DOC0001");
}

TEST(YamlFiles, TextInSourcesStaysAsItWasRead) {
  Sources sources;
  const std::string text = "a: \"x\\ty\"\nb: |\n  z\n";
  const Result<Reading<Document>> read = read_yaml(sources, "a.yaml", text);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(sources.text(read->value.file), text);
}

TEST(YamlAliases, ShareTheValueOfTheirAnchor) {
  Sources sources;
  const Result<Reading<Document>> read = read_yaml(sources, "a.yaml", "- &a [x, y]\n- *a\n");
  ASSERT_TRUE(read.has_value());
  const std::span<const Value> items = read->value.root.items();
  EXPECT_EQ(items[0].items().data(), items[1].items().data());
}

}  // namespace
}  // namespace redoubt::doc
