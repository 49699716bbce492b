#include "store/detail/engine_error.h"

#include "testing/cases.h"

namespace redoubt::store::detail {
namespace {

std::string render(std::string_view input) { return engine_error(input).text(); }

[[maybe_unused]] const bool registered =
    testing::register_cases("StoreEngineError", "tests/store/cases/engine_error", render);

}  // namespace
}  // namespace redoubt::store::detail
