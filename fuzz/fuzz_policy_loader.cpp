#include <cstddef>
#include <cstdint>
#include <string>

#include "doc/json.h"
#include "policy/built_in.h"
#include "policy/case.h"
#include "policy/lint.h"
#include "policy/policy.h"

using namespace redoubt;

// Bytes as a policy file: what reads as a definition lints and judges a resource without failing, and twice
// the same.
namespace {

std::string outcome(const std::string& text) {
  doc::Sources sources;
  const doc::JsonLimits limits{.max_bytes = 1 << 16, .max_depth = 64, .max_nodes = 5'000};
  const Result<Reading<doc::Document>> read = doc::read_json(sources, "policy.json", text, limits);
  if (!read) return read.error().text();
  const Result<policy::Definition> definition = policy::read_definition(read->value.root);
  if (!definition) return definition.error().text();
  const policy::AliasCatalogue aliases(policy::built_in_aliases());
  const policy::TypeTable types = policy::built_in_types();
  arm::Origins origins;
  std::string out;
  for (const Diagnostic& one :
       policy::lint(*definition, {&aliases, &types, &origins, false, &sources}, sources))
    out += one.text();
  Arena arena;
  const doc::Value resource =
      doc::parse_json(
          arena, R"({"type":"Microsoft.Storage/storageAccounts","name":"a","properties":{"b":[1,{"c":2}]}})")
          .value();
  const doc::Member members[] = {
      {"definition", read->value.root}, {"resource", resource}, {"related", doc::Value::array({})}};
  const Result<std::string> verdict =
      policy::evaluate_case(doc::make_object(arena, members), {&aliases, &types, Instant{}});
  return out + (verdict ? *verdict : verdict.error().text());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  RD_CHECK(outcome(text) == outcome(text));
  return 0;
}
