#include "kql/detail/evaluation.h"
namespace redoubt::kql::detail {
EvaluationRows address_evaluations() { return {}; }
EvaluationRows encoding_evaluations() { return {}; }
EvaluationRows hash_evaluations() { return {}; }
EvaluationRows ipv6_evaluations() { return {}; }
EvaluationRows parsing_evaluations() { return {}; }
EvaluationRows url_evaluations() { return {}; }
}  // namespace redoubt::kql::detail
