#include <algorithm>
#include <boost/unordered/unordered_flat_set.hpp>

#include "kql/detail/plan_map.h"
#include "kql/detail/rewrites.h"
#include "kql/plan_walk.h"
#include "kql/union_columns.h"

namespace redoubt::kql::detail {

namespace {

// A union that is longer, or that makes more columns of its inputs together, is more work for an engine to
// plan than its parts.
constexpr std::size_t kMaxInputs = 100;
constexpr std::size_t kMaxColumns = 300;

/// A condition that no row fulfils.
bool is_never(const Expression& condition) {
  if (condition.kind != ExpressionKind::Literal) return false;
  const std::optional<Value> known = literal_value(condition);
  return known && (known->is_null() || (known->is(Type::Bool) && !known->as_bool()));
}

bool is_empty(const Relation& rows) {
  if (rows.op != NodeKind::Filter || rows.arguments.empty()) return false;
  const std::vector<const Expression*> conditions = conjuncts_of(rows.arguments.front());
  return std::any_of(conditions.begin(), conditions.end(),
                     [](const Expression* condition) { return is_never(*condition); });
}

class ArrangeUnions : public PlanMap {
 public:
  using PlanMap::PlanMap;

 protected:
  const Relation* map(const Relation* rows, const Relation&) override {
    if (rows->op != NodeKind::Union || rows->open || rows->inputs.size() < 2) return rows;
    return bundled(without_empty(rows));
  }

 private:
  const Relation* without_empty(const Relation* rows) {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < rows->inputs.size(); ++i)
      if (!is_empty(*rows->inputs[i])) kept.push_back(i);
    if (kept.empty()) kept.push_back(0);
    return kept.size() == rows->inputs.size() ? rows : with_inputs(*rows, kept);
  }

  /// With some of its inputs.
  Relation* with_inputs(const Relation& rows, const std::vector<std::size_t>& numbers) {
    std::vector<const Relation*> inputs;
    std::vector<std::string_view> sources;
    for (const std::size_t i : numbers) {
      inputs.push_back(rows.inputs[i]);
      if (!rows.sources.empty()) sources.push_back(rows.sources[i]);
    }
    Relation* const out = copy(rows);
    out->inputs = keep(inputs);
    out->sources = keep(sources);
    return out;
  }

  /// A union of unions, none of which is too long.
  const Relation* bundled(const Relation* rows) {
    const UnionColumns columns(*rows);
    std::vector<const Relation*> bundles;
    std::vector<std::size_t> numbers;               // of the inputs of the next bundle
    boost::unordered_flat_set<std::size_t> places;  // of the columns that these have
    for (std::size_t i = 0; i < rows->inputs.size(); ++i) {
      boost::unordered_flat_set<std::size_t> wider = places;
      for (const Column* column : rows->inputs[i]->columns)
        if (const auto place = columns.place_of(*column)) wider.insert(*place);
      const std::size_t count = numbers.size() + 1;
      if (count > 1 && (count > kMaxInputs || count * wider.size() > kMaxColumns)) {
        bundles.push_back(bundle(*rows, numbers, places));
        numbers.clear();
        places.clear();
        --i;  // it begins the next one
        continue;
      }
      numbers.push_back(i);
      places = std::move(wider);
    }
    if (bundles.empty()) return rows;
    bundles.push_back(bundle(*rows, numbers, places));
    Relation* const out = copy(*rows);
    out->inputs = keep(bundles);
    out->source = nullptr;  // it comes with them
    out->sources = {};
    return out;
  }

  /// With some of its inputs, and the columns that these have.
  const Relation* bundle(const Relation& rows, const std::vector<std::size_t>& inputs,
                         const boost::unordered_flat_set<std::size_t>& places) {
    std::vector<const Column*> columns;
    for (std::size_t place = 0; place < rows.columns.size(); ++place)
      if (places.contains(place) || rows.columns[place] == rows.source)
        columns.push_back(rows.columns[place]);
    Relation* const out = with_inputs(rows, inputs);
    out->columns = keep(columns);
    out->name = {};
    return out;
  }
};

}  // namespace

void arrange_unions(Analysis& analysis) { ArrangeUnions(analysis).run(); }

}  // namespace redoubt::kql::detail
