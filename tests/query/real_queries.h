#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "kql/schemas.h"
#include "query/external_data.h"
#include "query/memory_tables.h"
#include "query/run.h"

namespace redoubt::query {

/// A query of the corpus whose columns are known.
struct RealQuery {
  std::string id;
  std::string text;
};

/// Rows of each made-up table, and when it is.
inline constexpr std::size_t kMadeUpRows = 50;
inline constexpr Instant kCorpusNow{638'400'000'000'000'000};
/// So many tests go through the corpus, each a slice of it.
inline constexpr std::size_t kSlices = 16;

/// Whether all of the corpus is wanted (REDOUBT_WHOLE_CORPUS=1, as in make corpora).
bool is_whole_corpus();
/// The queries of a slice: of all of them, or of `sample` taken evenly; in the order of their ids.
/// REDOUBT_CORPUS_QUERY=id takes that one alone, in every slice.
std::vector<RealQuery> real_queries(const std::filesystem::path& folder, std::size_t sample,
                                    std::size_t slice);

kql::Schemas real_schemas(const std::filesystem::path& folder);

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

/// The rows of an answer as a sorted list of texts. The order of elements in arrays does not count.
std::vector<std::string> rows_of(const Answer& answer);

/// Whether something in it may take any of several rows: take, arg_max, an innerunique join ...
bool is_free(std::string_view query, const kql::Environment& environment);

}  // namespace redoubt::query
