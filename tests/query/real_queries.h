#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "kql/pattern.h"
#include "kql/schemas.h"
#include "query/external_data.h"
#include "query/memory_tables.h"
#include "query/run.h"
#include "store/embedded.h"

namespace redoubt::query {

/// A query of the corpus whose columns are known.
struct RealQuery {
  std::string id;
  std::string text;
};

/// Rows of each made-up table, and when it is.
inline constexpr std::size_t kMadeUpRows = 50;
inline constexpr Instant kCorpusNow{638'400'000'000'000'000};
/// Whether all of the corpus is wanted (REDOUBT_WHOLE_CORPUS=1, as in make corpora).
bool is_whole_corpus();
/// The real queries, their tables, and an engine to ask.
struct RealCorpus {
  /// Nothing, with a line that says so: the corpora or the engine are not here.
  static std::optional<RealCorpus> open();

  /// The queries of a part of so many: of all of them, or of `sample` taken evenly; in the order of their
  /// ids. REDOUBT_CORPUS_QUERY=id takes that one alone, in every part.
  std::vector<RealQuery> queries(std::size_t sample, std::size_t part, std::size_t parts) const;

  std::filesystem::path folder;
  std::unique_ptr<store::EmbeddedEngine> engine;
  kql::Schemas schemas;
};

/// Made-up rows of the tables that a query reads.
void add_tables_of(const RealQuery& query, const kql::Schemas& schemas, MemoryTables& out);

/// Files that nobody has: made-up rows.
class MadeUpFiles : public ExternalData {
 public:
  explicit MadeUpFiles(std::string_view query) : query_(query) {}
  Result<Table> read(const std::vector<std::string>& addresses, const kql::Relation& relation) override;

 private:
  std::string_view query_;
};

/// What a query is asked with: its made-up files stand beside its tables while this lives.
struct RealRun {
  RealRun(const RealQuery& query, MemoryTables& tables);
  RealRun(const RealRun&) = delete;
  RealRun& operator=(const RealRun&) = delete;

  MadeUpFiles files;
  kql::PatternCache patterns;
  RunOptions options;
};

/// The rows of an answer as a sorted list of texts. The order of elements in arrays does not count.
std::vector<std::string> rows_of(const Answer& answer);

/// Whether something in it may take any of several rows: take, arg_max, an innerunique join ...
bool is_free(std::string_view query, const kql::Environment& environment);

}  // namespace redoubt::query
