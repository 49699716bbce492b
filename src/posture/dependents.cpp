#include "posture/dependents.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "core/text.h"
#include "posture/risk.h"

namespace redoubt::posture {

using doc::Value;
using estate::Resource;

namespace {

constexpr std::uint32_t kNone = ResourceRisk::kNone;
/// No body that is worth reading is deeper.
constexpr std::size_t kMaxDepth = 512;

/// The id without its last two segments; empty when there are none before them.
std::string_view without_last_pair(std::string_view id) {
  for (int i = 0; i < 2; ++i) {
    const std::size_t slash = id.rfind('/');
    if (slash == std::string_view::npos) return {};
    id = id.substr(0, slash);
  }
  return id;
}

class Finder {
 public:
  Finder(const estate::Estate& estate, const arm::Origins& origins, const RiskKnowledge& knowledge)
      : estate_(estate), origins_(origins), knowledge_(knowledge) {
    const estate::Estate::List all = estate.resources();
    for (std::uint32_t i = 0; i < all.size(); ++i)
      numbers_.emplace(all[i], i);
  }

  /// The nearest resource at or above an id.
  std::uint32_t nearest(std::string_view id) const {
    for (; !id.empty(); id = without_last_pair(id))
      if (const auto found = numbers_.find(estate_.find(id)); found != numbers_.end()) return found->second;
    return kNone;
  }

  /// Its id is shorter, so that nothing lies in itself.
  std::uint32_t parent(const Resource& resource) const {
    const std::uint32_t found = nearest(without_last_pair(resource.id));
    if (found == kNone) return kNone;
    return estate_.resources()[found]->id.size() < resource.id.size() ? found : kNone;
  }

  /// What one resource hangs on, each once: what it lies in, and what its texts refer to.
  std::vector<std::uint32_t> targets(std::uint32_t number, const std::vector<std::uint32_t>& parents) const {
    std::vector<std::uint32_t> out;
    const Resource& resource = *estate_.resources()[number];
    if (!knowledge_.counts(resource.type)) return out;
    for (std::uint32_t at = parents[number]; at != kNone; at = parents[at])
      out.push_back(at);
    visit(resource.body, 0, out);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    out.erase(std::remove(out.begin(), out.end(), number), out.end());
    return out;
  }

  /// Resources in the scope of a role assignment.
  std::uint64_t in_scope(const Resource& assignment, const std::vector<std::uint64_t>& counts) const {
    constexpr std::string_view kProviders = "/providers/microsoft.authorization/roleassignments/";
    const std::size_t at = rfind_ignore_case(assignment.id, kProviders);
    const std::string_view scope =
        at == std::string_view::npos ? std::string_view() : std::string_view(assignment.id).substr(0, at);
    if (const auto found = numbers_.find(estate_.find(scope)); found != numbers_.end())
      return counts[found->second] + 1;
    const std::size_t inside = estate_.inside(assignment.subscription, assignment.resource_group).size();
    return inside > 0 ? inside - 1 : 0;  // not itself
  }

 private:
  void refer(std::string_view text, std::vector<std::uint32_t>& out) const {
    if (!starts_with_any_case(text, "/subscriptions/") && !starts_with_any_case(text, "/providers/")) return;
    // What it names, or the part of a resource that it names; but not merely the group it lies in.
    const std::uint32_t found = nearest(text);
    if (found == kNone) return;
    const std::string_view id = estate_.resources()[found]->id;
    const bool deeper = id.size() == text.size() || find_ignore_case(id, "/providers/") != std::string::npos;
    if (deeper) out.push_back(found);
  }

  void visit(const Value& value, std::size_t depth, std::vector<std::uint32_t>& out) const {
    if (depth > kMaxDepth) return;
    if (value.is_string()) return refer(value.as_string(), out);
    if (value.is_unknown()) return refer(arm::text_form(value, origins_), out);
    if (value.is_array())
      for (const Value& item : value.items())
        visit(item, depth + 1, out);
    if (!value.is_object()) return;
    for (const doc::Member& member : value.members()) {
      if (depth == 0 && equal_any_case(member.name, "id")) continue;
      refer(member.name, out);  // userAssignedIdentities are named so
      visit(member.value, depth + 1, out);
    }
  }

  const estate::Estate& estate_;
  const arm::Origins& origins_;
  const RiskKnowledge& knowledge_;
  std::unordered_map<const Resource*, std::uint32_t> numbers_;
};

}  // namespace

Dependents find_dependents(const estate::Estate& estate, const arm::Origins& origins,
                           const RiskKnowledge& knowledge, ThreadPool& pool) {
  static constexpr std::size_t kBatch = 256;
  const Finder finder(estate, origins, knowledge);
  const std::size_t size = estate.resources().size();
  const std::size_t batches = (size + kBatch - 1) / kBatch;
  Dependents out;
  out.parent.resize(size);
  out.count.resize(size);
  const auto in_batches = [&](const std::function<void(std::uint32_t, std::size_t)>& work) {
    pool.parallel_for_workers(batches, [&](std::size_t batch, std::size_t worker) {
      for (std::size_t i = batch * kBatch; i < std::min(size, (batch + 1) * kBatch); ++i)
        work(static_cast<std::uint32_t>(i), worker);
    });
  };
  in_batches([&](std::uint32_t i, std::size_t) { out.parent[i] = finder.parent(*estate.resources()[i]); });
  std::vector<std::vector<std::uint64_t>> counts(pool.size(), std::vector<std::uint64_t>(size));
  in_batches([&](std::uint32_t i, std::size_t worker) {
    for (const std::uint32_t target : finder.targets(i, out.parent))
      ++counts[worker][target];
  });
  for (const std::vector<std::uint64_t>& part : counts)
    for (std::size_t i = 0; i < size; ++i)
      out.count[i] += part[i];
  const std::vector<std::uint64_t> found = out.count;
  for (std::size_t i = 0; i < size; ++i)
    if (equal_any_case(estate.resources()[i]->type, "Microsoft.Authorization/roleAssignments"))
      out.count[i] = finder.in_scope(*estate.resources()[i], found);
  return out;
}

}  // namespace redoubt::posture
