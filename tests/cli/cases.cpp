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
  EXPECT_TRUE(run_cases(in, **output, [&](const doc::Value&) -> Result<std::string> {
    EXPECT_EQ(pipe.flushes, seen++);
    return std::string("{}");
  }));
  EXPECT_EQ(pipe.flushes, 2);
}

TEST(Cases, LongLines) {
  std::string big(5'000'000, 'x');
  std::istringstream in("{\"id\":\"" + big + "\"}");
  std::ostringstream out;
  Result<std::unique_ptr<Output>> output = Output::open("-", out);
  ASSERT_TRUE(output);
  EXPECT_TRUE(run_cases(
      in, **output, [](const doc::Value&) -> Result<std::string> { return std::string("{\"ok\":true}"); }));
  EXPECT_EQ(out.str(), "{\"id\":\"" + big + "\",\"ok\":true}\n");
}

TEST(Cases, ALineBeyondTheLimitEndsThem) {
  std::istringstream in("{\"a\":1}\n\n{\"id\":\"xx\"}\n{\"b\":2}\n");
  std::ostringstream out;
  Result<std::unique_ptr<Output>> output = Output::open("-", out);
  ASSERT_TRUE(output);
  const auto answer = [](const doc::Value&) -> Result<std::string> { return std::string("{}"); };
  const Result<void> done = run_cases(in, **output, answer, 7);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "DOC0103");
  EXPECT_EQ(done.error().where.line, 3U);
  EXPECT_EQ(out.str(), "{\"line\":1}\n");
}

}  // namespace
}  // namespace redoubt::cli
