#include "query/detail/operators.h"

namespace redoubt::query::detail {

OperatorRows scan_operators() { return {}; }

}  // namespace redoubt::query::detail
