#include <algorithm>
#include <map>

#include "kql/ip_networks.h"
#include "query/detail/plugin.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "ipv4_lookup plugin", "ipv6_lookup plugin". An address and a
// network match where ipv4_is_match() of them does.

namespace {

using kql::IpNetwork;
using kql::Value;
using Read = std::optional<IpNetwork> (*)(std::string_view text);

/// Networks by their prefix and first address, each with the row that it is of.
class NetworkIndex {
 public:
  void add(const IpNetwork& network, std::size_t row) {
    by_prefix_[network.prefix].emplace_back(network.first(network.prefix), row);
  }
  void sort() {
    for (auto& [prefix, networks] : by_prefix_)
      std::sort(networks.begin(), networks.end());
  }
  /// The rows of the networks that match, in their order.
  std::vector<std::size_t> find(const IpNetwork& address) const {
    std::vector<std::size_t> out;
    for (const auto& [prefix, networks] : by_prefix_) {
      const std::int64_t shortest = std::min(prefix, address.prefix);
      const Bytes sought = address.first(shortest);
      auto at = std::lower_bound(networks.begin(), networks.end(), std::pair(sought, std::size_t{0}));
      for (; at != networks.end() && IpNetwork{at->first}.first(shortest) == sought; ++at)
        out.push_back(at->second);
    }
    std::sort(out.begin(), out.end());
    return out;
  }

 private:
  using Bytes = std::array<std::uint8_t, 16>;
  std::map<std::int64_t, std::vector<std::pair<Bytes, std::size_t>>> by_prefix_;
};

/// The two sides of a look-up.
struct Sides {
  Table table;                                     ///< that is looked into
  std::shared_ptr<const Cells> addresses;          ///< of the input
  std::shared_ptr<const Cells> networks;           ///< of the table
  std::vector<std::shared_ptr<const Cells>> keys;  ///< that have to be equal as well, of the input
  std::vector<std::shared_ptr<const Cells>> table_keys;
};

Result<Sides> sides_of(const PluginCall& call, std::string_view address, std::string_view network) {
  const kql::Expression* const written = call.argument("LookupTable");
  const kql::Relation* const relation = written == nullptr ? nullptr : written->relation();
  const kql::Column* const column = call.column(network);
  if (relation == nullptr || column == nullptr)
    return refused("a table to look into, and its column, are expected");
  Sides out;
  out.table = RD_TRY(call.executor().rows(*relation));
  out.addresses = RD_TRY(call.cells(address));
  const auto* const networks = out.table.find(column);
  if (out.addresses == nullptr || networks == nullptr) return refused("columns of addresses are expected");
  out.networks = *networks;
  out.keys = RD_TRY(call.all_cells("ExtraKey"));
  for (const kql::Expression* key : call.arguments("ExtraKey"))
    for (const TableColumn& one : out.table.columns())
      if (key->column != nullptr && one.column->name == key->column->name)
        out.table_keys.push_back(one.cells);
  if (out.keys.size() != out.table_keys.size()) return refused("both tables need the other keys, too");
  return out;
}

/// For each row of the result the row of the input and that of the table.
struct Pairs {
  std::vector<std::size_t> input;
  std::vector<std::size_t> table;
};

Result<Pairs> matched(const PluginCall& call, const Sides& sides, Read read, bool unmatched) {
  NetworkIndex index;
  for (std::size_t row = 0; row < sides.table.rows(); ++row)
    if (const std::optional<IpNetwork> network = read(kql::to_text((*sides.networks)[row])))
      index.add(*network, row);
  index.sort();
  Pairs out;
  for (std::size_t row = 0; row < call.rows(); ++row) {
    const std::optional<IpNetwork> address = read(kql::to_text((*sides.addresses)[row]));
    std::vector<std::size_t> found = address ? index.find(*address) : std::vector<std::size_t>();
    if (!sides.keys.empty()) {
      const std::string key = row_key(sides.keys, row);
      std::erase_if(found, [&](std::size_t of) { return row_key(sides.table_keys, of) != key; });
    }
    if (found.empty() && unmatched) found.push_back(Table::kNoRow);
    RD_TRY(call.budget().spend(found.size()));
    out.input.insert(out.input.end(), found.size(), row);
    out.table.insert(out.table.end(), found.begin(), found.end());
  }
  return out;
}

Result<Table> looked_up(const PluginCall& call, std::string_view address, std::string_view network,
                        Read read) {
  const Sides sides = RD_TRY(sides_of(call, address, network));
  const Value all = RD_TRY(call.value("return_unmatched"));
  const bool unmatched = all.is(kql::Type::Bool) && !all.is_null() && all.as_bool();
  const Pairs pairs = RD_TRY(matched(call, sides, read, unmatched));
  Table out = call.input().take(pairs.input);
  const Table found = sides.table.take(pairs.table);
  RD_TRY(call.budget().spend(pairs.input.size() * (out.columns().size() + found.columns().size())));
  for (const TableColumn& one : found.columns())
    out.set(one.column, one.cells);
  return out;
}

Result<Table> ipv4_lookup(const PluginCall& call) {
  return looked_up(call, "SourceIPv4Key", "IPv4LookupKey", kql::read_ipv4_network);
}

Result<Table> ipv6_lookup(const PluginCall& call) {
  return looked_up(call, "SourceIPv6Key", "IPv6LookupKey", kql::read_ipv6_network);
}

constexpr PluginRow kRows[] = {{"ipv4_lookup", ipv4_lookup}, {"ipv6_lookup", ipv6_lookup}};

}  // namespace

PluginRows lookup_plugins() { return kRows; }

}  // namespace redoubt::query::detail
