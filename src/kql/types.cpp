#include "kql/types.h"

#include <algorithm>
#include <array>
#include <bit>

namespace redoubt::kql {

namespace {

struct TypeName {
  std::string_view name;
  Type type;
};

constexpr std::array<std::string_view, kTypes> kNames = {
    "unknown", "bool", "int", "long", "real", "decimal", "string", "datetime", "timespan", "guid", "dynamic",
};

// Sorted by name.
constexpr std::array kSpellings = {
    TypeName{"bool", Type::Bool},         TypeName{"boolean", Type::Bool},
    TypeName{"date", Type::DateTime},     TypeName{"datetime", Type::DateTime},
    TypeName{"decimal", Type::Decimal},   TypeName{"double", Type::Real},
    TypeName{"dynamic", Type::Dynamic},   TypeName{"float", Type::Real},
    TypeName{"guid", Type::Guid},         TypeName{"int", Type::Int},
    TypeName{"int16", Type::Int},         TypeName{"int32", Type::Int},
    TypeName{"int64", Type::Long},        TypeName{"int8", Type::Int},
    TypeName{"long", Type::Long},         TypeName{"real", Type::Real},
    TypeName{"string", Type::String},     TypeName{"time", Type::Timespan},
    TypeName{"timespan", Type::Timespan}, TypeName{"uint", Type::Int},
    TypeName{"uint16", Type::Int},        TypeName{"uint32", Type::Int},
    TypeName{"uint64", Type::Long},       TypeName{"uint8", Type::Int},
    TypeName{"ulong", Type::Long},        TypeName{"uniqueid", Type::Guid},
    TypeName{"uuid", Type::Guid},
};
static_assert(std::ranges::is_sorted(kSpellings, {}, &TypeName::name));

}  // namespace

std::string_view type_name(Type type) { return kNames[static_cast<std::size_t>(type)]; }

std::optional<Type> find_type(std::string_view name) {
  const auto found = std::ranges::lower_bound(kSpellings, name, {}, &TypeName::name);
  if (found == kSpellings.end() || found->name != name) return std::nullopt;
  return found->type;
}

bool accepts(TypeSet set, Type type) {
  if (type == Type::Unknown || contains(set, type)) return true;
  if (!std::has_single_bit(set)) return false;
  return promotes(type, static_cast<Type>(std::countr_zero(set)));
}

}  // namespace redoubt::kql
