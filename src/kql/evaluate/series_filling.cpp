#include <cmath>

#include "kql/detail/series.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

/// A series with the texts of its elements, so that those which stay do so as they are, and which of them
/// stand for a value that is missing.
struct Gaps {
  Series series;
  std::vector<std::string_view> texts;
  std::vector<bool> gap;

  std::size_t size() const { return texts.size(); }
};

/// What is missing is null, unless argument `placeholder` says otherwise.
std::optional<Gaps> gaps_of(const Call& call, std::size_t placeholder) {
  std::optional<Series> series = read_series(call[0]);
  if (!series) return std::nullopt;
  Gaps out{.series = std::move(*series), .texts = json_elements(call[0].json()), .gap = {}};
  const std::optional<double> stands_for =
      call.given(placeholder) != nullptr ? call.real(placeholder) : std::nullopt;
  const bool null = !stands_for || std::isnan(*stands_for);
  for (std::size_t i = 0; i < out.size(); ++i)
    out.gap.push_back(null ? out.texts[i] == "null" : out.series.values[i] == *stands_for);
  return out;
}

Result<Value> joined(const Call& call, const std::vector<std::string_view>& texts) {
  return dynamic_result(call, json_array(texts));
}

Result<Value> fill_const(const Call& call) {
  std::optional<Gaps> gaps = gaps_of(call, 2);
  if (!gaps) return Value::null(Type::Dynamic);
  const std::string filling = call.size() > 1 ? to_json(call[1]) : "0";
  for (std::size_t i = 0; i < gaps->size(); ++i)
    if (gaps->gap[i]) gaps->texts[i] = filling;
  return joined(call, gaps->texts);
}

Result<Value> fill_forward(const Call& call) {
  std::optional<Gaps> gaps = gaps_of(call, 1);
  if (!gaps) return Value::null(Type::Dynamic);
  for (std::size_t i = 1; i < gaps->size(); ++i)
    if (gaps->gap[i]) gaps->texts[i] = gaps->texts[i - 1];
  return joined(call, gaps->texts);
}

Result<Value> fill_backward(const Call& call) {
  std::optional<Gaps> gaps = gaps_of(call, 1);
  if (!gaps) return Value::null(Type::Dynamic);
  for (std::size_t i = gaps->size(); i-- > 1;)
    if (gaps->gap[i - 1]) gaps->texts[i - 1] = gaps->texts[i];
  return joined(call, gaps->texts);
}

/// Of a series of integers the fraction is cut off.
std::string between(const Gaps& gaps, std::size_t from, std::size_t to, std::size_t at) {
  const double start = gaps.series.values[from];
  const double slope = (gaps.series.values[to] - start) / static_cast<double>(to - from);
  const double value = start + slope * static_cast<double>(at - from);
  return to_json(gaps.series.is_whole() ? convert(Value::of_real(value), Type::Long) : Value::of_real(value));
}

/// All values are missing: 0, unless argument 3 says otherwise.
Result<Value> fill_all(const Call& call, const Gaps& gaps) {
  std::string filling = "0.0";
  if (call.size() > 3) filling = call.real(3) ? to_json(Value::of_real(*call.real(3))) : "null";
  return joined(call, std::vector<std::string_view>(gaps.size(), filling));
}

/// series_fill_linear(series [, placeholder [, fill_edges [, constant]]])
Result<Value> fill_linear(const Call& call) {
  const std::optional<Gaps> gaps = gaps_of(call, 1);
  if (!gaps) return Value::null(Type::Dynamic);
  const bool edges = call.size() < 3 || bool_of(call[2]).value_or(true);
  constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
  ArrayText out;
  std::size_t last = kNowhere;
  for (std::size_t i = 0; i < gaps->size(); ++i) {
    if (gaps->gap[i]) continue;
    for (std::size_t at = last == kNowhere ? 0 : last + 1; at < i; ++at)
      out.add_json(last != kNowhere ? between(*gaps, last, i, at)
                                    : std::string(edges ? gaps->texts[i] : gaps->texts[at]));
    out.add_json(gaps->texts[i]);
    last = i;
  }
  if (last == kNowhere) return fill_all(call, *gaps);
  for (std::size_t at = last + 1; at < gaps->size(); ++at)
    out.add_json(edges ? gaps->texts[last] : gaps->texts[at]);
  return dynamic_result(call, std::move(out).take());
}

constexpr EvaluationRow kRows[] = {{"series_fill_backward", fill_backward, 1, 2},
                                   {"series_fill_const", fill_const, 1, 3},
                                   {"series_fill_forward", fill_forward, 1, 2},
                                   {"series_fill_linear", fill_linear, 1, 4}};

}  // namespace

EvaluationRows series_filling_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
