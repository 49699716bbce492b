#include "estate/estate.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "arm/resource_id.h"
#include "core/text.h"
#include "estate/detail/id_parts.h"

namespace redoubt::estate {

using detail::TextIndex;

namespace {

constexpr std::size_t kMaxTwinsReported = 20;

/// Which of two resources of one id stands: the higher.
int standing(const Resource& resource) {
  if (resource.existing) return 0;
  return resource.from_export ? 1 : 2;
}

int compare_any_case(std::string_view left, std::string_view right) {
  const std::size_t size = std::min(left.size(), right.size());
  for (std::size_t i = 0; i < size; ++i) {
    const char a = lower(left[i]);
    const char b = lower(right[i]);
    if (a != b) return static_cast<unsigned char>(a) < static_cast<unsigned char>(b) ? -1 : 1;
  }
  return left.size() == right.size() ? 0 : left.size() < right.size() ? -1 : 1;
}

std::string_view without_last_slash(std::string_view id) {
  while (!id.empty() && id.back() == '/')
    id.remove_suffix(1);
  return id;
}

/// `/subscriptions/s/resourceGroups/g`, or as much of it as the id has.
std::string_view container_id(const Resource& resource) {
  const std::string_view last =
      resource.resource_group.empty() ? resource.subscription : resource.resource_group;
  if (last.empty()) return {};
  return resource.id.substr(0, static_cast<std::size_t>(last.data() - resource.id.data()) + last.size());
}

bool extends_parent(std::string_view below_parent) {
  return starts_with_any_case(below_parent, "/providers/");
}

}  // namespace

std::string_view Estate::intern(std::string_view text) {
  const auto found = interned_.find(text);
  return found != interned_.end() ? *found : *interned_.insert(arena_.copy(text)).first;
}

void Estate::add(Resource resource) {
  resource.id = without_last_slash(resource.id);
  const detail::Containers containers = detail::containers_of(resource.id);
  resource.subscription = containers.subscription;
  resource.resource_group = containers.resource_group;
  const std::optional<detail::IdParts> parts = detail::split_id(resource.id);
  all_.push_back(resource);
  parent_size_.push_back(parts ? static_cast<std::uint32_t>(parts->parent.size()) : TextIndex::kNone);
}

std::vector<Diagnostic> Estate::finish(const doc::Sources& sources) {
  std::vector<Diagnostic> diagnostics;
  dropped_.assign(all_.size(), false);
  settle_twins(sources, diagnostics);
  for (std::size_t i = 0; i < all_.size(); ++i)
    if (!dropped_[i]) resources_.push_back(&all_[i]);
  index_parents();
  index_containers();
  index_types();
  for (const Resource* resource : resources_)
    if (arm::has_open_name(resource->id)) open_.push_back(resource);
  return diagnostics;
}

void Estate::settle_twins(const doc::Sources& sources, std::vector<Diagnostic>& diagnostics) {
  const auto key_of = [&](std::uint32_t number) { return all_[number].id; };
  by_id_.reserve(all_.size());
  std::size_t again_in_exports = 0;
  const Resource* again = nullptr;
  for (std::uint32_t i = 0; i < all_.size(); ++i) {
    const std::uint32_t twin = by_id_.find_or_put(all_[i].id, i, key_of);
    if (twin == i) continue;
    const int before = standing(all_[twin]);
    const int now = standing(all_[i]);
    if (before == 2 && now == 2) {
      if (both_deployed(twin, i, sources, diagnostics)) by_id_.replace(all_[i].id, i, key_of);
      continue;
    }
    const bool replaces = now > before || (now == before && now == 1);
    if (now == 1 && before == 1 && ++again_in_exports == 1) again = &all_[i];
    dropped_[replaces ? twin : i] = true;
    if (replaces) by_id_.replace(all_[i].id, i, key_of);
  }
  if (again != nullptr)
    diagnostics.push_back(
        {Severity::Warning, "EST0109",
         fmt::format("ids stand twice in the exports, the last row counts: {}, the first is {}",
                     again_in_exports, again->id),
         sources.where(again->place), "was the same page or query exported twice?"});
}

/// True when look-ups should give the second.
bool Estate::both_deployed(std::uint32_t first, std::uint32_t second, const doc::Sources& sources,
                           std::vector<Diagnostic>& diagnostics) {
  const Resource& one = all_[first];
  const Resource& other = all_[second];
  if (!other.open.is_null()) return !one.open.is_null();
  // Open parts of ids of different files need not stand for the same.
  const bool same = one.place.file == other.place.file || !arm::is_open_text(other.id);
  if (one.open.is_null() && same && diagnostics.size() < kMaxTwinsReported)
    diagnostics.push_back({Severity::Warning,
                           "EST0105",
                           fmt::format("deployed twice, each is judged by itself; first at {}: {}",
                                       sources.where(one.place).text(), other.id),
                           sources.where(other.place),
                           {}});
  return true;
}

std::string_view Estate::parent_at(std::uint32_t number) const {
  return all_[number].id.substr(0, parent_size_[number]);
}

void Estate::index_parents() {
  const auto key_of = [&](std::uint32_t number) { return parent_at(number); };
  next_sibling_.assign(all_.size(), TextIndex::kNone);
  // Backwards, so that the chains run forwards.
  for (auto i = static_cast<std::uint32_t>(all_.size()); i-- > 0;) {
    if (dropped_[i] || parent_size_[i] == TextIndex::kNone) continue;
    next_sibling_[i] = by_parent_.replace(parent_at(i), i, key_of);
  }
}

/// The container of each of resources_, in the order they are met.
std::vector<std::uint32_t> Estate::number_containers() {
  std::vector<std::string_view> ids;
  TextIndex index;
  const auto key_of = [&](std::uint32_t number) { return ids[number]; };
  std::vector<std::uint32_t> numbers;
  numbers.reserve(resources_.size());
  for (const Resource* resource : resources_) {
    const std::string_view id = container_id(*resource);
    const auto next = static_cast<std::uint32_t>(ids.size());
    ids.push_back(id);
    numbers.push_back(index.find_or_put(id, next, key_of));
    if (numbers.back() == next)
      containers_.push_back({resource->subscription, resource->resource_group});
    else
      ids.pop_back();
  }
  return numbers;
}

/// Sorts containers_; gives the new number of each old one.
std::vector<std::uint32_t> Estate::sort_containers() {
  std::vector<std::uint32_t> order(containers_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t left, std::uint32_t right) {
    const Container& a = containers_[left];
    const Container& b = containers_[right];
    const int by_subscription = compare_any_case(a.subscription, b.subscription);
    return by_subscription != 0 ? by_subscription < 0
                                : compare_any_case(a.resource_group, b.resource_group) < 0;
  });
  std::vector<std::uint32_t> rank(order.size());
  std::vector<Container> sorted(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    rank[order[i]] = i;
    sorted[i] = containers_[order[i]];
  }
  containers_ = std::move(sorted);
  return rank;
}

void Estate::index_containers() {
  std::vector<std::uint32_t> numbers = number_containers();
  const std::vector<std::uint32_t> rank = sort_containers();
  container_begin_.assign(containers_.size() + 1, 0);
  for (std::uint32_t& number : numbers)
    ++container_begin_[(number = rank[number]) + 1];
  std::partial_sum(container_begin_.begin(), container_begin_.end(), container_begin_.begin());
  std::vector<std::uint32_t> next(container_begin_);
  by_container_.resize(resources_.size());
  for (std::size_t i = 0; i < resources_.size(); ++i)
    by_container_[next[numbers[i]]++] = resources_[i];
}

void Estate::index_types() {
  const auto key_of = [&](std::uint32_t number) { return types_[number].name; };
  std::vector<std::uint32_t> numbers;
  numbers.reserve(by_container_.size());
  for (const Resource* resource : by_container_) {
    const auto next = static_cast<std::uint32_t>(types_.size());
    types_.push_back({resource->type});
    numbers.push_back(type_index_.find_or_put(resource->type, next, key_of));
    if (numbers.back() != next) types_.pop_back();
    ++types_[numbers.back()].end;
  }
  std::uint32_t begin = 0;
  for (Type& type : types_) {
    const std::uint32_t count = type.end;
    type.begin = type.end = begin;
    begin += count;
  }
  by_type_.resize(by_container_.size());
  by_type_container_.resize(by_container_.size());
  for (std::uint32_t container = 0; container < containers_.size(); ++container)
    for (std::uint32_t i = container_begin_[container]; i < container_begin_[container + 1]; ++i) {
      const std::uint32_t at = types_[numbers[i]].end++;
      by_type_[at] = by_container_[i];
      by_type_container_[at] = container;
    }
}

const Resource* Estate::find(std::string_view id) const {
  const std::uint32_t found =
      by_id_.find(without_last_slash(id), [&](std::uint32_t number) { return all_[number].id; });
  return found == TextIndex::kNone ? nullptr : &all_[found];
}

Estate::List Estate::of_type(std::string_view type) const {
  const std::uint32_t found =
      type_index_.find(type, [&](std::uint32_t number) { return types_[number].name; });
  if (found == TextIndex::kNone) return {};
  return List(by_type_).subspan(types_[found].begin, types_[found].end - types_[found].begin);
}

Estate::Range Estate::containers_of(std::string_view subscription, std::string_view resource_group) const {
  // Bare subscriptions sort in front of their groups: without a group the range is the whole subscription.
  const auto below = [&](const Container& container) {
    const int order = compare_any_case(container.subscription, subscription);
    return order != 0 ? order < 0 : compare_any_case(container.resource_group, resource_group) < 0;
  };
  const auto within = [&](const Container& container) {
    return equal_any_case(container.subscription, subscription) &&
           (resource_group.empty() || equal_any_case(container.resource_group, resource_group));
  };
  const auto first = std::partition_point(containers_.begin(), containers_.end(), below);
  const auto last = std::partition_point(first, containers_.end(), within);
  return {static_cast<std::uint32_t>(first - containers_.begin()),
          static_cast<std::uint32_t>(last - containers_.begin())};
}

Estate::List Estate::of_type_in(std::string_view type, std::string_view subscription,
                                std::string_view resource_group) const {
  const List all = of_type(type);
  if (all.empty()) return {};
  const auto [first, last] = containers_of(subscription, resource_group);
  const std::uint32_t found =
      type_index_.find(type, [&](std::uint32_t number) { return types_[number].name; });
  const auto begin = by_type_container_.begin() + types_[found].begin;
  const auto end = by_type_container_.begin() + types_[found].end;
  const auto from = std::lower_bound(begin, end, first);
  const auto to = std::lower_bound(from, end, last);
  return all.subspan(static_cast<std::size_t>(from - begin), static_cast<std::size_t>(to - from));
}

Estate::List Estate::inside(std::string_view subscription, std::string_view resource_group) const {
  if (containers_.empty()) return {};
  const auto [first, last] = containers_of(subscription, resource_group);
  return List(by_container_)
      .subspan(container_begin_[first], container_begin_[last] - container_begin_[first]);
}

template <class Visit>
void Estate::for_each_below(std::string_view id, const Visit& visit) const {
  id = without_last_slash(id);
  const auto key_of = [&](std::uint32_t number) { return parent_at(number); };
  for (std::uint32_t at = by_parent_.find(id, key_of); at != TextIndex::kNone; at = next_sibling_[at])
    visit(all_[at], extends_parent(all_[at].id.substr(id.size())));
}

std::vector<const Resource*> Estate::children(std::string_view id) const {
  std::vector<const Resource*> out;
  for_each_below(id, [&](const Resource& resource, bool extends) {
    if (!extends) out.push_back(&resource);
  });
  return out;
}

std::vector<const Resource*> Estate::extensions(std::string_view id) const {
  std::vector<const Resource*> out;
  for_each_below(id, [&](const Resource& resource, bool extends) {
    if (extends) out.push_back(&resource);
  });
  return out;
}

std::vector<const Resource*> Estate::below(std::string_view id, std::string_view type) const {
  std::vector<const Resource*> out;
  std::vector<std::string_view> open{id};
  while (!open.empty()) {
    const std::string_view at = open.back();
    open.pop_back();
    for_each_below(at, [&](const Resource& resource, bool extends) {
      if (extends && at.data() != id.data()) return;
      if (equal_any_case(resource.type, type)) out.push_back(&resource);
      open.push_back(resource.id);
    });
  }
  return out;
}

/// Whether it surely stands below a resource (not a group) that a template deploys.
bool Estate::below_deployed(const Resource& resource) const {
  std::optional<detail::IdParts> parts = detail::split_id(resource.id);
  while (parts && parts->parent.size() > 1) {
    const std::string_view parent = parts->parent;
    parts = detail::split_id(parent);
    if (parts && parts->provider.empty()) return false;
    const Resource* above = find(parent);
    if (above != nullptr && !above->existing && !above->from_export) return true;
  }
  return false;
}

std::vector<const Resource*> Estate::perhaps_below(const Resource& resource, std::string_view type) const {
  std::vector<const Resource*> out;
  const bool open = arm::has_open_name(resource.id);
  for (const Resource* one : open ? of_type(type) : List(open_))
    if (!one->from_export && equal_any_case(one->type, type) && !below_deployed(*one)) out.push_back(one);
  return out;
}

std::vector<std::pair<std::string_view, std::size_t>> Estate::types() const {
  std::vector<std::pair<std::string_view, std::size_t>> out;
  out.reserve(types_.size());
  for (const Type& type : types_)
    out.emplace_back(type.name, type.end - type.begin);
  return out;
}

}  // namespace redoubt::estate
