#include "query/load.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "core/arena.h"
#include "doc/json.h"
#include "load_case.h"
#include "query/answer_json.h"
#include "testing/cases.h"
#include "testing/escapes.h"

// A case (load_case.h) prints the columns, a line a row, the counts, what is told.

namespace redoubt::query {
namespace {

std::string load(const std::vector<Part>& parts, const LoadLimits& limits = {}) {
  kql::Schemas schemas;
  for (const Part& part : parts)
    if (part.name == "schema") add_schema(part.text, schemas);
  TableLoader loader({.schemas = schemas.empty() ? nullptr : &schemas, .limits = limits});
  for (const Part& part : parts) {
    if (part.name == "schema") continue;
    std::istringstream stream(testing::unescape(part.text));
    const Result<void> done = loader.add("T", stream, part.name);
    if (!done) return done.error().text() + "\n";
  }
  MemoryTables tables;
  const Reading<Loaded> loaded = loader.finish(tables);
  std::string out = table_text(tables);
  for (const LoadedFile& file : loaded.value.files)
    out += fmt::format("{}: {}, {} rows, {} unread\n", file.file, file.form, file.rows, file.unread_rows);
  for (const Diagnostic& one : loaded.diagnostics)
    out += one.text() + "\n";
  return out;
}

[[maybe_unused]] const bool registered = testing::register_cases(
    "Load", "tests/query/cases/load", [](std::string_view input) { return load(parts_of(input)); });

std::string code_of(const std::vector<Part>& parts, const LoadLimits& limits) {
  const std::string out = load(parts, limits);
  const std::size_t at = out.find("error ");
  return at == std::string::npos ? out : out.substr(at + 6, out.find(':', at) - at - 6);
}

TEST(LoadLimits, AtAndPast) {
  const std::vector<Part> csv = {{"t.csv", "a,b\n1,2\n3,4\n"}};
  EXPECT_EQ(code_of(csv, {.max_rows = 1}), "QRY0012");
  EXPECT_EQ(load(csv, {.max_rows = 2}), load(csv));
  EXPECT_EQ(code_of(csv, {.max_bytes = 5}), "FIL0003");
  EXPECT_EQ(load(csv, {.max_bytes = 12}), load(csv));
  const std::vector<Part> json = {{"t.json", R"([{"a":1,"b":2},{"c":3}])"}};
  EXPECT_EQ(code_of(json, {.max_columns = 2}), "QRY0012");
  EXPECT_EQ(load(json, {.max_columns = 3}), load(json));
  EXPECT_EQ(code_of(json, {.max_answer_bytes = 10}), "DOC0103");
  const std::vector<Part> deep = {{"t.json", R"([{"a":[[[1]]]}])"}};
  EXPECT_EQ(code_of(deep, {.max_depth = 3}), "QRY0011");
}

TEST(Load, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  TableLoader loader({.stop = stop.get_token()});
  std::string text = "a\n";
  for (int i = 0; i < 10'000; ++i)
    text += "1\n";
  std::istringstream stream(text);
  const Result<void> done = loader.add("T", stream, "t.csv");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "QRY0004");
}

TEST(Load, FileThatIsNotThere) {
  TableLoader loader({});
  EXPECT_EQ(loader.add("T", "nowhere.csv").error().code, "DOC0001");
}

// Many texts, equal and different ones: they come back as they were.
TEST(TextCells, KeepTheirTexts) {
  for (const int different : {1, 10, 5'000, 1'000'000}) {
    TextCells cells;
    for (int i = 0; i < 200'000; ++i)
      cells.append(fmt::format("text {}", i % different));
    cells.seal();
    ASSERT_EQ(cells.size(), 200'000U);
    EXPECT_EQ(cells.shared(), different < 100'000);
    for (int i = 0; i < 200'000; ++i)
      ASSERT_EQ(cells[static_cast<std::size_t>(i)], fmt::format("text {}", i % different));
  }
}

TEST(PackedColumn, EveryTypeComesBack) {
  const std::vector<kql::Value> values = {
      kql::Value::of_bool(true),
      kql::Value::of_int(-5),
      kql::Value::of_long(INT64_MIN),
      kql::Value::of_real(-0.0),
      kql::Value::of_decimal(*kql::Decimal::read("-12.5")),
      kql::Value::of_string("text"),
      kql::Value::of_datetime(1),
      kql::Value::of_timespan(-1),
      kql::Value::of_guid(*kql::read_guid("00112233-4455-6677-8899-aabbccddeeff")),
      kql::Value::of_dynamic(R"({"a":[1]})")};
  for (const kql::Value& value : values) {
    PackedColumn column(value.type());
    column.append(value);
    column.append(kql::Value::null(value.type()));
    column.append(value);
    column.seal();
    const Cells cells = column.cells();
    ASSERT_EQ(cells.size(), 3U);
    EXPECT_TRUE(cells[0].same_as(value)) << kql::type_name(value.type());
    EXPECT_TRUE(cells[1].same_as(kql::Value::null(value.type()))) << kql::type_name(value.type());
    EXPECT_TRUE(cells[2].same_as(value)) << kql::type_name(value.type());
  }
}

}  // namespace
}  // namespace redoubt::query
