#include "kql/detail/evaluation.h"

namespace redoubt::kql::detail {

namespace {

// Who asks and where. There is no cluster here, and nobody has signed in: the names are those of the place
// itself, the details have the documented members without values.
// Source: "current_cluster_endpoint()", of which Microsoft's engine on a machine of one's own says localhost,
// "current_database()", "current_principal_details()".

Result<Value> cluster_endpoint(const Call&) { return Value::of_string("localhost"); }

Result<Value> database(const Call&) { return Value::of_string("redoubt"); }

Result<Value> principal_details(const Call&) {
  return Value::of_dynamic(
      R"({"UserPrincipalName":"","IdentityProvider":"","Authority":"","Mfa":"False","Type":"",)"
      R"("DisplayName":"","ObjectId":"","FQN":null,"Notes":null})");
}

constexpr EvaluationRow kRows[] = {{"current_cluster_endpoint", cluster_endpoint, 0, 0},
                                   {"current_database", database, 0, 0},
                                   {"current_principal_details", principal_details, 0, 0}};

}  // namespace

EvaluationRows context_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
