#include "query/detail/operators.h"

namespace redoubt::query::detail {

OperatorRows graph_operators() { return {}; }

}  // namespace redoubt::query::detail
