#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "doc/yaml.h"
#include "posture/baseline.h"

// Any bytes as a baseline: one that reads without a mistake is written as YAML and as JSON that read as the
// same entries, also with another entry behind it and with the file's own text kept.

namespace {

using namespace redoubt;
using posture::Baseline;
using posture::BaselineEntry;

std::optional<Baseline> read(const std::string& text) {
  doc::Sources sources;
  doc::YamlLimits limits;
  limits.max_bytes = 1 << 16;
  limits.max_depth = 64;
  limits.max_nodes = 10'000;
  const Result<Reading<doc::Document>> document = doc::read_yaml(sources, "baseline", text, limits);
  if (!document) return std::nullopt;
  Reading<Baseline> out = Baseline::read(document->value.root, sources);
  if (!out.diagnostics.empty()) return std::nullopt;
  return std::move(out.value);
}

bool same(const BaselineEntry& left, const BaselineEntry& right) {
  return left.finding == right.finding && left.policy == right.policy && left.resource == right.resource &&
         left.path == right.path && left.reason == right.reason && left.owner == right.owner &&
         left.expires == right.expires && left.expires_at == right.expires_at;
}

void check_reads_as(const std::string& text, const Baseline& wanted) {
  const std::optional<Baseline> again = read(text);
  RD_CHECK(again.has_value());
  RD_CHECK(std::equal(again->entries().begin(), again->entries().end(), wanted.entries().begin(),
                      wanted.entries().end(), same));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::optional<Baseline> baseline = read(text);
  if (!baseline) return 0;
  for (const bool json : {true, false})
    check_reads_as(posture::baseline_text(*baseline, json), *baseline);
  const std::size_t kept = baseline->entries().size();
  BaselineEntry more;
  more.finding = "f";
  more.reason = "r: #";
  more.owner = "o";
  more.expires = "2026-12-31";
  more.expires_at = *posture::read_expiry(more.expires);
  baseline->add(more);
  check_reads_as(posture::baseline_text(*baseline, false, kept, text), *baseline);
  return 0;
}
