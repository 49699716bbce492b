#include "query/detail/aggregate.h"

#include <gtest/gtest.h>

namespace redoubt::query::detail {
namespace {

TEST(QueryAggregate, EveryFunctionIsKnown) {
  for (const kql::Function& function : kql::functions(kql::FunctionKind::Aggregate))
    EXPECT_NE(find_aggregate(function), nullptr) << function.name;
}

TEST(QueryAggregate, AnotherNameIsAnotherRowOnlyWhereItSaysMore) {
  const auto row = [](std::string_view name) {
    return find_aggregate(*kql::find_function(name, kql::FunctionKind::Aggregate));
  };
  EXPECT_EQ(row("any"), row("take_any"));
  EXPECT_NE(row("makelist"), row("make_list"));
}

}  // namespace
}  // namespace redoubt::query::detail
