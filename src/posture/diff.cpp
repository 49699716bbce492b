#include "posture/diff.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "core/text.h"

namespace redoubt::posture {

namespace {

std::string key_of(const SideRow& row) {
  return lower(row.policy) + "\n" + lower(row.resource_id) + "\n" + row.path;
}

bool open(std::string_view state) { return state == "unknown" || state == "error"; }
bool open(const SideRow& row) { return open(row.state); }
bool noncompliant(const SideRow& row) { return row.state == "noncompliant"; }

using Ids = std::unordered_map<std::string, std::set<std::string_view>>;  // of findings, by key

Ids noncompliant_keys(const DiffSide& side) {
  Ids out;
  for (const SideRow& row : side.rows())
    if (noncompliant(row)) out[key_of(row)].insert(row.id);
  return out;
}

class Differ {
 public:
  Differ(const DiffSide& before, const DiffSide& after)
      : before_(before),
        after_(after),
        keys_before_(noncompliant_keys(before)),
        keys_after_(noncompliant_keys(after)) {}

  Diff run() {
    out_.before = &before_;
    out_.after = &after_;
    out_.contents_known = before_.all() && after_.all();
    note_other_ids();
    compare_rows();
    if (out_.contents_known) compare_resources();
    compare_policies();
    return std::move(out_);
  }

 private:
  void compare_rows() {
    std::set<std::string> seen;  // several parameters of one policy are one row
    for (const SideRow& row : after_.rows()) {
      const std::string_view was = before_.state_of(row.policy, row.resource_id);
      const std::string key = key_of(row);
      if (noncompliant(row) && !keys_before_.contains(key) && seen.insert(key).second)
        out_.worse.push_back({&row, was});
      if (open(row) && !open(was) && seen.insert(key + "\nopen").second)
        out_.newly_unknown.push_back({&row, was});
    }
    seen.clear();
    for (const SideRow& row : before_.rows()) {
      const std::string_view is = after_.state_of(row.policy, row.resource_id);
      const std::string key = key_of(row);
      if (noncompliant(row) && !keys_after_.contains(key) && !open(is) && seen.insert(key).second)
        out_.better.push_back({&row, is});
      if (open(row) && !open(is) && seen.insert(key + "\nopen").second)
        out_.no_longer_unknown.push_back({&row, is});
    }
  }

  /// A saved result knows of resources and policies by what was judged.
  bool counts(bool judged) const { return judged || (!before_.saved() && !after_.saved()); }

  void compare_resources() {
    for (const auto& [id, resource] : after_.resources())
      if (counts(resource.judged) && !before_.resources().contains(id)) out_.added.push_back(&resource);
    for (const auto& [id, resource] : before_.resources())
      if (counts(resource.judged) && !after_.resources().contains(id)) out_.removed.push_back(&resource);
  }

  void compare_policies() {
    std::map<std::string, std::vector<std::string>> hits;
    std::map<std::string, std::vector<std::string>> frees;
    for (const DiffRow& row : out_.worse)
      add(hits[lower(row.row->policy)], row.row->resource_id);
    for (const DiffRow& row : out_.better)
      add(frees[lower(row.row->policy)], row.row->resource_id);
    std::set<std::string> names;
    for (const DiffSide* side : {&before_, &after_})
      for (const auto& [name, policy] : side->policies())
        names.insert(name);
    for (const std::string& name : names) {
      PolicyChange change = changed(name);
      if (!changed(change)) continue;
      change.hits = hits[name];
      change.frees = frees[name];
      out_.policies.push_back(std::move(change));
    }
  }

  static void add(std::vector<std::string>& ids, const std::string& id) {
    if (ids.empty() || !equal_any_case(ids.back(), id)) ids.push_back(id);  // rows are sorted
  }

  bool changed(const PolicyChange& change) const {
    if (change.parameters || change.effect || change.rule) return true;
    if (change.kind == PolicyChange::Kind::Changed || !out_.contents_known) return false;
    return counts((change.before != nullptr ? change.before : change.after)->judged);
  }

  PolicyChange changed(const std::string& name) const {
    PolicyChange out;
    const auto before = before_.policies().find(name);
    const auto after = after_.policies().find(name);
    if (before != before_.policies().end()) out.before = &before->second;
    if (after != after_.policies().end()) out.after = &after->second;
    if (out.before == nullptr) out.kind = PolicyChange::Kind::Added;
    if (out.after == nullptr) out.kind = PolicyChange::Kind::Removed;
    if (out.kind != PolicyChange::Kind::Changed) return out;
    if (before_.saved() || after_.saved()) {
      out.parameters = other_ids_.contains(name);
      return out;
    }
    const auto of = [](const SidePolicy& policy, std::string SideVariant::* member) {
      std::set<std::string> values;
      for (const SideVariant& variant : policy.variants)
        values.insert(variant.*member);
      return values;
    };
    const auto differs = [&](std::string SideVariant::* member) {
      return of(*out.before, member) != of(*out.after, member);
    };
    out.parameters = differs(&SideVariant::parameters);
    out.effect = differs(&SideVariant::effect);
    out.rule = differs(&SideVariant::rule);
    return out;
  }

  /// A finding's id tells of the parameters that it was judged with.
  void note_other_ids() {
    for (const auto& [key, ids] : keys_after_) {
      const auto before = keys_before_.find(key);
      if (before != keys_before_.end() && before->second != ids)
        other_ids_.insert(key.substr(0, key.find('\n')));
    }
  }

  const DiffSide& before_;
  const DiffSide& after_;
  Ids keys_before_;
  Ids keys_after_;
  std::set<std::string> other_ids_;  // policies
  Diff out_;
};

}  // namespace

Level Diff::worst() const {
  Level worst = Level::None;
  for (const DiffRow& row : worse)
    worst = std::max(worst, row.row->severity);
  return worst;
}

Diff diff(const DiffSide& before, const DiffSide& after) { return Differ(before, after).run(); }

}  // namespace redoubt::posture
