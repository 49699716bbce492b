#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "core/text.h"
#include "posture/detail/neighbourhood.h"
#include "posture/rescan.h"

namespace redoubt::posture {

using doc::Value;
using estate::ExportRow;
using estate::SplitExport;

namespace {

std::string_view text_at(const Value& row, std::string_view name) {
  const Value* found = row.find_any_case(name);
  return found != nullptr && found->is_string() ? found->as_string() : std::string_view();
}

/// As the estate will name it.
std::string type_of(const Value& row) {
  const std::string_view id = text_at(row, "id");
  if (const std::string group = group_of(id); !group.empty() && group.size() == id.size())
    return std::string(kGroupType);
  return lower(text_at(row, "type"));
}

std::string_view without_last_slash(std::string_view id) {
  while (id.ends_with('/'))
    id.remove_suffix(1);
  return id;
}

}  // namespace

/// Which rows are as they were, and which resources of the last pass have lost theirs.
void Rescan::match(std::deque<SplitExport>& exports) {
  std::vector<bool> there(last_->resources.size(), false);
  std::vector<bool> of_row(last_->resources.size(), false);
  for (const KeptPass::Export& one : last_->exports)
    for (const std::uint32_t resource : one.resources)
      if (resource != KeptPass::kNone) of_row[resource] = true;
  for (const SplitExport& split : exports) {
    std::vector<Row>& rows = rows_.emplace_back(split.rows.size());
    const KeptPass::Export* const kept = last_export(split.path);
    if (kept == nullptr) continue;
    std::unordered_map<estate::RowHash, std::uint32_t, estate::HashOfRowHash> by_hash;
    for (std::size_t i = 0; i < kept->rows.size(); ++i)
      if (kept->rows[i].size != 0) by_hash.emplace(kept->rows[i].hash, kept->resources[i]);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto found = by_hash.find(split.rows[i].hash);
      if (found == by_hash.end()) continue;
      rows[i].kept = found->second;
      if (found->second != KeptPass::kNone) there[found->second] = true;
    }
  }
  for (std::uint32_t i = 0; i < there.size(); ++i) {
    if (!of_row[i])
      reloaded_.push_back(i);
    else if (!there[i])
      gone_.push_back(i);
  }
}

bool Rescan::parse_changed(std::deque<SplitExport>& exports, const Parse& parse) {
  for (std::size_t i = 0; i < exports.size(); ++i)
    for (std::size_t j = 0; j < rows_[i].size(); ++j) {
      Row& row = rows_[i][j];
      if (row.kept != KeptPass::kNone) continue;
      ExportRow& of_export = exports[i].rows[j];
      of_export.wanted = row.all = true;
      if (!parse(exports[i], of_export)) return false;
      row.id = text_at(of_export.value, "id");
      row.type = type_of(of_export.value);
    }
  return true;
}

/// Of rows with one id the last counts, also where the others are as they were and would not be read.
bool Rescan::an_id_stands_twice() const {
  std::unordered_set<std::string> changed;
  std::unordered_set<std::size_t> sizes;  // so that few ids have to be written in lower case
  std::vector<bool> there(last_->resources.size(), false);
  for (const std::vector<Row>& rows : rows_)
    for (const Row& row : rows) {
      if (row.kept != KeptPass::kNone) {
        if (there[row.kept]) return true;
        there[row.kept] = true;
        continue;
      }
      const std::string_view id = without_last_slash(row.id);
      if (!id.empty() && !changed.insert(lower(id)).second) return true;
      sizes.insert(id.size());
    }
  for (std::size_t i = 0; i < there.size(); ++i) {
    const std::string_view id = without_last_slash(last_->resources[i].id);
    if (there[i] && sizes.contains(id.size()) && changed.contains(lower(id))) return true;
  }
  return false;
}

/// A type that policies look for and that only one of both passes has: what its absence means is other now.
std::string Rescan::types_that_came_or_went() const {
  std::set<std::string> sought;
  for (const std::vector<KeptLookup>& of_policy : last_->lookups)
    for (const KeptLookup& lookup : of_policy)
      sought.insert(lookup.type);
  std::set<std::string> was;
  std::set<std::string> is;
  for (const KeptPass::Export& one : last_->exports)
    for (const std::uint32_t resource : one.resources)
      if (resource != KeptPass::kNone) was.emplace(last_->types[last_->resources[resource].type]);
  for (const std::vector<Row>& rows : rows_)
    for (const Row& row : rows)
      if (row.kept != KeptPass::kNone)
        is.emplace(last_->types[last_->resources[row.kept].type]);
      else
        is.insert(row.type);
  const auto lowered = [](const std::set<std::string>& types) {
    std::set<std::string> out;
    for (const std::string& type : types)
      out.insert(lower(type));
    return out;
  };
  const std::set<std::string> before = lowered(was);
  const std::set<std::string> now = lowered(is);
  for (const std::string& type : sought)
    if (before.contains(type) != now.contains(type)) return type;
  return {};
}

}  // namespace redoubt::posture
