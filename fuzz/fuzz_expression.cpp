#include <cstddef>
#include <cstdint>
#include <string>

#include "arm/expand.h"
#include "doc/json.h"

using namespace redoubt;

// An expression ends, gives the same twice, and its value can be written; in both languages.
namespace {

std::string outcome(const std::string& text, bool policy) {
  arm::Origins origins;
  Arena arena;
  const doc::Member members[] = {{"a", doc::Value::string("text")},
                                 {"open", origins.unknown(doc::UnknownType::Any, "open")},
                                 {"secret", doc::Value::string("hidden-value").as_secret()}};
  const doc::Value parameters = doc::make_object(arena, members);
  const Result<doc::Value> value =
      arm::evaluate_text(text, &parameters, &parameters, policy, origins, arena, arm::ExpandOptions{});
  const std::string out = value ? arm::to_json(*value, origins) : value.error().text();
  RD_CHECK(text.find("hidden") != std::string::npos || out.find("hidden-value") == std::string::npos);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4096) return 0;
  const std::string text = "[" + std::string(reinterpret_cast<const char*>(data), size) + "]";
  for (const bool policy : {false, true})
    RD_CHECK(outcome(text, policy) == outcome(text, policy));
  return 0;
}
