#include "query/sql/explain.h"

#include <fmt/format.h>

#include <set>

#include "core/text.h"
#include "query/limits.h"
#include "query/memory_tables.h"
#include "query/sql/relation_sql.h"

namespace redoubt::query::sql {

using kql::Relation;

namespace {

/// What is above the SQL, and the SQL below it.
class Explanation {
 public:
  Explanation(RelationSql& sql, SqlShare& share) : sql_(sql), share_(share) {}

  void add(const Relation& result) {
    std::vector<const Relation*> todo{&result};
    std::string memory;
    while (!todo.empty()) {
      const Relation* const at = todo.back();
      todo.pop_back();
      if (!seen_.insert(at).second) continue;
      if (const std::optional<SqlQuery> query = sql_.query(*at)) {
        ++share_.statements;
        out_ += query->text + "\n";
        continue;
      }
      ++share_.operators_in_memory;
      memory = fmt::format("in memory: {}\n{}", on_one_line(at->text).substr(0, kMaxText), memory);
      if (const std::optional<SqlQuery> likely = sql_.likely(*at)) {
        ++share_.statements;
        out_ += likely->text + "\n";
        continue;
      }
      todo.insert(todo.end(), at->inputs.rbegin(), at->inputs.rend());
    }
    out_ += memory;
  }

  std::string take() { return std::move(out_); }

 private:
  static constexpr std::size_t kMaxText = 200;

  RelationSql& sql_;
  SqlShare& share_;
  std::set<const Relation*> seen_;
  std::string out_;
};

}  // namespace

Result<std::string> explain(const kql::Analysis& analysis, const Catalog& catalog,
                            const kql::EvaluationContext& evaluation, SqlShare* share) {
  MemoryTables none;
  Budget budget({}, {});
  detail::Executor executor(analysis, none, evaluation, budget);
  RelationSql sql(executor, catalog);
  SqlShare own;
  Explanation out(sql, share == nullptr ? own : *share);
  for (const kql::Expression* result : analysis.results)
    for (const Relation* rows : result->relations)
      out.add(*rows);
  return out.take();
}

}  // namespace redoubt::query::sql
