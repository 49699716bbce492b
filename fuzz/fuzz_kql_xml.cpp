#include <cstddef>
#include <cstdint>
#include <string>

#include "kql/evaluate.h"
#include "kql/json_text.h"

using namespace redoubt;
using namespace redoubt::kql;

// What parse_xml() makes of any text is null or a bag of one member, written as all other JSON is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Function* const function = find_function("parse_xml", FunctionKind::Scalar);
  const Value text[] = {Value::of_string(std::string(reinterpret_cast<const char*>(data), size))};
  const Result<Value> out = evaluate(*function, text, {});
  RD_CHECK(out.has_value());
  if (out->is_null()) return 0;
  RD_CHECK(json_members(out->json()).size() == 1);
  RD_CHECK(normalize_json(out->json()) == out->json());
  return 0;
}
