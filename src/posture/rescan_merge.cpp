#include <algorithm>
#include <unordered_map>

#include "posture/detail/lookup_trace.h"
#include "posture/detail/records_by_resource.h"
#include "posture/rescan.h"

namespace redoubt::posture {

using estate::ExportRow;
using estate::SplitExport;

namespace {

KeptVerdict kept_of(const Record& record) {
  KeptVerdict out;
  out.policy = record.policy & (kMaxKeptPolicies - 1);
  out.state = static_cast<std::uint32_t>(record.state) & 7U;
  out.severity = static_cast<std::uint32_t>(record.severity) & 7U;
  out.exempt = record.exempt ? 1 : 0;
  out.manual = record.manual ? 1 : 0;
  out.looked = record.looked ? 1 : 0;
  out.timed = record.timed ? 1 : 0;
  return out;
}

bool by_policy(const KeptVerdict& left, const KeptVerdict& right) { return left.policy < right.policy; }

/// Sorted by policy.
std::vector<KeptVerdict> kept_of(std::span<const Record> records) {
  std::vector<KeptVerdict> out;
  out.reserve(records.size());
  for (const Record& record : records)
    out.push_back(kept_of(record));
  std::sort(out.begin(), out.end(), by_policy);
  return out;
}

/// The verdicts of a resource that was judged with some policies only.
std::vector<KeptVerdict> merged(std::span<const KeptVerdict> was, const std::vector<std::uint32_t>& judged,
                                std::vector<KeptVerdict> is) {
  for (const KeptVerdict& verdict : was)
    if (!std::binary_search(judged.begin(), judged.end(), verdict.policy)) is.push_back(verdict);
  std::sort(is.begin(), is.end(), by_policy);
  return is;
}

/// Puts resources behind one another, with their verdicts.
class Builder {
 public:
  explicit Builder(Rescan::Next& next) : next_(next), pass_(next.pass) {}

  std::uint32_t add(std::string_view id, std::string_view type, std::span<const KeptVerdict> verdicts,
                    std::uint32_t number) {
    const auto [entry, is_new] = types_.try_emplace(type, static_cast<std::uint32_t>(pass_.types.size()));
    if (is_new) pass_.types.push_back(type);
    pass_.resources.push_back({id, entry->second, static_cast<std::uint32_t>(pass_.verdicts.size())});
    pass_.verdicts.insert(pass_.verdicts.end(), verdicts.begin(), verdicts.end());
    next_.numbers.push_back(number);
    return static_cast<std::uint32_t>(pass_.resources.size() - 1);
  }

 private:
  Rescan::Next& next_;
  KeptPass& pass_;
  std::unordered_map<std::string_view, std::uint32_t> types_;
};

}  // namespace

Rescan::Next Rescan::next(const Scan& scan, const estate::Estate& estate,
                          const std::deque<SplitExport>& exports, Instant time) const {
  Next out;
  KeptPass& pass = out.pass;
  pass.world = world_;
  pass.time = time;
  if (why_all_.empty()) {
    pass.policies = last_->policies;  // the world is as it was
  } else {
    for (const PlannedPolicy& planned : scan.plan().policies()) {
      SideVariant variant = variant_of(planned);
      pass.policies.push_back({planned.definition->name, planned.definition->display_name,
                               std::move(variant.parameters), std::move(variant.effect),
                               std::move(variant.rule)});
    }
  }
  pass.lookups = scan.lookups();
  if (why_all_.empty())
    for (std::size_t policy = 0; policy < pass.lookups.size(); ++policy)
      for (const KeptLookup& lookup : last_->lookups[policy])
        add_lookup(pass.lookups[policy], lookup);

  const RecordsByResource records(scan.records());
  Builder builder(out);
  std::unordered_map<const Row*, std::uint32_t> of_rows;
  const estate::Estate::List resources = estate.resources();
  for (std::uint32_t i = 0; i < resources.size(); ++i) {
    const estate::Resource& resource = *resources[i];
    if (const Row* const row = row_of(resource))
      of_rows.emplace(row, i);
    else if (!resource.existing)
      builder.add(resource.id, resource.type, kept_of(records.of(i)), i);
  }

  const auto add_row = [&](const Row& row) {
    const auto found = of_rows.find(&row);
    const bool there = found != of_rows.end();
    if (row.kept != KeptPass::kNone && !row.all) {
      const KeptPass::Resource& last = last_->resources[row.kept];
      const std::span<const KeptVerdict> was = last_->verdicts_of(row.kept);
      const std::string_view type = last_->types[last.type];
      if (row.policies.empty()) return builder.add(last.id, type, was, KeptPass::kNone);
      if (!there) return KeptPass::kNone;
      return builder.add(last.id, type, merged(was, row.policies, kept_of(records.of(found->second))),
                         found->second);
    }
    if (!there) return KeptPass::kNone;
    const estate::Resource& resource = *resources[found->second];
    return builder.add(resource.id, resource.type, kept_of(records.of(found->second)), found->second);
  };
  for (std::size_t i = 0; i < exports.size(); ++i) {
    KeptPass::Export& kept = pass.exports.emplace_back();
    kept.path = exports[i].path;
    for (std::size_t j = 0; j < rows_[i].size(); ++j) {
      const ExportRow& row = exports[i].rows[j];
      kept.resources.push_back(add_row(rows_[i][j]));
      const bool known_again = kept.resources.back() != KeptPass::kNone && !row.faulty;
      kept.rows.push_back(known_again ? estate::KnownRow{row.span.size, row.hash} : estate::KnownRow{});
    }
  }
  return out;
}

}  // namespace redoubt::posture
