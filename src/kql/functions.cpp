#include "kql/functions.h"

#include <algorithm>
#include <array>

#include "core/result.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql {

namespace {

constexpr std::array kTables = {
    &detail::aggregates,        &detail::analysis_plugins,     &detail::condition_functions,
    &detail::context_functions, &detail::conversion_functions, &detail::date_functions,
    &detail::dynamic_functions, &detail::encoding_functions,   &detail::geo_functions,
    &detail::graph_functions,   &detail::hash_functions,       &detail::ip_functions,
    &detail::number_functions,  &detail::parsing_functions,    &detail::plugins,
    &detail::series_functions,  &detail::sketch_functions,     &detail::source_functions,
    &detail::string_functions,  &detail::unit_functions,       &detail::window_functions,
};

// Rows of all tables, by kind and then by name; starts[k] is where kind k begins. Sorted on first use.
struct Catalogue {
  std::array<Function, 600> rows;
  std::array<std::size_t, kFunctionKinds + 1> starts = {};

  Catalogue() {
    std::size_t count = 0;
    for (const auto table : kTables)
      for (const Function& row : table()) {
        RD_CHECK(count < rows.size());
        rows[count++] = row;
      }
    const std::span<Function> all(rows.data(), count);
    std::ranges::sort(all, [](const Function& left, const Function& right) {
      return left.kind != right.kind ? left.kind < right.kind : left.name < right.name;
    });
    for (const Function& row : all)
      ++starts[static_cast<std::size_t>(row.kind) + 1];
    for (std::size_t kind = 1; kind < starts.size(); ++kind)
      starts[kind] += starts[kind - 1];
  }
};

const Catalogue& catalogue() {
  static const Catalogue made;
  return made;
}

}  // namespace

const Function* find_function(std::string_view name, FunctionKind kind) {
  const std::span<const Function> rows = functions(kind);
  const auto found = std::ranges::lower_bound(rows, name, {}, &Function::name);
  return found != rows.end() && found->name == name ? &*found : nullptr;
}

bool gives_by_chance(std::string_view function) { return function == "rand" || function == "new_guid"; }

std::span<const Function> functions(FunctionKind kind) {
  const Catalogue& all = catalogue();
  const auto first = static_cast<std::size_t>(kind);
  return std::span(all.rows).subspan(all.starts[first], all.starts[first + 1] - all.starts[first]);
}

}  // namespace redoubt::kql
