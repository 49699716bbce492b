#include "files/archive.h"

#include <gtest/gtest.h>

#include <map>

#include "core/hash.h"

namespace redoubt::files {
namespace {

// a/one.json = "{}", a/two.txt = "hello", as Python's zipfile and tarfile write them.
constexpr std::string_view kZip =
    "UEsDBBQAAAAAAAAAIVBDv6ajAgAAAAIAAAAKAAAAYS9vbmUuanNvbnt9UEsDBBQAAAAAAAAAIVCGphA2BQAAAAUAAAAJAAAAYS90"
    "d28udHh0aGVsbG9QSwECFAAUAAAAAAAAACFQQ7+mowIAAAACAAAACgAAAAAAAAAAAAAAgAEAAAAAYS9vbmUuanNvblBLAQIUABQA"
    "AAAAAAAAIVCGphA2BQAAAAUAAAAJAAAAAAAAAAAAAACAASoAAABhL3R3by50eHRQSwUGAAAAAAIAAgBvAAAAVgAAAAAA";

struct Read {
  std::map<std::string, std::string> files;
  std::string code;
  std::string path;
  ArchiveSummary summary;
};

Read read(const ArchiveLimits& limits, std::string_view wanted_ending = "") {
  const std::string bytes = base64_decode(kZip).value();
  Read out;
  const Result<ArchiveSummary> summary = read_archive(
      bytes, "x.zip", limits, [&](std::string_view path) { return path.ends_with(wanted_ending); },
      [&](const std::string& path, std::string content) -> Result<void> {
        out.files[path] = std::move(content);
        return {};
      });
  if (summary) {
    out.summary = *summary;
  } else {
    out.code = summary.error().code;
    out.path = summary.error().where.path;
    EXPECT_EQ(summary.error().where.file, "x.zip");
  }
  return out;
}

TEST(Archive, WantedFilesAreHandedOverAndAllAreCounted) {
  const Read all = read({});
  EXPECT_EQ(all.code, "");
  EXPECT_EQ(all.files, (std::map<std::string, std::string>{{"a/one.json", "{}"}, {"a/two.txt", "hello"}}));
  EXPECT_EQ(all.summary.entries, 2U);
  EXPECT_EQ(all.summary.bytes, 7U);
  const Read one = read({}, ".json");
  EXPECT_EQ(one.files.size(), 1U);
  EXPECT_EQ(one.summary.bytes, 7U);
}

TEST(Archive, LimitsHoldAtAndPastTheirValue) {
  EXPECT_EQ(read({.max_entries = 2}).code, "");
  EXPECT_EQ(read({.max_entries = 1}).code, "FIL0003");
  EXPECT_EQ(read({.max_bytes = 7}).code, "");
  EXPECT_EQ(read({.max_bytes = 6}).code, "FIL0003");
  EXPECT_EQ(read({.max_bytes = 6}).path, "a/two.txt");
  EXPECT_EQ(read({.max_file_bytes = 5}).code, "");
  EXPECT_EQ(read({.max_file_bytes = 4}).code, "FIL0003");
  EXPECT_EQ(read({.max_file_bytes = 4}, ".json").code, "") << "nobody wants the large one";
  EXPECT_EQ(read({.max_path = 10}).code, "");
  EXPECT_EQ(read({.max_path = 9}).code, "FIL0002");
}

TEST(Archive, TheRatioIsThatOfTheWhole) {
  // 7 bytes in an archive of 219: any ratio of at least one holds.
  EXPECT_EQ(read({.max_ratio = 1, .ratio_from = 0}).code, "");
}

TEST(Archive, AnErrorOfTheTakerIsPassedOn) {
  const std::string bytes = base64_decode(kZip).value();
  const Result<ArchiveSummary> summary = read_archive(
      bytes, "x.zip", {}, [](std::string_view) { return true; },
      [](const std::string&, const std::string&) -> Result<void> {
        return fail(Error::Kind::Io, "TEST0001", "full");
      });
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, "TEST0001");
}

TEST(Archive, NamesOfArchives) {
  for (const std::string_view name : {"a.zip", "A.ZIP", "b/c.tar.gz", "d.tgz"})
    EXPECT_TRUE(has_archive_name(name)) << name;
  for (const std::string_view name : {"a.json", "zip", "a.gz", "a.tar.gz.json", ""})
    EXPECT_FALSE(has_archive_name(name)) << name;
}

}  // namespace
}  // namespace redoubt::files
