#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "doc/json.h"
#include "estate/resource.h"
#include "policy/built_in.h"
#include "policy/classify.h"
#include "policy/evaluate.h"
#include "policy/library.h"
#include "policy/lint.h"

// Any bytes as a file of policies, whole and as lines: what compiles
// judges a resource to the same state with and without an explanation; all of it twice the same.

namespace {

using namespace redoubt;

constexpr std::string_view kResource = R"({"type":"Microsoft.Storage/storageAccounts","name":"stcore1",
"apiVersion":"2023-01-01","location":"westeurope","kind":"StorageV2","sku":{"name":"Standard_LRS"},
"tags":{"owner":"data","cost center":"7"},"identity":{"type":"SystemAssigned"},
"properties":{"supportsHttpsTrafficOnly":false,"minimumTlsVersion":"TLS1_0","networkAcls":{
"defaultAction":"Deny","ipRules":[{"value":"10.0.0.1","action":"Allow"},{"value":"10.0.0.2"}]}}})";

/// The input as a file, of its own for each process: the library reads files.
std::string input_file(std::string_view text, std::string_view extension) {
  static const std::string folder =
      (std::filesystem::temp_directory_path() / "redoubt-fuzz-policies-").string() +
      std::to_string(::getpid());
  std::filesystem::create_directories(folder);
  std::string path = folder + "/input" + std::string(extension);
  std::ofstream(path, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
  return path;
}

std::string describe(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const Diagnostic& one : diagnostics) {
    RD_CHECK(!one.code.empty() && !one.message.empty());
    out += one.text() + "\n";
  }
  return out;
}

std::string describe(const policy::Verdict& verdict) {
  std::string out(policy::name_of(verdict.state));
  out += " " + std::string(verdict.effect) + " " + verdict.explanation.text + " " + verdict.explanation.path;
  for (const policy::UnknownUse& use : verdict.unknown)
    out += " ?" + use.field + "=" + use.origin;
  if (verdict.fix) out += " fix " + verdict.fix->text;
  if (verdict.error) out += " " + verdict.error->text();
  return out + "\n";
}

std::string judged(const policy::Policy& compiled, arm::Origins& origins) {
  Arena arena;
  estate::Resource resource;
  resource.body = doc::parse_json(arena, kResource).value();
  resource.type = "Microsoft.Storage/storageAccounts";
  resource.name = "stcore1";
  resource.api_version = "2023-01-01";
  policy::Judge judge(origins);
  const policy::RequestContext context{.now = Instant{638'000'000'000'000'000}};
  const policy::State quick = judge.judge(compiled, resource, nullptr, context, false).state;
  const policy::Verdict verdict = judge.judge(compiled, resource, nullptr, context, true);
  RD_CHECK(quick == verdict.state);
  RD_CHECK(verdict.state != policy::State::Unknown || !verdict.unknown.empty());
  RD_CHECK(verdict.state != policy::State::Error || verdict.error.has_value());
  return describe(verdict);
}

std::string outcome(const std::string& path) {
  static const policy::AliasCatalogue aliases(policy::built_in_aliases());
  static const policy::TypeTable types = policy::built_in_types();
  doc::Sources sources;
  arm::Origins origins;
  policy::Library library;
  library.load(sources, path);
  std::string out = describe(library.take_diagnostics());
  const policy::CompileOptions options{&aliases, &types, &origins, false, &sources};
  for (const policy::Definition& definition : library.definitions()) {
    out += definition.name + (library.find_definition(definition.name) == &definition ? "" : " is hidden");
    out += policy::row_of(policy::classify(definition)).name;
    out += "\n" + describe(policy::lint(definition, options, sources));
    const Result<policy::Policy> compiled = policy::compile(definition, doc::Value::object({}), options);
    out += compiled ? judged(*compiled, origins) : compiled.error().text() + "\n";
  }
  for (const policy::Initiative& initiative : library.initiatives())
    out += describe(policy::lint(initiative, library, sources));
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::string_view extension : {".json", ".jsonl"}) {
    const std::string path = input_file(text, extension);
    RD_CHECK(outcome(path) == outcome(path));
  }
  return 0;
}
