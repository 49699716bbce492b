#include "kql/evaluate.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "core/utf8.h"
#include "kql/detail/evaluation.h"

namespace redoubt::kql {

namespace detail {

std::optional<std::int64_t> Call::whole(std::size_t i) const {
  return i < size() ? whole_of(arguments[i]) : std::nullopt;
}

std::optional<double> Call::real(std::size_t i) const {
  return i < size() ? real_of(arguments[i]) : std::nullopt;
}

tl::unexpected<Error> too_large(const Call& call) {
  return fail(Error::Kind::Limit, "KQL0405",
              "result larger than the limit of " + std::to_string(call.context.limits.max_bytes) +
                  " bytes: " + std::string(call.function.name));
}

tl::unexpected<Error> refused(const Call& call, std::string_view what, std::string_view hint) {
  return fail(Error::Kind::InvalidInput, "KQL0407",
              std::string(call.function.name) + " does not take: " + std::string(what.substr(0, 80)), {},
              std::string(hint));
}

Result<Value> text_result(const Call& call, std::string text) {
  if (text.size() > call.context.limits.max_bytes) return too_large(call);
  return Value::of_string(std::move(text));
}

Result<Value> dynamic_result(const Call& call, std::string json) {
  if (json.size() > call.context.limits.max_bytes) return too_large(call);
  return Value::of_dynamic(std::move(json));
}

Result<const Pattern*> pattern_of(const EvaluationContext& context, std::string_view text,
                                  std::optional<Pattern>& own) {
  if (context.patterns != nullptr) {
    const Result<Pattern>& kept = context.patterns->get(text);
    if (!kept) return tl::unexpected(kept.error());
    return &*kept;
  }
  own = RD_TRY(Pattern::compile(text));
  return &*own;
}

std::size_t character_offset(std::string_view text, std::size_t index) {
  std::size_t at = 0;
  for (; at < text.size() && index > 0; --index)
    at += decode_utf8(text, at).bytes;
  return at;
}

std::size_t character_count(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += decode_utf8(text, at).bytes)
    ++count;
  return count;
}

}  // namespace detail

namespace {

using namespace detail;

const EvaluationRow* find_row(std::string_view name) {
  static constexpr EvaluationRows (*kTables[])() = {address_evaluations,
                                                    array_evaluations,
                                                    bag_evaluations,
                                                    bit_evaluations,
                                                    compression_evaluations,
                                                    condition_evaluations,
                                                    context_evaluations,
                                                    conversion_evaluations,
                                                    date_evaluations,
                                                    date_part_evaluations,
                                                    distribution_evaluations,
                                                    encoding_evaluations,
                                                    format_evaluations,
                                                    geo_geohash_evaluations,
                                                    geo_line_evaluations,
                                                    geo_point_evaluations,
                                                    geo_polygon_evaluations,
                                                    geo_s2_evaluations,
                                                    geo_text_evaluations,
                                                    hash_evaluations,
                                                    ipv6_evaluations,
                                                    math_evaluations,
                                                    parsing_evaluations,
                                                    pattern_evaluations,
                                                    punycode_evaluations,
                                                    replacing_evaluations,
                                                    rounding_evaluations,
                                                    series_element_evaluations,
                                                    series_filling_evaluations,
                                                    series_filter_evaluations,
                                                    series_fit_evaluations,
                                                    series_season_evaluations,
                                                    series_statistic_evaluations,
                                                    set_evaluations,
                                                    sketch_evaluations,
                                                    string_evaluations,
                                                    time_zone_evaluations,
                                                    unit_evaluations,
                                                    url_evaluations,
                                                    user_agent_evaluations,
                                                    xml_evaluations};
  for (const auto table : kTables)
    for (const EvaluationRow& row : table())
      if (row.name == name) return &row;
  return nullptr;
}

/// The row of every scalar function, in their order; null where there is none.
const EvaluationRow* row_of(const Function& function) {
  static const std::span<const Function> all = functions(FunctionKind::Scalar);
  static const std::vector<const EvaluationRow*> rows = [] {
    std::vector<const EvaluationRow*> out;
    for (const Function& one : all) {
      const EvaluationRow* own = find_row(one.name);
      out.push_back(own == nullptr && !one.alias_of.empty() ? find_row(one.alias_of) : own);
    }
    return out;
  }();
  if (std::less<>()(&function, all.data()) || !std::less<>()(&function, all.data() + all.size()))
    return nullptr;
  return rows[static_cast<std::size_t>(&function - all.data())];
}

}  // namespace

bool can_evaluate(const Function& function) { return row_of(function) != nullptr; }

Result<Value> evaluate(const Function& function, std::span<const Value> arguments,
                       const EvaluationContext& context) {
  const EvaluationRow* const row = row_of(function);
  if (row == nullptr)
    return fail(Error::Kind::Unsupported, "KQL0403",
                "cannot be evaluated here: " + std::string(function.name));
  if (arguments.size() < row->least || (row->most != kMany && arguments.size() > row->most))
    return fail(Error::Kind::InvalidInput, "KQL0404",
                std::string(function.name) + " called with a number of arguments it does not take: " +
                    std::to_string(arguments.size()));
  return row->evaluate({function, arguments, context});
}

}  // namespace redoubt::kql
