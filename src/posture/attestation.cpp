#include "posture/attestation.h"

#include <fmt/format.h>

#include "posture/baseline.h"
#include "posture/detail/entry_reader.h"

namespace redoubt::posture {

using detail::EntryReader;
using doc::Value;

namespace {

constexpr std::string_view kSchema = "redoubt.attestations/1";

void read_end(EntryReader& reader, const Value& entry, const Framework& framework, Instant now,
              Attestation& out) {
  out.expires = reader.needed(entry, "expires", "say until when it holds: 2027-06-30");
  if (out.expires.empty()) return;
  const Value& node = *entry.find("expires");
  const Result<Instant> ends = read_expiry(out.expires);
  if (!ends) return reader.tell(ends.error().code, ends.error().message, node, ends.error().hint);
  out.expires_at = *ends;
  if (out.expires_at <= now)
    reader.tell("POS0065",
                fmt::format("an attestation has expired, it attests nothing: {} {}, {}, {}", framework.id,
                            framework.controls[out.control].shown(), out.author, out.expires),
                node, "look again, then write a new date", Severity::Warning);
}

}  // namespace

Reading<std::vector<Attestation>> read_attestations(const Value& root, const doc::Sources& sources,
                                                    const Frameworks& frameworks, Instant now) {
  Reading<std::vector<Attestation>> out;
  EntryReader reader(frameworks, sources, out.diagnostics);
  const Value* entries = reader.entries(root, kSchema, "attestations", {"schema", "attestations"});
  if (entries == nullptr) return out;
  for (const Value& entry : entries->items()) {
    const std::size_t mistakes = out.diagnostics.size();
    if (!reader.has_form(entry, "an attestation",
                         {"framework", "control", "statement", "author", "expires", "evidence"}) &&
        !entry.is_object())
      continue;
    Attestation one;
    one.where = reader.where(entry);
    const std::optional<std::size_t> framework = reader.framework(entry);
    if (!framework) continue;
    const Framework& of = frameworks.all()[*framework];
    const std::optional<std::size_t> control = reader.control(entry, of);
    if (!control) continue;
    one.framework = *framework;
    one.control = *control;
    one.statement = reader.needed(entry, "statement", "say what was looked at, and what it came to");
    one.author = reader.needed(entry, "author", "say who answers for it");
    one.evidence = reader.text(entry, "evidence");
    read_end(reader, entry, of, now, one);
    if (out.diagnostics.size() == mistakes) out.value.push_back(std::move(one));
  }
  return out;
}

}  // namespace redoubt::posture
