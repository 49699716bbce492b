#pragma once

#include <string>

namespace redoubt::cli {

/// docs/reference/coverage.md: what of both languages the engine knows, from the tables it runs on.
std::string coverage_reference();

}  // namespace redoubt::cli
