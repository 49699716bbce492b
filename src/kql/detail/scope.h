#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kql/plan.h"

namespace redoubt::kql {

/// A parameter of a function that a query declares.
struct Formal {
  std::string_view name;
  Type type = Type::Unknown;              ///< of a scalar
  const Relation* table = nullptr;        ///< of a tabular one: the columns it has to have
  const Expression* otherwise = nullptr;  ///< its default
};

namespace detail {
class Scope;
}

class SavedFunction;

/// A function that a query declares, or that is kept.
struct UserFunction {
  std::string_view name;
  const Node* body = nullptr;  ///< a FunctionBody, or the QueryBlock of a saved function
  const Syntax* syntax = nullptr;
  const SavedFunction* saved = nullptr;  ///< null: the query, or the body of another, declares it
  const detail::Scope* scope = nullptr;  ///< what its body sees ...
  std::size_t seen = 0;                  ///< ... of which only what was declared before
  std::vector<Formal> formals;
  std::unordered_map<std::string_view, std::size_t> numbers;  ///< of the formals, by name
  bool view = false;
  bool faulty = false;  ///< its body has problems of its own; of a saved one its parameters

  std::size_t least() const {
    std::size_t count = 0;
    for (const Formal& formal : formals)
      count += formal.otherwise == nullptr ? 1U : 0U;
    return count;
  }

  /// The parameter that an argument is for: by its name, if it has one, else by its position. Null: none.
  const Formal* formal(std::string_view given, std::size_t position) const {
    if (given.empty()) return position < formals.size() ? &formals[position] : nullptr;
    const auto found = numbers.find(given);
    return found == numbers.end() ? nullptr : &formals[found->second];
  }

  void add(const Formal& formal) {
    numbers.try_emplace(formal.name, formals.size());
    formals.push_back(formal);
  }
};

namespace detail {

/// Names that statements declare: of a query, of the body of a function.
class Scope {
 public:
  explicit Scope(const Scope* outer = nullptr, std::size_t seen = SIZE_MAX) : outer_(outer), seen_(seen) {}

  void add(std::string_view name, const Expression* value) { names_[name] = {value, count_++}; }
  bool has(std::string_view name) const { return names_.contains(name); }
  std::size_t count() const { return count_; }

  /// The value of a name among the first `seen` ones, or of an outer scope; null: there is none.
  const Expression* find(std::string_view name, std::size_t seen = SIZE_MAX) const {
    if (const auto found = names_.find(name); found != names_.end() && found->second.order < seen)
      return found->second.value;
    return outer_ == nullptr ? nullptr : outer_->find(name, seen_);
  }

  /// All values that can be seen, the innermost first.
  void each(const auto& take, std::size_t seen = SIZE_MAX) const {
    for (const auto& [name, entry] : names_)
      if (entry.order < seen) take(name, *entry.value);
    if (outer_ != nullptr) outer_->each(take, seen_);
  }

 private:
  struct Entry {
    const Expression* value = nullptr;
    std::size_t order = 0;
  };
  std::unordered_map<std::string_view, Entry> names_;
  std::size_t count_ = 0;
  const Scope* outer_;
  std::size_t seen_;
};

}  // namespace detail

}  // namespace redoubt::kql
