#include "kql/schemas.h"

#include <gtest/gtest.h>

#include <string>

#include "doc/json.h"

namespace redoubt::kql {
namespace {

/// Codes of what is wrong with a file, then the tables that it left.
std::string added(const std::string& text) {
  doc::Sources sources;
  const auto file = doc::read_json(sources, "tables.json", text);
  EXPECT_TRUE(file);
  Schemas schemas;
  std::string out;
  for (const Diagnostic& diagnostic : schemas.add(file->value.root, sources))
    out += diagnostic.code + " ";
  for (const Relation* table : schemas.tables())
    out += std::string(table->name) + std::to_string(table->columns.size());
  return out;
}

TEST(KqlSchemas, AFileWithoutTablesIsTold) {
  EXPECT_EQ(added(R"({"LogAnalytics": {"T": {"a": "long"}}})"), "T1");
  EXPECT_EQ(added(R"({"LogAnalytics": {}, "source": "any"})"), "");
  EXPECT_EQ(added(R"({"source": "any"})"), "KQL0502 ");
  EXPECT_EQ(added("{}"), "KQL0502 ");
  EXPECT_EQ(added("[]"), "KQL0502 ");
}

TEST(KqlSchemas, TablesMayStandByThemselves) {
  EXPECT_EQ(added(R"({"T": {"a": "long"}, "U": {"b": "string", "c": "int"}})"), "T1U2");
  EXPECT_EQ(added(R"({"source": "any", "T": {"a": "lnog"}})"), "KQL0501 T0");
}

TEST(KqlSchemas, WhatIsWrongInATableLeavesTheRest) {
  EXPECT_EQ(added(R"({"LogAnalytics": {"T": {"a": "lnog", "b": "string"}, "U": 5}})"), "KQL0501 KQL0502 T1");
  EXPECT_EQ(added(R"({"LogAnalytics": [], "ResourceGraph": {"resources": {"id": "string"}}})"),
            "KQL0502 resources1");
}

TEST(KqlSchemas, TablesOfResourceGraphAreFoundInAnyCase) {
  Schemas schemas;
  schemas.add_table("Resources", {{"id", Type::String}}, true);
  schemas.add_table("Events", {{"a", Type::Long}});
  EXPECT_NE(schemas.find("RESOURCES"), nullptr);
  EXPECT_EQ(schemas.find("events"), nullptr);
  schemas.add_table("Events", {{"a", Type::Long}, {"b", Type::Long}});
  ASSERT_EQ(schemas.tables().size(), 2U);
  EXPECT_EQ(schemas.find("Events")->columns.size(), 2U);
}

}  // namespace
}  // namespace redoubt::kql
