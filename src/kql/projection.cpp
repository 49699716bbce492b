#include "kql/detail/projection.h"

namespace redoubt::kql::detail {

namespace {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
/// Up to so many columns are looked through one by one.
constexpr std::size_t kFew = 24;

}  // namespace

void UniqueNames::add(ColumnList columns) {
  names_.reserve(names_.size() + columns.size());
  for (const Column* column : columns)
    push(column->name);
}

void UniqueNames::push(std::string_view name) {
  names_.push_back({name, 0});
  if (names_.size() <= kFew) return;
  if (at_.empty())
    for (std::size_t i = 0; i + 1 < names_.size(); ++i)
      at_.try_emplace(names_[i].name, i);
  at_.try_emplace(name, names_.size() - 1);
}

UniqueNames::Taken* UniqueNames::find(std::string_view name) {
  if (names_.size() > kFew) {
    const auto found = at_.find(name);
    return found == at_.end() ? nullptr : &names_[found->second];
  }
  for (Taken& taken : names_)
    if (taken.name == name) return &taken;
  return nullptr;
}

std::string_view UniqueNames::make(std::string_view name, std::string_view base) {
  Taken* const taken = find(name);
  if (taken == nullptr) {
    push(name);
    return name;
  }
  std::uint32_t number = taken->last_number;
  std::string made;
  do {
    made = std::string(base.empty() ? name : base) + std::to_string(++number);
  } while (find(made) != nullptr);
  taken->last_number = number;
  const std::string_view kept = arena_->copy(made);
  push(kept);
  return kept;
}

void Projection::start(ColumnList columns, bool declared) {
  columns_.reserve(columns.size());
  ignore(columns);
  for (const Column* column : columns)
    add_unique(column, {});
  if (declared)
    for (const Column* column : columns)
      declared_.add(column->name);
}

void Projection::push(const Column* column) {
  columns_.push_back(column);
  if (columns_.size() <= kFew) return;
  if (at_.empty())
    for (std::size_t i = 0; i + 1 < columns_.size(); ++i)
      at_.try_emplace(columns_[i]->name, i);
  at_.try_emplace(column->name, columns_.size() - 1);
}

std::size_t Projection::find(std::string_view name) const {
  if (columns_.size() > kFew) {
    const auto found = at_.find(name);
    return found == at_.end() ? kNowhere : found->second;
  }
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (columns_[i]->name == name) return i;
  return kNowhere;
}

const Column* Projection::add_unique(const Column* column, std::string_view base) {
  const std::string_view name = unique_.make(column->name, base);
  if (name != column->name)
    column = arena_->make<Column>(name, column->type, column->shape, column, column->guessed);
  push(column);
  return column;
}

const Column* Projection::add(const Column* column, const Expression* value, std::string_view base,
                              bool replace, bool once, std::uint32_t part) {
  if (column->name.empty() || ignored_.contains(column)) return column;
  if (const std::size_t at = replace ? find(column->name) : kNowhere; at != kNowhere) {
    columns_[at] = column;
  } else {
    column = add_unique(column, base);
  }
  if (value != nullptr) assignments_.push_back({column, value, part});
  if (once) ignored_.add(column);
  return column;
}

bool Projection::declare(const Column* column, const Expression* value, bool replace, std::uint32_t part) {
  if (declared_.contains(column->name)) return false;
  const std::size_t at = replace ? find(column->name) : kNowhere;
  if (at != kNowhere) {
    columns_[at] = column;
    if (value != nullptr) assignments_.push_back({column, value, part});
    declared_.add(column->name);
  } else {
    declared_.add(add(column, value, {}, false, false, part)->name);
  }
  return true;
}

bool Projection::rename(std::string_view from, std::string_view to, bool& taken) {
  const std::size_t at = find(from);
  taken = false;
  if (at == kNowhere) return false;
  if (declared_.contains(to)) {
    taken = true;
    return false;
  }
  const Column* const old = columns_[at];
  columns_[at] = arena_->make<Column>(to, old->type, old->shape, old, old->guessed);
  if (columns_.size() > kFew) {
    at_.erase(from);
    at_.try_emplace(to, at);
  }
  declared_.add(to);
  unique_.add(to);
  return true;
}

}  // namespace redoubt::kql::detail
