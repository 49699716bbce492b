#include "event_folder.h"

#include <cstdlib>
#include <string>

#include "kql/pattern.h"
#include "query/sql/event_catalog.h"
#include "query/sql/sql_tables.h"

namespace redoubt::query {

void EventFolder::SetUp() {
  std::string pattern = (std::filesystem::temp_directory_path() / "redoubt-events-XXXXXX").string();
  folder_ = mkdtemp(pattern.data());
  Result<std::unique_ptr<store::EmbeddedEngine>> engine =
      store::EmbeddedEngine::open({.data_directory = folder_ / "events"});
  const char* required = std::getenv("REDOUBT_REQUIRE_CORPORA");
  const bool must = required != nullptr && std::string_view(required) == "1";
  if (!engine && (engine.error().code == "STO0001" || engine.error().code == "STO0002") && !must)
    GTEST_SKIP() << engine.error().text();
  ASSERT_TRUE(engine) << engine.error().text();
  engine_ = *std::move(engine);
  tables_.emplace(*store::EventTables::open(*engine_));
  loads_.emplace(*state::Loads::open(folder_.string()));
}

void EventFolder::TearDown() {
  tables_.reset();
  engine_.reset();
  std::filesystem::remove_all(folder_);
}

Result<Answer> EventFolder::ask(std::string_view query) {
  const sql::EventCatalog catalog(*tables_);
  sql::SqlTables source(*engine_, catalog, {});
  RunOptions options;
  kql::PatternCache patterns;
  options.evaluation.patterns = &patterns;
  options.evaluation.now = kNow;
  options.rewrites.context = &options.evaluation;
  return run(query, sql::schemas_of(*tables_), source, options);
}

}  // namespace redoubt::query
