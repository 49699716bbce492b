#include "kql/union_columns.h"

#include <boost/unordered/unordered_flat_set.hpp>
#include <utility>

namespace redoubt::kql {

namespace {

constexpr auto kNone = static_cast<std::size_t>(-1);

}  // namespace

UnionColumns::UnionColumns(const Relation& rows) : columns_(rows.columns), any_type_(rows.kind == "inner") {
  boost::unordered_flat_set<const Column*> of_inputs;
  for (const Relation* input : rows.inputs)
    of_inputs.insert(input->columns.begin(), input->columns.end());
  places_.reserve(columns_.size());
  next_.resize(columns_.size(), kNone);
  for (std::size_t i = columns_.size(); i-- > 0;) {
    const Column& column = *columns_[i];
    if (of_inputs.contains(&column)) same_.emplace(&column, i);
    if (&column == rows.source) continue;
    // A name with two types was changed by the union, unless a column came with it.
    const bool as_it_came = column.origin == nullptr || of_inputs.contains(&column);
    const auto [first, added] = places_.try_emplace(as_it_came ? column.name : column.origin->name, i);
    if (!added) next_[i] = std::exchange(first->second, i);
  }
}

std::optional<std::size_t> UnionColumns::place_of(const Column& of_input) const {
  if (const auto same = same_.find(&of_input); same != same_.end()) return same->second;
  const auto found = places_.find(of_input.name);
  if (found == places_.end()) return std::nullopt;
  for (std::size_t place = found->second; place != kNone; place = next_[place])
    if (any_type_ || columns_[place]->type == of_input.type) return place;
  return std::nullopt;
}

const Column* UnionColumns::source_of(std::size_t place, const Relation& input) const {
  for (const Column* column : input.columns)
    if (place_of(*column) == place) return column;
  return nullptr;
}

}  // namespace redoubt::kql
