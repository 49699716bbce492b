#include "query/detail/operators.h"

namespace redoubt::query::detail {

OperatorRows parse_operators() { return {}; }

}  // namespace redoubt::query::detail
