#include "estate/detail/id_parts.h"

#include <cstddef>

#include "arm/id_segments.h"
#include "core/text.h"

namespace redoubt::estate::detail {

using arm::Segments;

namespace {

constexpr std::string_view kProviders = "/providers/";

/// The last `/providers/` and the place where the last two segments behind it begin.
struct Provider {
  std::size_t at = std::string_view::npos;
  std::size_t parent_end = 0;
  std::size_t segments = 0;
};

Provider provider_of(std::string_view id) {
  Provider out;
  const Segments slashes(id);
  std::size_t before_last = 0;
  std::size_t last = 0;
  for (std::size_t at = slashes.slash(0); at < id.size(); at = slashes.slash(at + 1)) {
    if (starts_with_any_case(id.substr(at), kProviders)) {
      out.at = at;
      out.segments = 0;
      at += kProviders.size() - 1;
    }
    ++out.segments;
    before_last = last;
    last = at;
  }
  out.parent_end = before_last;
  return out;
}

}  // namespace

Containers containers_of(std::string_view id) {
  Containers out;
  if (!id.starts_with('/')) return out;
  const auto end_of = [&](std::string_view part) {
    return static_cast<std::size_t>(part.data() - id.data()) + part.size();
  };
  Segments segments(id.substr(1));
  if (!equal_any_case(segments.next(), "subscriptions")) return out;
  out.subscription = segments.next();
  if (out.subscription.empty()) return out;
  out.subscription_end = out.end = end_of(out.subscription);
  if (!equal_any_case(segments.next(), "resourceGroups")) return out;
  out.resource_group = segments.next();
  if (!out.resource_group.empty()) out.end = end_of(out.resource_group);
  return out;
}

std::optional<IdParts> split_id(std::string_view id) {
  while (id.size() > 1 && id.back() == '/')
    id.remove_suffix(1);
  const Containers containers = containers_of(id);
  const Provider provider = provider_of(id);
  IdParts out;
  out.containers = containers;
  if (provider.at == std::string_view::npos) {
    if (containers.end != id.size() || containers.subscription.empty()) return std::nullopt;
    if (!containers.resource_group.empty())
      out.scope = out.parent = id.substr(0, containers.subscription_end);
    return out;
  }
  // Namespace, then pairs of type and name.
  if (provider.segments < 3 || provider.segments % 2 == 0) return std::nullopt;
  out.scope = id.substr(0, provider.at);
  out.provider = id.substr(provider.at + kProviders.size());
  out.parent = provider.segments == 3 ? out.scope : id.substr(0, provider.parent_end);
  return out;
}

}  // namespace redoubt::estate::detail
