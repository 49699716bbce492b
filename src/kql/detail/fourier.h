#pragma once

#include <complex>
#include <vector>

namespace redoubt::kql::detail {

/// The discrete Fourier transform of any number of values, in n log n: sum of x[i] exp(-2 pi i k / n).
void transform(std::vector<std::complex<double>>& values);
/// Its inverse, which divides by n.
void transform_back(std::vector<std::complex<double>>& values);

}  // namespace redoubt::kql::detail
