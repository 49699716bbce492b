#include <algorithm>

#include "kql/detail/fourier.h"
#include "kql/detail/series.h"

namespace redoubt::kql::detail {

namespace {

using Numbers = std::vector<double>;

/// Whether each of so many values may be multiplied with each of so many others.
bool affordable(const Call& call, std::size_t values, std::size_t others) {
  return others == 0 || values <= call.context.limits.max_steps / others;
}

tl::unexpected<Error> too_much_work(const Call& call) {
  return fail(Error::Kind::Limit, "KQL0405",
              std::string(call.function.name) + " would take more steps than the limit of " +
                  std::to_string(call.context.limits.max_steps));
}

/// Divided by their sum, where the call asks for it: by itself it does when none is negative. False: it asks
/// and one is.
bool normalize(const Call& call, Numbers& filter) {
  const bool negative = std::any_of(filter.begin(), filter.end(), [](double one) { return one < 0; });
  if (!(call.given(2) == nullptr ? !negative : bool_of(call[2]).value_or(false))) return true;
  if (negative) return false;
  double sum = 0;
  for (const double one : filter)
    sum += one;
  for (double& one : filter)
    one /= sum;
  return true;
}

/// series_fir(series, filter [, normalize [, center]]); in front of the series and behind it there is 0.
Result<Value> fir(const Call& call) {
  const std::optional<Numbers> series = finite_series(call, 0);
  std::optional<Numbers> filter = finite_series(call, 1);
  if (!series || !filter || !normalize(call, *filter)) return Value::null(Type::Dynamic);
  if (!affordable(call, series->size(), filter->size())) return too_much_work(call);
  const bool center = call.size() > 3 && bool_of(call[3]).value_or(false);
  const std::size_t ahead = center ? (filter->size() - 1) / 2 : 0;
  Numbers out(series->size());
  for (std::size_t i = 0; i < out.size(); ++i)
    for (std::size_t j = 0; j < filter->size() && j <= i + ahead; ++j)
      if (i + ahead - j < series->size()) out[i] += (*filter)[j] * (*series)[i + ahead - j];
  return dynamic_result(call, array_text(out));
}

/// series_iir(series, numerators, denominators). Source: "series_iir()", the filter's recursive formula.
Result<Value> iir(const Call& call) {
  const std::optional<Numbers> series = finite_series(call, 0);
  const std::optional<Numbers> numerators = finite_series(call, 1);
  const std::optional<Numbers> denominators = finite_series(call, 2);
  if (!series || !numerators || !denominators || denominators->front() == 0)
    return Value::null(Type::Dynamic);
  if (!affordable(call, series->size(), numerators->size() + denominators->size()))
    return too_much_work(call);
  Numbers out(series->size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < numerators->size() && j <= i; ++j)
      sum += (*numerators)[j] * (*series)[i - j];
    for (std::size_t j = 1; j < denominators->size() && j <= i; ++j)
      sum -= (*denominators)[j] * out[i - j];
    out[i] = sum / denominators->front();
  }
  return dynamic_result(call, array_text(out));
}

/// A series of complex numbers from its real part and its imaginary one, which may be left out.
template <void (*function)(std::vector<std::complex<double>>&)>
Result<Value> fourier(const Call& call) {
  const std::optional<Numbers> real = finite_series(call, 0);
  const std::optional<Numbers> imaginary =
      call.size() > 1 ? finite_series(call, 1) : Numbers(real ? real->size() : 0);
  if (!real || !imaginary || real->size() != imaginary->size()) return Value::of_dynamic("[null,null]");
  if (real->size() > call.context.limits.max_elements) return too_large(call);
  std::vector<std::complex<double>> values;
  values.reserve(real->size());
  for (std::size_t i = 0; i < real->size(); ++i)
    values.emplace_back((*real)[i], (*imaginary)[i]);
  function(values);
  ArrayText reals;
  ArrayText imaginaries;
  for (const std::complex<double>& value : values) {
    reals.add(value.real());
    imaginaries.add(value.imag());
  }
  return dynamic_result(call, "[" + std::move(reals).take() + "," + std::move(imaginaries).take() + "]");
}

constexpr EvaluationRow kRows[] = {{"series_fft", fourier<transform>, 1, 2},
                                   {"series_fir", fir, 2, 4},
                                   {"series_ifft", fourier<transform_back>, 1, 2},
                                   {"series_iir", iir, 3, 3}};

}  // namespace

EvaluationRows series_filter_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
