#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "arm/evaluate.h"
#include "estate/resource.h"
#include "policy/detail/compiled_rule.h"
#include "policy/evaluate.h"

namespace redoubt::policy::detail {

/// The value of an expression that hangs on parameters alone; nothing when it needs the resource or fails.
std::optional<doc::Value> fold_constant(CompiledRule& rule, const arm::Expression& expression);

/// An element that a count is looking at: the array's path up to its last star, and the element at each star.
struct Binding {
  std::string_view name;                    ///< of a value count
  std::span<const Step> path;               ///< of a field count
  std::vector<const doc::Value*> elements;  ///< one for each star of `path`
  std::vector<std::uint32_t> indexes;       ///< of those elements
  doc::Value value;
};

/// The index of an element behind an open part of its array.
inline constexpr std::uint32_t kNoIndex = 0xFFFF'FFFF;

/// What a path leads to.
struct Slot {
  enum class Kind : std::uint8_t { Missing, Present, OpenArray };
  Kind kind = Kind::Missing;
  doc::Value value;                    ///< Present: the value; OpenArray: the unknown in its way
  const doc::Value* parent = nullptr;  ///< the deepest object that is there, for places
  std::vector<std::uint32_t> indexes;  ///< of the stars passed
  std::vector<const doc::Value*> elements;
};

/// Everything one judgement needs.
struct Scene {
  const CompiledRule& rule;
  const estate::Resource& subject;    ///< of field() and of what functions mean
  const estate::Resource* looked_at;  ///< of conditions' fields: the subject, or a candidate
  const doc::Value* root;             ///< body of what is looked at
  const RequestContext& context;
  Arena& arena;
  arm::Origins& origins;
  arm::Budget budget{};
  std::vector<Binding> bindings{};
  std::string error{};
  std::vector<std::unique_ptr<CompiledRule>> scratch{};  ///< of fields whose name is computed
};

/// Calls `visit` for every slot a field leads to, narrowed by what counts are looking at; stops when it says
/// false.
void visit_slots(Scene& scene, const Field& field, const std::function<bool(const Slot&)>& visit);

/// The same for a path of a body, without narrowing.
void visit_path(Scene& scene, const doc::Value& root, std::span<const Step> path,
                const std::function<bool(const Slot&)>& visit);

/// The one value of a field that is no path: type, name, location ...; nothing for paths.
std::optional<doc::Value> plain_field(Scene& scene, const Field& field);

/// The path that holds for this resource's type and api version.
std::span<const Step> path_of(const Scene& scene, const Field& field, const AliasPattern*& pattern);

/// `properties.ipRules[1].value`.
std::string path_text(std::span<const Step> path, std::span<const std::uint32_t> indexes);

/// The value of an operand for the resource at hand.
Result<doc::Value> value_of(Scene& scene, const Operand& operand);

/// A field whose name is an expression, resolved.
Result<Field> resolve_field(Scene& scene, const Field& field);

Truth evaluate(Scene& scene, const Condition& condition);

/// The result of one comparison over every slot: behaves as allOf over the elements of [*].
Truth evaluate_field(Scene& scene, const Condition& condition);

struct CountRange {
  std::int64_t least = 0;
  std::int64_t most = 0;
  bool endless = false;
};
Truth evaluate_count(Scene& scene, const Condition& condition);

/// The elements a count has certainly met and may have met; Error when its where failed. `visit` is called
/// while the element is what the count looks at.
Truth count_range(Scene& scene, const Condition& condition, CountRange& range,
                  const std::function<void(const Slot&, Truth)>& visit = {});

}  // namespace redoubt::policy::detail
