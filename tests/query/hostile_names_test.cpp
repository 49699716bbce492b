#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include "core/utf8.h"
#include "doc/json.h"
#include "event_folder.h"
#include "hostile_values.h"
#include "query/load_events.h"

// Names and texts that mean something in SQL, JSON or to the engine come back from a table of events exactly
// as they went in, whether SQL or the memory says the query.

namespace redoubt::query {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSeed = 7;

using namespace std::string_literals;

/// What hostile texts are made of.
const std::vector<std::string>& parts() {
  static const std::vector<std::string> all = {"'",
                                               "''",
                                               "\"",
                                               "`",
                                               "``",
                                               "\\",
                                               "\\'",
                                               "\\`",
                                               "\0"s,
                                               "\n",
                                               "\r\n",
                                               "\t",
                                               "--",
                                               "-- x",
                                               "/*",
                                               "*/",
                                               "#",
                                               ";",
                                               "{p:T}",
                                               "{p:String}",
                                               "{{",
                                               "}",
                                               "$1",
                                               "?",
                                               "%s",
                                               "%",
                                               "_",
                                               "\\x41",
                                               "\\u0041",
                                               "\\N",
                                               "SELECT",
                                               "from",
                                               "NULL",
                                               "rd_1",
                                               "rd_o",
                                               "rd_x",
                                               "rd_v2",
                                               "_part",
                                               "_partition_id",
                                               "c0",
                                               "events",
                                               "true",
                                               "☃",
                                               "😀",
                                               "\u0301",
                                               "\u202e",
                                               "\ufeff",
                                               "\u0130",
                                               "ſ",
                                               "\u2028",
                                               "[",
                                               "]",
                                               "['x']",
                                               ".",
                                               "..",
                                               "$",
                                               "@",
                                               " ",
                                               "  ",
                                               "a",
                                               "A",
                                               "1",
                                               "-1",
                                               "0x1F",
                                               "1e9",
                                               "\x7f",
                                               "\x01",
                                               "\x1b[31m",
                                               "|",
                                               "DROP TABLE events.T",
                                               "') OR 1=1 --",
                                               "toString(1)",
                                               "*",
                                               "COLUMNS('.*')",
                                               "tuple.1",
                                               "a.b",
                                               "TimeGenerated"};
  return all;
}

std::string made(std::mt19937_64& chance) {
  std::string out;
  for (std::size_t i = 1 + chance() % 4; i != 0; --i)
    out += parts()[chance() % parts().size()];
  return out;
}

/// Every part alone, long ones, and some put together.
std::vector<std::string> hostile_texts(std::size_t more) {
  std::vector<std::string> out = parts();
  out.push_back(std::string(5'000, 'x'));
  out.push_back(std::string(300, '\'') + std::string(300, '\\'));
  std::mt19937_64 chance(kSeed);
  while (more-- != 0)
    out.push_back(made(chance));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::string json_text(std::string_view text) {
  doc::JsonWriter json;
  json.text(text);
  return json.take();
}

class HostileNames : public EventFolder {
 protected:
  void load(const std::string& table, std::string_view text) {
    const fs::path file = folder_ / fmt::format("{}.jsonl", ++files_);
    std::ofstream(file, std::ios::binary) << text;
    std::vector<Diagnostic> diagnostics;
    EventLoadOptions options;
    options.now = kNow;
    const Result<LoadedEvents> done =
        EventFiles(*tables_, *loads_, options).load(table, file.string(), diagnostics);
    ASSERT_TRUE(done) << done.error().text();
  }

  /// The only cell of an answer, as text; its column's name is looked at, where one is given.
  std::string cell(std::string_view query, const std::string* name = nullptr) {
    const Result<Answer> answer = ask(query);
    if (!answer) return answer.error().text();
    const ResultTable& table = answer->tables.at(0);
    if (table.rows != 1 || table.columns.size() != 1) return fmt::format("{} rows", table.rows);
    if (name != nullptr) {
      EXPECT_EQ(table.columns[0].first, *name);
    }
    return kql::to_text(table.cells[0][0]);
  }

  int files_ = 0;
};

std::string bracketed(std::string_view name) { return "[" + text_literal(name) + "]"; }

TEST_F(HostileNames, OfColumnsOfTables) {
  const std::vector<std::string> names = hostile_texts(60);
  std::string row = "{\"only\":1";
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] != "TimeGenerated") row += fmt::format(",{}:{}", json_text(names[i]), i + 100);
  load("T", row + "}\n");
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == "TimeGenerated") continue;
    SCOPED_TRACE(json_text(names[i]));
    const std::string column = bracketed(names[i]);
    const std::string want = std::to_string(i + 100);
    EXPECT_EQ(cell(fmt::format("T | where {0} == {1} | project {0}", column, want), &names[i]), want);
    EXPECT_EQ(cell(fmt::format("T | summarize by {0}", column), &names[i]), want);
  }
}

TEST_F(HostileNames, OfColumnsThatAQueryMakes) {
  load("T", "{\"only\":1}\n");
  for (const std::string& name : hostile_texts(100)) {
    SCOPED_TRACE(json_text(name));
    const std::string column = bracketed(name);
    EXPECT_EQ(cell(fmt::format("T | extend {0} = only + 1 | where {0} == 2 | project {0}", column), &name),
              "2");
    EXPECT_EQ(cell(fmt::format("T | summarize {0} = sum(only) by k = 1 | project {0}", column), &name), "1");
    EXPECT_EQ(cell(fmt::format("T | project {0} = only | join kind=inner (T | project {0} = only) on {0} | "
                               "project {0}",
                               column),
                   &name),
              "1");
    EXPECT_EQ(cell(fmt::format("let {0} = 5; T | project x = {0} + only", column)), "6");
  }
}

TEST_F(HostileNames, OfTables) {
  const std::vector<std::string> names = hostile_texts(0);
  std::size_t made = 0;
  for (const std::string& name : names) {
    SCOPED_TRACE(json_text(name));
    load(name, fmt::format("{{\"v\":{}}}\n", ++made));
    EXPECT_EQ(cell(bracketed(name) + " | project v"), std::to_string(made));
  }
  // As another one finds them.
  tables_.emplace(*store::EventTables::open(*engine_));
  made = 0;
  for (const std::string& name : names)
    EXPECT_EQ(cell(bracketed(name) + " | project v"), std::to_string(++made)) << json_text(name);
}

TEST_F(HostileNames, OfTextsAndKeysOfBags) {
  const std::vector<std::string> texts = hostile_texts(150);
  std::string rows;
  for (std::size_t i = 0; i < texts.size(); ++i)
    rows += fmt::format("{{\"n\":{0},\"s\":{1},\"d\":{{{1}:{1},\"more\":{0}}}}}\n", i, json_text(texts[i]));
  load("T", rows);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    SCOPED_TRACE(json_text(texts[i]));
    const std::string text = text_literal(texts[i]);
    const std::string number = std::to_string(i);
    EXPECT_EQ(cell(fmt::format("T | where s == {} | project n", text)), number);
    EXPECT_EQ(cell(fmt::format("T | where n == {} | project s", i)), texts[i]);
    EXPECT_EQ(cell(fmt::format("T | where n == {} | project x = strcat({}, '')", i, text)), texts[i]);
    EXPECT_EQ(cell(fmt::format("T | where n == {} and s in ({}, 'other') | project n", i, text)), number);
    EXPECT_EQ(cell(fmt::format("T | where n == {} | project x = tostring(d[{}])", i, text)), texts[i]);
    EXPECT_EQ(cell(fmt::format("T | where n == {} and d[{}] == {} | count", i, text, text)), "1");
    EXPECT_EQ(cell(fmt::format(
                  "T | where n == {0} | extend e = bag_pack({1}, n) | project x = tolong(e[{1}])", i, text)),
              number);
  }
}

/// Every character there is goes through a statement and back, some thousand at a time.
TEST_F(HostileNames, OfAllOfUnicode) {
  load("T", "{\"only\":1}\n");
  constexpr char32_t kEnd = 0x110000;
  std::string text;
  for (char32_t at = 1; at < kEnd; ++at) {
    if (at < 0xD800 || at > 0xDFFF) append_utf8(text, at);
    if (text.size() < 16'000 && at + 1 != kEnd) continue;
    EXPECT_EQ(cell(fmt::format("T | project x = strcat({}, tostring(only))", text_literal(text))), text + "1")
        << static_cast<std::uint32_t>(at);
    text.clear();
  }
}

}  // namespace
}  // namespace redoubt::query
