#include "kql/detail/fourier.h"

#include <bit>
#include <cstdint>
#include <numbers>

namespace redoubt::kql::detail {

namespace {

using Complex = std::complex<double>;
using Complexes = std::vector<Complex>;

/// exp(-2 pi i k / n)
Complex root(std::uint64_t k, std::uint64_t n) {
  return std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(n));
}

void reverse_places(Complexes& values) {
  const std::size_t n = values.size();
  for (std::size_t i = 1, j = 0; i < n; ++i) {
    std::size_t bit = n >> 1U;
    for (; (j & bit) != 0; bit >>= 1U)
      j ^= bit;
    j ^= bit;
    if (i < j) std::swap(values[i], values[j]);
  }
}

/// Of a power of two (Cooley and Tukey).
void transform_power(Complexes& values) {
  const std::size_t n = values.size();
  reverse_places(values);
  Complexes roots(n / 2);
  for (std::size_t k = 0; k < roots.size(); ++k)
    roots[k] = root(k, n);
  for (std::size_t half = 1; half < n; half *= 2)
    for (std::size_t from = 0; from < n; from += 2 * half)
      for (std::size_t k = 0; k < half; ++k) {
        const Complex turned = values[from + half + k] * roots[k * (n / (2 * half))];
        values[from + half + k] = values[from + k] - turned;
        values[from + k] += turned;
      }
}

void invert(Complexes& values, void (*forward)(Complexes&)) {
  for (Complex& value : values)
    value = std::conj(value);
  forward(values);
  const double n = static_cast<double>(values.size());
  for (Complex& value : values)
    value = std::conj(value) / n;
}

/// Of any number, as a convolution with a chirp (Bluestein).
void transform_any(Complexes& values) {
  const std::size_t n = values.size();
  const std::size_t size = std::bit_ceil(2 * n - 1);
  Complexes chirp(n);
  for (std::uint64_t i = 0; i < n; ++i)
    chirp[i] = root(i * i % (2 * n), 2 * n);
  Complexes left(size);
  Complexes right(size);
  for (std::size_t i = 0; i < n; ++i) {
    left[i] = values[i] * chirp[i];
    right[i] = std::conj(chirp[i]);
    if (i > 0) right[size - i] = right[i];
  }
  transform_power(left);
  transform_power(right);
  for (std::size_t i = 0; i < size; ++i)
    left[i] *= right[i];
  invert(left, transform_power);
  for (std::size_t i = 0; i < n; ++i)
    values[i] = left[i] * chirp[i];
}

}  // namespace

void transform(Complexes& values) {
  if (values.size() < 2) return;
  std::has_single_bit(values.size()) ? transform_power(values) : transform_any(values);
}

void transform_back(Complexes& values) {
  if (values.size() >= 2) invert(values, transform);
}

}  // namespace redoubt::kql::detail
