#include "query/detail/operators.h"

namespace redoubt::query::detail {

OperatorRows series_operators() { return {}; }

}  // namespace redoubt::query::detail
