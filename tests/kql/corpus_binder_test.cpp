#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "doc/json.h"
#include "doc/sources.h"
#include "kql/analysis.h"
#include "testing/paths.h"

namespace redoubt::kql {
namespace {

using Columns = std::vector<std::pair<std::string, std::string>>;

/// A file of the corpus as JSON Lines, with the text that its values are parts of.
struct Lines {
  explicit Lines(const std::filesystem::path& file) {
    Reading<doc::LineDocument> read =
        doc::read_json_lines(sources, file.filename().string(), redoubt::testing::read_file(file));
    EXPECT_FALSE(read.has_errors()) << file;
    document = std::move(read.value);
  }

  doc::Sources sources;
  doc::LineDocument document;
};

doc::Value json_of(const std::filesystem::path& file, Arena& arena) {
  const Result<doc::Value> out = doc::parse_json(arena, arena.copy(redoubt::testing::read_file(file)));
  EXPECT_TRUE(out.has_value()) << file;
  return out ? *out : doc::Value();
}

std::map<std::string, std::string> queries_of(const std::filesystem::path& file) {
  const Lines lines(file);
  std::map<std::string, std::string> out;
  for (const doc::Value& row : lines.document.rows)
    out.emplace(row.text_of("id").value_or(""), row.text_of("query").value_or(""));
  return out;
}

void add_tables(const std::filesystem::path& file, Schemas& schemas) {
  Arena arena;
  const doc::Sources sources;
  EXPECT_TRUE(schemas.add(json_of(file, arena), sources).empty());
}

Columns columns_of(const Relation* rows) {
  Columns out;
  if (rows == nullptr) return out;
  for (const Column* column : rows->columns)
    out.emplace_back(column->name, type_name(column->type));
  return out;
}

/// `l` is long, `s` string ...
std::string type_of_letter(std::string_view letter) {
  static const std::map<std::string_view, std::string_view> kLetters = {
      {"s", "string"},   {"l", "long"}, {"i", "int"},  {"r", "real"},    {"t", "datetime"},
      {"n", "timespan"}, {"b", "bool"}, {"g", "guid"}, {"d", "dynamic"}, {"m", "decimal"}};
  const auto found = kLetters.find(letter);
  return std::string(found == kLetters.end() ? "unknown" : found->second);
}

std::string text_of(const Columns& columns) {
  std::string out;
  for (const auto& [name, type] : columns)
    out += name + ":" + type + " ";
  return out;
}

/// Microsoft's binder lists a column that parse makes anew beside the old one of its name; its engine puts it
/// in the old one's place.
void take_place(Columns& columns, std::string name, std::string type) {
  for (auto& [known, known_type] : columns)
    if (known == name) {
      known_type = std::move(type);
      return;
    }
  columns.emplace_back(std::move(name), std::move(type));
}

/// As it is written: `["a:l"]`, or `"@T"`, the columns of a table in any order.
bool agrees(const doc::Value& expected, Columns got, const Schemas& schemas, std::string& wanted_text) {
  Columns wanted;
  if (expected.is_string()) {
    wanted = columns_of(schemas.find(expected.as_string().substr(1)));
    std::sort(wanted.begin(), wanted.end());
    std::sort(got.begin(), got.end());
  } else {
    for (const doc::Value& one : expected.items()) {
      const std::string_view text = one.as_string();
      const std::size_t colon = text.rfind(':');
      take_place(wanted, std::string(text.substr(0, colon)), type_of_letter(text.substr(colon + 1)));
    }
  }
  wanted_text = text_of(wanted);
  return got == wanted;
}

TEST(CorpusBinder, RealQueriesHaveTheColumnsMicrosoftsBinderGives) {
  const auto folder = redoubt::testing::corpora("kql");
  if (!folder) return;
  Schemas schemas;
  add_tables(*folder / "table-schemas.json", schemas);
  const std::map<std::string, std::string> queries = queries_of(*folder / "real-queries.jsonl");
  const Lines expected(*folder / "real-queries-schema.jsonl");
  std::size_t equal = 0;
  std::size_t all = 0;
  std::size_t faulty = 0;
  for (const doc::Value& row : expected.document.rows) {
    const std::string id(row.text_of("id").value_or(""));
    const Analysis analysis = analyze(queries.at(id), schemas);
    std::string wanted;
    ++all;
    faulty += analysis.ok() ? 0U : 1U;
    if (agrees(*row.find("result"), columns_of(analysis.result()), schemas, wanted)) {
      ++equal;
      continue;
    }
    std::cout << id << " is " << text_of(columns_of(analysis.result())).substr(0, 200) << "\n    not "
              << wanted.substr(0, 200) << "\n";
  }
  std::cout << equal << " of " << all << " equal, " << faulty << " with errors\n";
  EXPECT_EQ(all, 4'410u);
  // Not those that have getyear(), monthofyear() or datetime_part() as int: the engine gives a long.
  EXPECT_GE(equal, 4'359u);
  EXPECT_LE(faulty, 11u);
}

/// The columns the emulator answered with.
Columns emulator_columns(const doc::Value& row) {
  static const std::map<std::string_view, std::string_view> kTypes = {
      {"Int64", "long"},        {"Int32", "int"},          {"SByte", "bool"},    {"Double", "real"},
      {"DateTime", "datetime"}, {"SqlDecimal", "decimal"}, {"String", "string"}, {"Guid", "guid"},
      {"TimeSpan", "timespan"}, {"Object", "dynamic"}};
  Columns out;
  const auto names = row.find("columns")->items();
  const auto types = row.find("net_types")->items();
  for (std::size_t i = 0; i < names.size(); ++i)
    out.emplace_back(names[i].as_string(), kTypes.at(types[i].as_string()));
  return out;
}

TEST(CorpusBinder, DocumentedExamplesHaveTheirColumns) {
  const auto folder = redoubt::testing::corpora("kql");
  if (!folder) return;
  const std::map<std::string, std::string> queries = queries_of(*folder / "docs-examples.jsonl");
  const Lines answers(*folder / "emulator-results.jsonl");
  std::map<std::string, Columns> emulator;
  for (const doc::Value& row : answers.document.rows) {
    emulator[std::string(row.text_of("id").value_or(""))] = emulator_columns(row);
    if (const doc::Value* const also = row.find("also"))
      for (const doc::Value& id : also->items())
        emulator[std::string(id.as_string())] = emulator_columns(row);
  }
  Arena arena;
  const doc::Value types = json_of(*folder / "docs-types.json", arena);
  const Schemas none;
  std::size_t equal = 0;
  std::size_t all = 0;
  for (const doc::Member& member : types.members()) {
    Columns documented;
    for (const doc::Value& one : member.value.items())
      documented.emplace_back(one.items()[0].as_string(), one.items()[1].as_string());
    const std::string id(member.name);
    const auto measured = emulator.find(id);
    const Columns got = columns_of(analyze(queries.at(id), none).result());
    ++all;
    if (got == documented || (measured != emulator.end() && got == measured->second)) {
      ++equal;
      continue;
    }
    std::cout << id << " is " << text_of(got) << "\n    not "
              << text_of(measured == emulator.end() ? documented : measured->second) << "\n";
  }
  std::cout << equal << " of " << all << " equal\n";
  EXPECT_EQ(all, 817u);
  EXPECT_GE(equal, 808u);
}

std::string everything_of(const Analysis& analysis) {
  std::string out = text_of(columns_of(analysis.result()));
  for (const TableUse& use : analysis.table_uses()) {
    out += use.table;
    for (const std::string_view column : use.columns)
      out += "," + std::string(column);
    out += "\n";
  }
  for (const Problem& problem : analysis.syntax.problems)
    out += std::string(problem.code) + std::to_string(problem.offset) + problem.message + problem.hint + "\n";
  return out;
}

TEST(CorpusBinder, EveryRealQueryIsBoundTheSameWayAgain) {
  const auto folder = redoubt::testing::corpora("kql");
  if (!folder) return;
  Schemas schemas;
  add_tables(*folder / "table-schemas.json", schemas);
  const Schemas none;
  const std::map<std::string, std::string> queries = queries_of(*folder / "real-queries.jsonl");
  std::size_t ok = 0;
  for (const auto& [id, query] : queries) {
    const Analysis first = analyze(query, schemas);
    ASSERT_EQ(everything_of(first), everything_of(analyze(query, schemas))) << id;
    const Analysis open = analyze(query, none);
    ASSERT_EQ(everything_of(open), everything_of(analyze(query, none))) << id;
    ok += open.ok() ? 1U : 0U;
  }
  std::cout << queries.size() << " queries bound, " << ok << " without errors when any table is known\n";
  EXPECT_EQ(queries.size(), 9'783u);
}

}  // namespace
}  // namespace redoubt::kql
