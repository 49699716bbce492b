#pragma once

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/arena.h"
#include "kql/plan.h"

namespace redoubt::kql::detail {

using PlacesByName = boost::unordered_flat_map<std::string_view, std::size_t, std::hash<std::string_view>>;

/// Names that must differ: a name that is taken gets the next free number.
/// Source: Kusto.Language 12.4.1, UniqueNameTable.
class UniqueNames {
 public:
  explicit UniqueNames(Arena& arena) : arena_(&arena) {}

  void add(std::string_view name) {
    if (find(name) == nullptr) push(name);
  }
  void add(ColumnList columns);
  /// The name, or the base (the name, if there is none) with a number.
  std::string_view make(std::string_view name, std::string_view base = {});

 private:
  struct Taken {
    std::string_view name;
    std::uint32_t last_number = 0;
  };
  /// Up to so many are looked through one by one.
  static constexpr std::size_t kFew = 24;

  void push(std::string_view name);
  Taken* find(std::string_view name);

  Arena* arena_;
  std::vector<Taken> names_;
  PlacesByName at_;  // of the first of a name, where there are many
};

/// A set that is looked through one by one while it is small.
template <class T>
class FewOrMany {
 public:
  FewOrMany() = default;
  /// Of what a function makes of each value.
  FewOrMany(const auto& values, const auto& make) {
    for (const auto& value : values)
      add(make(value));
  }

  void add(T one) {
    few_.push_back(one);
    if (few_.size() == kFew) many_.insert(few_.begin(), few_.end());
    if (few_.size() > kFew) many_.insert(one);
  }
  bool contains(T one) const {
    if (few_.size() >= kFew) return many_.contains(one);
    return std::find(few_.begin(), few_.end(), one) != few_.end();
  }

 private:
  static constexpr std::size_t kFew = 24;

  std::vector<T> few_;
  boost::unordered_flat_set<T, std::hash<T>> many_;
};

/// Names of columns.
inline FewOrMany<std::string_view> names_of(ColumnList columns) {
  return {columns, [](const Column* column) { return column->name; }};
}

/// Puts the columns of an operator's result together.
/// Source: Kusto.Language 12.4.1, ProjectionBuilder.
class Projection {
 public:
  explicit Projection(Arena& arena) : arena_(&arena), unique_(arena) {}

  /// Begins with columns (a name that comes again, after parse, gets a number). `declared`: their names are
  /// taken.
  void start(ColumnList columns, bool declared = false);
  /// A column of a name that nobody wrote: a taken name is changed. `replace`: a column of that name gives
  /// way.
  const Column* add(const Column* column, const Expression* value = nullptr, std::string_view base = {},
                    bool replace = false, bool once = false, std::uint32_t part = 0);
  /// A column of a name that somebody wrote. False: somebody did before.
  bool declare(const Column* column, const Expression* value, bool replace, std::uint32_t part = 0);
  /// False: there is none of the old name; or somebody declared the new one (`taken`).
  bool rename(std::string_view from, std::string_view to, bool& taken);
  void ignore(const Column* column) { ignored_.add(column); }
  void ignore(ColumnList columns) {
    for (const Column* column : columns)
      ignored_.add(column);
  }

  const std::vector<const Column*>& columns() const { return columns_; }
  const std::vector<Assignment>& assignments() const { return assignments_; }

 private:
  const Column* add_unique(const Column* column, std::string_view base);
  void push(const Column* column);
  std::size_t find(std::string_view name) const;

  Arena* arena_;
  std::vector<const Column*> columns_;
  std::vector<Assignment> assignments_;
  FewOrMany<const Column*> ignored_;
  FewOrMany<std::string_view> declared_;
  UniqueNames unique_;
  /// Where names stand, as soon as there are many.
  PlacesByName at_;
};

}  // namespace redoubt::kql::detail
