#include <fmt/format.h>

#include "kql/ip_networks.h"
#include "kql/json_text.h"
#include "query/sql/scalar_sql.h"

namespace redoubt::query::sql {

using kql::Expression;
using kql::Type;
using kql::Value;

// Source: Kusto Query Language reference, "ipv4_is_private()", "ipv4_is_in_range()",
// "ipv4_is_in_any_range()".

namespace {

constexpr std::int64_t kBitsInFront = 96;  ///< of an IPv4 network in an IPv6 one

/// The first and the last address of a network.
struct Range {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

std::optional<Range> range_of(std::string_view text) {
  const std::optional<kql::IpNetwork> network = kql::read_ipv4_network(text);
  if (!network || network->prefix < kBitsInFront) return std::nullopt;
  const auto bytes = network->first(network->prefix);
  Range out;
  for (std::size_t i = 12; i < 16; ++i)
    out.first = out.first << 8U | bytes[i];
  const std::int64_t free_bits = kql::IpNetwork::kBits - network->prefix;
  out.last = out.first + static_cast<std::uint32_t>((std::uint64_t{1} << free_bits) - 1);
  return out;
}

/// `a.b.c.d` or `a.b.c.d/24` as a number, NULL where it is none. Most are plain addresses, which the engine
/// reads; what it takes for 0, such as one with zeros in front of a number, is looked at again.
std::string address_number(ScalarSql& scalars, const SqlValue& text) {
  const std::string of = scalars.once(text);
  const std::string number = scalars.named(fmt::format("IPv4StringToNumOrDefault({})", of));
  const std::string looked_at = fmt::format(
      "if(match({0}, '^[0-9]{{1,3}}(?:[.][0-9]{{1,3}}){{3}}(?:/(?:0{{0,2}}[0-9]|0?[12][0-9]|0?3[0-2]))?$'), "
      "toUInt32(toIPv4OrNull(extract({0}, '^[^/]*'))), NULL)",
      of);
  return scalars.named(fmt::format("if({0} = 0, {1}, toNullable({0}))", number, looked_at));
}

std::optional<SqlValue> in_ranges(ScalarSql& scalars, const Expression& call,
                                  const std::vector<Range>& ranges) {
  const std::optional<SqlValue> text = scalars.of(*call.operands[0], Type::String);
  if (!text) return std::nullopt;
  const std::string number = address_number(scalars, *text);
  std::string tests;
  for (const Range& range : ranges)
    tests +=
        fmt::format("{}{} BETWEEN {} AND {}", tests.empty() ? "" : " OR ", number, range.first, range.last);
  // Of what is no address it is not known.
  if (tests.empty()) tests = fmt::format("{} < 0", number);
  return ScalarSql::made(Type::Bool, true, {&*text}, fmt::format("({})", tests));
}

std::optional<SqlValue> is_private(ScalarSql& scalars, const Expression& call) {
  return in_ranges(scalars, call,
                   {*range_of("10.0.0.0/8"), *range_of("172.16.0.0/12"), *range_of("192.168.0.0/16")});
}

std::optional<SqlValue> is_in_range(ScalarSql& scalars, const Expression& call) {
  const std::optional<Value> text = scalars.known(*call.operands[1]);
  const std::optional<Range> range = text ? range_of(kql::to_text(*text)) : std::nullopt;
  return range ? in_ranges(scalars, call, {*range}) : std::nullopt;
}

std::optional<SqlValue> is_in_any_range(ScalarSql& scalars, const Expression& call) {
  std::vector<Range> ranges;
  const auto add = [&ranges](const Value& text) {
    if (const std::optional<Range> range = range_of(kql::to_text(text))) ranges.push_back(*range);
  };
  for (const Expression* operand : call.operands.subspan(1)) {
    const std::optional<Value> value = scalars.known(*operand);
    if (!value) return std::nullopt;
    if (!value->is(Type::Dynamic) || value->is_null() ||
        kql::json_kind(value->json()) != kql::JsonKind::Array)
      add(*value);
    else
      for (const std::string_view element : kql::json_elements(value->json()))
        add(Value::of_dynamic(std::string(element)));
  }
  constexpr std::size_t kMost = 200;
  return ranges.size() > kMost ? std::nullopt : in_ranges(scalars, call, ranges);
}

}  // namespace

std::optional<SqlValue> network_call(ScalarSql& scalars, std::string_view name, const Expression& call) {
  const std::size_t count = call.operands.size();
  if (name == "ipv4_is_private" && count == 1) return is_private(scalars, call);
  if (name == "ipv4_is_in_range" && count == 2) return is_in_range(scalars, call);
  if (name == "ipv4_is_in_any_range" && count > 1) return is_in_any_range(scalars, call);
  return std::nullopt;
}

}  // namespace redoubt::query::sql
