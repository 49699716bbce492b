#include "query/detail/operators.h"

namespace redoubt::query::detail {

OperatorRows plugin_operators() { return {}; }

}  // namespace redoubt::query::detail
