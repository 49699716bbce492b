#include <fmt/format.h>

#include <algorithm>

#include "query/detail/plugin.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "dcount_intersect plugin". How many values sets have in common
// follows from how many their unions have.

namespace {

using kql::Value;

constexpr std::size_t kMostSets = 16;

/// Works out how many values the first 1, 2, ... of several sketches share.
class Intersections {
 public:
  Intersections(const PluginCall& call, const kql::Function& merge, const kql::Function& count)
      : call_(call), merge_(merge), count_(count) {}

  Result<std::vector<std::int64_t>> run(const std::vector<Value>& sketches) {
    totals_.assign(sketches.size(), 0);
    RD_TRY(add_unions(sketches, 0, nullptr, 1));
    // The unions among the first sets, those of an even number with a minus, are what all of these share. The
    // counts are estimates, so that it may come out below zero.
    std::vector<std::int64_t> out;
    out.reserve(totals_.size());
    std::int64_t sum = 0;
    for (const std::int64_t total : totals_)
      out.push_back(std::max<std::int64_t>(sum += total, 0));
    return out;
  }

 private:
  /// All unions of what there is with sketches from `from` on; one that ends with a sketch counts there.
  Result<void> add_unions(const std::vector<Value>& sketches, std::size_t from, const Value* before,
                          std::int64_t sign) {
    for (std::size_t i = from; i < sketches.size(); ++i) {
      RD_TRY(call_.budget().spend(1));
      Value united = sketches[i];
      if (before != nullptr) {
        const Value both[] = {*before, sketches[i]};
        united = RD_TRY(kql::evaluate(merge_, both, call_.executor().evaluation()));
      }
      const Value number = RD_TRY(kql::evaluate(count_, {&united, 1}, call_.executor().evaluation()));
      totals_[i] += sign * (number.is_null() ? 0 : number.as_long());
      RD_TRY(add_unions(sketches, i + 1, &united, -sign));
    }
    return {};
  }

  const PluginCall& call_;
  const kql::Function& merge_;
  const kql::Function& count_;
  std::vector<std::int64_t> totals_;
};

Result<Table> dcount_intersect(const PluginCall& call) {
  const std::vector<std::shared_ptr<const Cells>> sketches = RD_TRY(call.all_cells("hll"));
  if (sketches.size() > kMostSets)
    return refused(fmt::format("dcount_intersect takes at most {} sets", kMostSets));
  const kql::Function* const merge = kql::find_function("hll_merge", kql::FunctionKind::Scalar);
  const kql::Function* const count = kql::find_function("dcount_hll", kql::FunctionKind::Scalar);
  if (merge == nullptr || count == nullptr || !kql::can_evaluate(*merge) || !kql::can_evaluate(*count))
    return unsupported("the plugin dcount_intersect");
  std::vector<Cells> cells(sketches.size());
  std::vector<Value> of_row(sketches.size());
  for (std::size_t row = 0; row < call.rows(); ++row) {
    for (std::size_t i = 0; i < sketches.size(); ++i)
      of_row[i] = (*sketches[i])[row];
    const std::vector<std::int64_t> counts = RD_TRY(Intersections(call, *merge, *count).run(of_row));
    for (std::size_t i = 0; i < counts.size(); ++i)
      cells[i].push_back(Value::of_long(counts[i]));
  }
  Table out = call.input();
  const kql::ColumnList columns = call.relation().columns;
  for (std::size_t i = 0; i < cells.size(); ++i)
    out.set(columns[columns.size() - cells.size() + i], std::make_shared<const Cells>(std::move(cells[i])));
  return out;
}

constexpr PluginRow kRows[] = {{"dcount_intersect", dcount_intersect}};

}  // namespace

PluginRows sketch_plugins() { return kRows; }

}  // namespace redoubt::query::detail
