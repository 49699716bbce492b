#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace redoubt::bench {

/// An inventory as `az graph query -q Resources` prints it, of as many resources as asked for: over 60 types,
/// weighted towards those that built-in policies look at, with properties as their providers give them (about
/// 2 KB a row), in 12 subscriptions and some hundred resource groups. Equal arguments give equal text.
std::string generated_export(std::size_t resources, std::uint64_t seed = 20'260'101);

/// Types the generator knows.
std::size_t generated_type_count();

}  // namespace redoubt::bench
