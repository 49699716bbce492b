#include "posture/rescan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "core/text.h"
#include "estate/load_export.h"
#include "posture/detail/lookup_trace.h"
#include "posture/detail/neighbourhood.h"
#include "posture/detail/type_index.h"

namespace redoubt::posture {

using estate::ExportRow;
using estate::SplitExport;

namespace {

/// How many rows a page lacks, as far as it tells.
std::string state_of_page(const SplitExport& split) {
  const estate::PageNotice notice = estate::notice_of(split.envelope);
  if (!notice.total) return notice.more ? "more" : "whole";
  return fmt::format("{} missing", *notice.total - static_cast<std::int64_t>(split.rows.size()));
}

}  // namespace

Rescan::Rescan(const doc::Sources& sources, const Plan& plan, std::string world, std::optional<KeptPass> last,
               std::string why_all)
    : sources_(sources),
      plan_(plan),
      world_text_(std::move(world)),
      last_(std::move(last)),
      why_all_(std::move(why_all)) {
  if (!last_ && why_all_.empty()) why_all_ = "no earlier pass is kept";
  const bool relations =
      std::any_of(plan.policies().begin(), plan.policies().end(),
                  [](const PlannedPolicy& one) { return policy::is_relation(*one.definition); });
  if (relations && why_all_.empty()) why_all_ = "relation checks look at the whole estate";
}

Rescan::~Rescan() = default;

std::optional<Instant> Rescan::last_time() const { return last_ ? std::optional(last_->time) : std::nullopt; }

std::string Rescan::what_is_judged() const {
  std::size_t changed = 0;
  std::size_t near = 0;
  for (const std::vector<Row>& rows : rows_)
    for (const Row& row : rows) {
      if (!row.is_judged()) continue;
      if (row.kept == KeptPass::kNone)
        ++changed;
      else
        ++near;
    }
  return fmt::format(
      "{} rows are other or new, {} resources are near a change or were judged by the time, {} are of "
      "templates, or of exports that are read as a whole",
      changed, near, reloaded_.size());
}

std::span<const estate::KnownRow> Rescan::known(const std::string& path) const {
  const KeptPass::Export* const found = last_ ? last_export(path) : nullptr;
  return found == nullptr ? std::span<const estate::KnownRow>() : found->rows;
}

/// The earlier state of an export: of the same path, or the only one there was.
const KeptPass::Export* Rescan::last_export(const std::string& path) const {
  if (last_->exports.size() == 1) return &last_->exports.front();
  const auto found = std::find_if(last_->exports.begin(), last_->exports.end(),
                                  [&](const KeptPass::Export& one) { return one.path == path; });
  return found == last_->exports.end() ? nullptr : &*found;
}

void Rescan::judge_all(std::deque<SplitExport>& exports, std::string why) {
  why_all_ = std::move(why);
  rows_.clear();
  gone_.clear();
  for (SplitExport& split : exports) {
    rows_.emplace_back(split.rows.size());
    for (ExportRow& row : split.rows)
      row.wanted = true;
  }
}

/// Everything verdicts hang on but the rows of exports. A text that was read twice counts once.
std::string Rescan::world_of(const std::deque<SplitExport>& exports) const {
  std::set<std::string> parts;
  std::set<std::string_view> split_paths;
  for (const SplitExport& split : exports) {
    split_paths.insert(split.path);
    // The only export may have another name each time, such as one with a date.
    parts.insert(
        fmt::format("export {}\n{}", exports.size() == 1 ? std::string() : split.path, state_of_page(split)));
  }
  for (std::uint32_t file = 1; file <= sources_.count(); ++file)
    if (!split_paths.contains(sources_.name(file)))
      parts.insert(fmt::format("{}\n{}", sources_.name(file), sha256_hex(sources_.text(file))));
  std::string out = world_text_;
  for (const std::string& part : parts)
    out += "\n" + part;
  return out;
}

void Rescan::choose(std::deque<SplitExport>& exports, const Parse& parse) {
  for (const SplitExport& split : exports) {
    files_.push_back(split.file);
    std::vector<std::uint32_t>& offsets = offsets_.emplace_back();
    for (const ExportRow& row : split.rows)
      offsets.push_back(row.span.offset);
  }
  world_ = sha256(world_of(exports));
  if (!why_all_.empty()) return judge_all(exports, std::move(why_all_));
  if (world_ != last_->world || last_->policies.size() != plan_.policies().size())
    return judge_all(
        exports,
        "policies, assignments, options, templates or the program are other than at the last pass, "
        "or an export that is read as a whole");
  match(exports);
  if (!parse_changed(exports, parse)) return judge_all(exports, "a row is no JSON");
  if (an_id_stands_twice()) return judge_all(exports, "an id stands twice in the exports");
  if (const std::string type = types_that_came_or_went(); !type.empty())
    return judge_all(exports, fmt::format("policies look for {}, and whether the exports have any is other "
                                          "than at the last pass",
                                          type));
  find_affected();
  want_rows(exports);
}

/// Finds the verdicts on unchanged rows that may be other now.
void Rescan::find_affected() {
  Reachable touched;
  for (const std::uint32_t gone : gone_)
    touched.add(last_->types[last_->resources[gone].type], last_->resources[gone].id);
  for (const std::vector<Row>& rows : rows_)
    for (const Row& row : rows)
      if (row.all) touched.add(row.type, row.id);
  std::vector<bool> may(last_->lookups.size(), false);  // whether a policy looks for a type that was touched
  for (std::size_t policy = 0; policy < may.size(); ++policy)
    for (const KeptLookup& lookup : last_->lookups[policy])
      may[policy] = may[policy] || touched.has_type(lookup.type);
  const bool groups = touched.has_type(kGroupType);
  for (std::vector<Row>& rows : rows_)
    for (Row& row : rows) {
      if (row.all) continue;
      const std::string_view id = last_->resources[row.kept].id;
      if (groups && touched.has_id(group_of(id))) {
        row.all = true;
        continue;
      }
      for (const KeptVerdict& verdict : last_->verdicts_of(row.kept)) {
        const std::vector<KeptLookup>& lookups = last_->lookups[verdict.policy];
        const bool other = verdict.looked != 0 && may[verdict.policy] &&
                           std::any_of(lookups.begin(), lookups.end(),
                                       [&](const KeptLookup& lookup) { return touched.by(lookup, id); });
        if (other || verdict.timed != 0) row.policies.push_back(verdict.policy);
      }
      std::sort(row.policies.begin(), row.policies.end());
    }
}

std::vector<KeptLookup> Rescan::lookups_of(const std::vector<std::uint32_t>& policies) const {
  std::vector<KeptLookup> out;
  for (const std::uint32_t policy : policies)
    for (const KeptLookup& lookup : last_->lookups[policy])
      add_lookup(out, lookup);
  return out;
}

/// Rows of what is judged, and of what its policies look for.
void Rescan::want_rows(std::deque<SplitExport>& exports) {
  TypeIndex index;
  for (std::uint32_t i = 0; i < plan_.policies().size(); ++i)
    if (plan_.policies()[i].compiled) index.add(i, plan_.policies()[i]);
  std::unordered_map<std::string, std::vector<KeptLookup>> by_type;  // what everything that applies looks for
  const auto of_type = [&](const std::string& type) -> const std::vector<KeptLookup>& {
    const auto [entry, is_new] = by_type.try_emplace(type);
    if (is_new) {
      std::vector<std::uint32_t> policies;
      index.visit(type, [&](std::uint32_t policy) { policies.push_back(policy); });
      entry->second = lookups_of(policies);
    }
    return entry->second;
  };
  Lookers lookers;
  for (const std::uint32_t number : reloaded_) {
    const KeptPass::Resource& resource = last_->resources[number];
    lookers.add(resource.id, of_type(lower(last_->types[resource.type])));
  }
  for (const std::vector<Row>& rows : rows_)
    for (const Row& row : rows) {
      if (!row.is_judged()) continue;
      if (row.kept == KeptPass::kNone) {
        lookers.add(row.id, of_type(row.type));
        continue;
      }
      const KeptPass::Resource& resource = last_->resources[row.kept];
      if (row.all)
        lookers.add(resource.id, of_type(lower(last_->types[resource.type])));
      else
        lookers.add(resource.id, lookups_of(row.policies));
    }
  std::vector<std::string> types;
  for (const std::string_view type : last_->types)
    types.push_back(lower(type));
  for (std::size_t i = 0; i < exports.size(); ++i)
    for (std::size_t j = 0; j < rows_[i].size(); ++j) {
      const Row& row = rows_[i][j];
      bool& wanted = exports[i].rows[j].wanted;
      wanted = row.is_judged();
      if (wanted || row.kept == KeptPass::kNone) continue;
      const KeptPass::Resource& resource = last_->resources[row.kept];
      const std::string& type = types[resource.type];
      wanted = lookers.reach(type, resource.id) || (type == kGroupType && lookers.lie_in(lower(resource.id)));
    }
}

/// Null for what came of no row of an export.
const Rescan::Row* Rescan::row_of(const estate::Resource& resource) const {
  const auto file = std::find(files_.begin(), files_.end(), resource.place.file);
  if (!resource.from_export || file == files_.end()) return nullptr;
  const auto number = static_cast<std::size_t>(file - files_.begin());
  const std::vector<std::uint32_t>& offsets = offsets_[number];
  const auto offset = std::lower_bound(offsets.begin(), offsets.end(), resource.place.offset);
  return &rows_[number][static_cast<std::size_t>(offset - offsets.begin())];
}

std::vector<ScanTask> Rescan::tasks(const estate::Estate& estate) const {
  std::vector<ScanTask> out;
  const estate::Estate::List resources = estate.resources();
  for (std::uint32_t i = 0; i < resources.size(); ++i) {
    const Row* const row = row_of(*resources[i]);
    if (!why_all_.empty() || row == nullptr || row->all)
      out.push_back({i, true, {}});
    else if (!row->policies.empty())
      out.push_back({i, false, row->policies});
  }
  return out;
}

std::vector<std::string_view> Rescan::types_left_out() const {
  std::set<std::uint32_t> types;
  if (last_)
    for (const std::vector<Row>& rows : rows_)
      for (const Row& row : rows)
        if (row.kept != KeptPass::kNone) types.insert(last_->resources[row.kept].type);
  std::vector<std::string_view> out;
  out.reserve(types.size());
  for (const std::uint32_t type : types)
    out.push_back(last_->types[type]);
  return out;
}

bool Rescan::looked_further(const Scan& scan) const {
  if (!why_all_.empty()) return false;
  const std::vector<std::vector<KeptLookup>> lookups = scan.lookups();
  for (std::size_t policy = 0; policy < lookups.size(); ++policy)
    for (const KeptLookup& lookup : lookups[policy]) {
      const std::vector<KeptLookup>& known = last_->lookups[policy];
      if (std::find(known.begin(), known.end(), lookup) == known.end()) return true;
    }
  return false;
}

}  // namespace redoubt::posture
