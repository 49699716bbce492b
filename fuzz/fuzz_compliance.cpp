#include <cstddef>
#include <cstdint>
#include <string>

#include "doc/yaml.h"
#include "posture/attestation.h"
#include "posture/control_mapping.h"

using namespace redoubt;

// Any bytes as a file of attestations and as a mapping: what is read names a framework and a control that
// there is, is whole, and what is not read has a diagnostic inside of the file.
namespace {

constexpr Instant kNow{638'000'000'000'000'000};

void check_places(const std::vector<Diagnostic>& diagnostics, std::size_t size) {
  for (const Diagnostic& one : diagnostics) {
    RD_CHECK(one.code.starts_with("POS00") && !one.message.empty());
    RD_CHECK(one.where.line <= size + 1 && one.where.column <= size + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const posture::Frameworks frameworks;
  const std::string text(reinterpret_cast<const char*>(data), size);
  doc::Sources sources;
  const Result<Reading<doc::Document>> document =
      doc::read_yaml(sources, "input", text, {.max_bytes = 1 << 20, .max_depth = 64, .max_nodes = 10'000});
  if (!document) return 0;

  const Reading<std::vector<posture::Attestation>> attested =
      posture::read_attestations(document->value.root, sources, frameworks, kNow);
  check_places(attested.diagnostics, size);
  for (const posture::Attestation& one : attested.value) {
    RD_CHECK(one.control < frameworks.all().at(one.framework).controls.size());
    RD_CHECK(!one.statement.empty() && !one.author.empty() && one.expires_at > kNow);
  }

  const Reading<posture::ControlMapping> mapping =
      posture::read_mapping(document->value.root, sources, frameworks, "input");
  check_places(mapping.diagnostics, size);
  for (const auto& [control, checks] : mapping.value.controls) {
    RD_CHECK(control < frameworks.all().at(mapping.value.framework).controls.size());
    for (const posture::MappedCheck& check : checks)
      RD_CHECK(!check.check.empty());
  }
  RD_CHECK(attested.has_errors() || mapping.has_errors());  // a file has one schema or the other
  return 0;
}
