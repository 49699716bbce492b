#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../tests/kql/tree_rules.h"
#include "core/result.h"
#include "kql/parser.h"

using namespace redoubt;

// Whatever the text: its tokens cover it, the nodes of its tree lie in each other and in order, memory is
// linear in its size, and cutting off its end breaks none of that.
namespace {

void check(std::string_view text, const kql::ParseLimits& limits) {
  const kql::Syntax syntax = kql::parse(text, limits);
  RD_CHECK(kql::broken_rule(syntax, limits.max_problems).empty());
  RD_CHECK(syntax.arena.bytes() <= (1U << 20) + 320 * text.size());
  RD_CHECK(!kql::to_text(syntax).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text, {});
  check(text.substr(0, size / 2), {});
  check(text, {.max_bytes = 1'000, .max_depth = 10, .max_problems = 5});
  return 0;
}
