#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "render.h"
#include "store/detail/library.h"
#include "store/embedded.h"

namespace redoubt::store {

/// A folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "redoubt-store-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  std::string text() const { return path_.string(); }
  std::string operator/(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// Marks the running test as skipped where the engine is not installed or can't run, or as failed when it has
/// to be there (REDOUBT_REQUIRE_CORPORA=1).
class EngineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!detail::library_can_run()) GTEST_SKIP() << "the event engine can't run in a build with sanitizers";
    const Result<std::string> library = find_engine_library();
    if (library) return;
    const char* required = std::getenv("REDOUBT_REQUIRE_CORPORA");
    if (required != nullptr && std::string_view(required) == "1") FAIL() << library.error().text();
    GTEST_SKIP() << library.error().text();
  }

  /// Fails the test where it does not open.
  std::unique_ptr<EmbeddedEngine> open(const EmbeddedOptions& options = {}) {
    Result<std::unique_ptr<EmbeddedEngine>> engine = EmbeddedEngine::open(options);
    if (engine) return *std::move(engine);
    ADD_FAILURE() << engine.error().text();
    return nullptr;
  }
};

/// The rows of a query, with the columns in front, or the error.
inline std::string answer(EventEngine& engine, const Query& query, const std::stop_token& stop = {}) {
  Block all;
  const BlockSink sink = [&](const Block& block) -> Result<void> {
    if (all.columns.empty()) all = make_block(shapes_of(block));
    RD_TRY(check_block(block, shapes_of(all)));
    append_rows(all, block);
    return {};
  };
  const Result<QueryStatistics> done = engine.query(query, sink, stop);
  return done ? to_text(all) : done.error().text();
}

inline std::string answer(EventEngine& engine, std::string sql) {
  return answer(engine, Query{.sql = std::move(sql)});
}

/// The code of what went wrong, or `done`.
inline std::string code_of(const auto& result) { return result ? "done" : result.error().code; }

inline std::string run(EventEngine& engine, std::string sql) {
  const Result<QueryStatistics> done = engine.execute(Query{.sql = std::move(sql)}, {});
  return done ? "done" : done.error().text();
}

}  // namespace redoubt::store
