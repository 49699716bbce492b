#include "estate/split_export.h"

#include <gtest/gtest.h>

#include <algorithm>

#include <string>
#include <string_view>
#include <vector>

#include "core/hash.h"
#include "doc/json.h"

namespace redoubt::estate {
namespace {

constexpr std::string_view kPath = "export.json";

/// What split_export gives, and what the text is afterwards.
struct Outcome {
  std::optional<SplitExport> split;
  std::string text;
  std::string asked;  ///< what is_export was asked with
};

class SplitExportTest : public ::testing::Test {
 protected:
  Outcome split(std::string text, std::vector<KnownRow> known = {}, bool lines = false) {
    Outcome out;
    const std::string path(kPath);
    SplitRequest request{.path = path, .known = known, .lines = lines, .is_export = {}};
    request.is_export = [&](const doc::Value& envelope, const doc::Value& row) {
      out.asked = doc::to_json(envelope) + " " + doc::to_json(row);
      return row.find("no") == nullptr;
    };
    out.split = split_export(sources_, request, text, arena_);
    out.text = std::move(text);
    return out;
  }

  static std::vector<KnownRow> known(const SplitExport& split) {
    std::vector<KnownRow> out;
    for (const ExportRow& row : split.rows)
      out.push_back({row.span.size, row.hash});
    return out;
  }

  std::string row_texts(const SplitExport& split) const {
    std::string out;
    for (const ExportRow& row : split.rows)
      out += sources_.text(split.file).substr(row.span.offset, row.span.size) + "|";
    return out;
  }

  doc::Sources sources_;
  Arena arena_;
};

TEST_F(SplitExportTest, TheTextIsKeptAsASource) {
  const Outcome out = split(R"({"count":2,"data":[{"a":1},{"a":2}]})");
  ASSERT_TRUE(out.split.has_value());
  EXPECT_EQ(out.split->path, kPath);
  EXPECT_EQ(sources_.name(out.split->file), kPath);
  EXPECT_EQ(row_texts(*out.split), R"({"a":1}|{"a":2}|)");
  EXPECT_EQ(doc::to_json(out.split->envelope), R"({"count":2,"data":[]})");
  EXPECT_EQ(out.asked, R"({"count":2,"data":[]} {"a":1})");
  EXPECT_NE(out.split->rows[0].hash, out.split->rows[1].hash);
}

TEST_F(SplitExportTest, ListsAndLinesHaveNoEnvelope) {
  EXPECT_TRUE(split("[{}]").split->envelope.is_null());
  EXPECT_TRUE(split("{}\n{}").split->envelope.is_null());
  EXPECT_EQ(split("{}\n{}").split->rows.size(), 2U);
}

TEST_F(SplitExportTest, OtherTextsStayAsTheyWere) {
  for (const std::string text : {R"([{"no":1}])", "[]", "[{},]", R"({"data":[]})", "[{/**/}]",
                                 R"({"data":[{}],"x":nonsense})", "[{]", "not JSON", ""}) {
    const Outcome out = split(text);
    EXPECT_FALSE(out.split.has_value()) << text;
    EXPECT_EQ(out.text, text);
  }
}

TEST_F(SplitExportTest, OfAFileOfLinesOnlyLinesAreTaken) {
  EXPECT_TRUE(split("{}\n{}", {}, true).split.has_value());
  EXPECT_TRUE(split("{}", {}, true).split.has_value());
  EXPECT_FALSE(split("[{}]", {}, true).split.has_value());
  EXPECT_FALSE(split(R"({"data":[{}]})", {}, true).split.has_value());
  EXPECT_FALSE(split("{\n}", {}, true).split.has_value());
}

TEST_F(SplitExportTest, RowsThatWereKnownAreFoundAgain) {
  const std::string text = R"([{"a":1}, {"b":"}"},{"c":[3]}])";
  const std::vector<KnownRow> rows = known(*split(text).split);
  for (const std::string_view other : {R"([{"a":1}, {"b":"}"},{"c":[3]}])",         // as it was
                                       R"([{"b":"}"},{"c":[3]},{"a":1}])",          // moved
                                       R"([{"a":1},{"x":1},{"b":"}"},{"c":[3]}])",  // one more
                                       R"([{"c":[3]}])",                            // fewer
                                       R"([{"a":1},{"a":1},{"a":1}])",              // twice
                                       R"([{"a":1},{"b":"{"},{"c":[3]}])"}) {       // another
    const Outcome with = split(std::string(other), rows);
    const Outcome without = split(std::string(other));
    ASSERT_TRUE(with.split.has_value() && without.split.has_value()) << other;
    EXPECT_EQ(row_texts(*with.split), row_texts(*without.split));
    for (std::size_t i = 0; i < with.split->rows.size(); ++i)
      EXPECT_EQ(with.split->rows[i].hash, without.split->rows[i].hash);
  }
}

// The first byte of a text has none before it.
TEST_F(SplitExportTest, ARowOfSizeZeroIsNeverKnown) {
  KnownRow empty;
  const Sha256 of_nothing = sha256("");
  std::copy_n(of_nothing.begin(), empty.hash.size(), empty.hash.begin());
  for (const KnownRow& row : {KnownRow{}, empty}) {
    const Outcome out = split("{}\n{\"a\":1}\n", {row, row});
    ASSERT_TRUE(out.split.has_value());
    EXPECT_EQ(row_texts(*out.split), "{}|{\"a\":1}|");
  }
}

TEST_F(SplitExportTest, KnownSizesBeyondTheEnd) {
  std::vector<KnownRow> rows = known(*split("[{}]").split);
  rows[0].size = 0xFFFFFFFF;
  EXPECT_EQ(row_texts(*split("[{}]", rows).split), "{}|");
}

}  // namespace
}  // namespace redoubt::estate
