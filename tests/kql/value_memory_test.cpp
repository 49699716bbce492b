#include <gtest/gtest.h>

#include <new>
#include <string>
#include <vector>

#include "core/memory_meter.h"
#include "kql/value.h"

namespace redoubt::kql {
namespace {

constexpr std::size_t kText = 1 << 20;

TEST(ValueMemory, CopiesForWhichThereIsNoRoomFail) {
  if (!kMemoryIsBounded) GTEST_SKIP() << "under a sanitizer nothing fails";
  const Value text = Value::of_string(std::string(kText, 'x'));
  const Value json = Value::of_dynamic("\"" + std::string(kText, 'x') + "\"");
  std::vector<Value> values(2);
  values.reserve(4);
  const MemoryMeter meter(kText / 2);
  EXPECT_THROW(Value copy(text), std::bad_alloc);
  EXPECT_THROW(values.push_back(json), std::bad_alloc);
  EXPECT_THROW(values[0] = text, std::bad_alloc);
  EXPECT_TRUE(values[0].is_null());
  EXPECT_EQ(values.size(), 2U);
}

TEST(ValueMemory, CopiesAreTheSame) {
  for (const Value& value : {Value(), Value::of_string("a"), Value::of_dynamic("[1]"), Value::of_long(1),
                             Value::of_real(0.5), Value::null(Type::Guid)}) {
    Value copy(value);
    EXPECT_TRUE(copy.same_as(value));
    copy = Value::of_string("other");
    copy = value;
    EXPECT_TRUE(copy.same_as(value));
    const Value& itself = copy;
    copy = itself;
    EXPECT_TRUE(copy.same_as(value));
  }
}

}  // namespace
}  // namespace redoubt::kql
