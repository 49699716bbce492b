#include "cli/cases.h"

#include <gtest/gtest.h>

#include <sstream>

#include "doc/json.h"

namespace redoubt::cli {
namespace {

/// Counts flushes.
class Pipe : public std::stringbuf {
 public:
  int flushes = 0;

 protected:
  int sync() override {
    ++flushes;
    return std::stringbuf::sync();
  }
};

TEST(Cases, EveryAnswerIsFlushed) {
  std::istringstream in("{\"id\":1}\n{\"id\":2}\n");
  Pipe pipe;
  std::ostream out(&pipe);
  Result<std::unique_ptr<Output>> output = Output::open("-", out);
  ASSERT_TRUE(output);
  int seen = 0;
  run_cases(in, **output, [&](const doc::Value&) -> Result<std::string> {
    EXPECT_EQ(pipe.flushes, seen++);
    return std::string("{}");
  });
  EXPECT_EQ(pipe.flushes, 2);
}

TEST(Cases, LinesOfAnyLength) {
  std::string big(5'000'000, 'x');
  std::istringstream in("{\"id\":\"" + big + "\"}");
  std::ostringstream out;
  Result<std::unique_ptr<Output>> output = Output::open("-", out);
  ASSERT_TRUE(output);
  run_cases(in, **output,
            [](const doc::Value&) -> Result<std::string> { return std::string("{\"ok\":true}"); });
  EXPECT_EQ(out.str(), "{\"id\":\"" + big + "\",\"ok\":true}\n");
}

}  // namespace
}  // namespace redoubt::cli
