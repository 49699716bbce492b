#include <fmt/format.h>

#include <algorithm>

#include "arm/resource_id.h"
#include "core/text.h"
#include "policy/detail/compiler.h"
#include "policy/detail/environment.h"
#include "policy/detail/open_ids.h"

namespace redoubt::policy::detail {

using doc::Value;

namespace {

bool same_step(const Step& left, const Step& right) {
  return left.star == right.star && (left.star || equal_any_case(left.name, right.name));
}

/// How many steps of `path` a binding has walked: up to its last star that both share.
std::size_t shared_steps(std::span<const Step> path, const Binding& binding, std::size_t& stars) {
  std::size_t shared = 0;
  std::size_t passed = 0;
  stars = 0;
  for (std::size_t i = 0; i < path.size() && i < binding.path.size() && same_step(path[i], binding.path[i]);
       ++i) {
    if (!path[i].star) continue;
    if (++passed > binding.elements.size()) break;
    shared = i + 1;
    stars = passed;
  }
  return shared;
}

class Walker {
 public:
  Walker(Scene& scene, std::span<const Step> path, const std::function<bool(const Slot&)>& visit)
      : scene_(scene), path_(path), visit_(visit) {}

  bool walk(const Value* node, std::size_t step, Slot& slot) {
    for (; step < path_.size(); ++step) {
      if (node == nullptr || node->is_null()) {
        slot.kind = Slot::Kind::Missing;
        return has_star(step) ? true : emit(slot, Slot::Kind::Missing, Value::null());
      }
      if (node->is_unknown()) return open(*node, step, slot);
      if (path_[step].star) return elements(*node, step, slot);
      if (node->is_object()) slot.parent = node;
      const Value* next = node->find_any_case(path_[step].name);
      if (next != nullptr && node->secret()) next = scene_.arena.make<Value>(next->as_secret());
      node = next;
    }
    if (node == nullptr || node->is_null()) return emit(slot, Slot::Kind::Missing, Value::null());
    return emit(slot, Slot::Kind::Present, *node);
  }

 private:
  bool has_star(std::size_t step) const {
    for (; step < path_.size(); ++step)
      if (path_[step].star) return true;
    return false;
  }

  bool emit(Slot& slot, Slot::Kind kind, const Value& value) {
    slot.kind = kind;
    slot.value = value;
    return visit_(slot);
  }

  /// What lies below an unknown is unknown; how many elements an array there has, too.
  bool open(const Value& unknown, std::size_t step, Slot& slot) {
    if (path_[step].star)
      if (const std::span<const Value> pieces = scene_.origins.pieces(unknown); !pieces.empty())
        return pieces_of_array(unknown, pieces, step, slot);
    if (has_star(step)) return emit(slot, Slot::Kind::OpenArray, unknown);
    Value part = unknown;
    for (; step < path_.size(); ++step)
      part = scene_.origins.part(part, fmt::format(".{}", path_[step].name));
    return emit(slot, Slot::Kind::Present, part.at(unknown.place()));
  }

  /// An array known in part: known elements one by one, each open piece as an open array.
  bool pieces_of_array(const Value& array, std::span<const Value> pieces, std::size_t step, Slot& slot) {
    const Value* const parent = slot.parent;
    bool counted = true;  // no open piece stands before, so that indexes are known
    for (const Value& piece : pieces) {
      slot.parent = parent;
      const bool more = piece.is_array() ? elements(piece, step, slot, counted)
                                         : emit(slot, Slot::Kind::OpenArray, piece.at(array.place()));
      if (!more) return false;
      counted = counted && piece.is_array();
    }
    return true;
  }

  bool elements(const Value& array, std::size_t step, Slot& slot, bool counted = true) {
    if (!array.is_array()) return true;
    const Value* const parent = slot.parent;
    for (std::size_t i = 0; i < array.size(); ++i) {
      slot.indexes.push_back(counted ? static_cast<std::uint32_t>(i) : kNoIndex);
      slot.elements.push_back(&array.items()[i]);
      slot.parent = parent;
      const bool more = walk(&array.items()[i], step + 1, slot);
      slot.indexes.pop_back();
      slot.elements.pop_back();
      if (!more) return false;
    }
    return true;
  }

  Scene& scene_;
  std::span<const Step> path_;
  const std::function<bool(const Slot&)>& visit_;
};

/// The whole name. Where it has a name for each segment of the type, no open part holds a slash.
std::vector<Value> name_pieces(Scene& scene, bool& complete) {
  std::vector<Value> pieces = scene.origins.read_form(scene.looked_at->name);
  complete = is_whole_name(pieces, scene.looked_at->type);
  if (complete) mark_segments(pieces);
  return pieces;
}

Value full_name(Scene& scene) {
  const std::string_view name = scene.looked_at->name;
  if (!arm::is_open_text(name)) return Value::string(name);
  bool complete = false;
  return scene.origins.partial_text(name_pieces(scene, complete));
}

/// The last name. A slash may hide in an open part of a name that has too few.
Value last_name(Scene& scene) {
  const std::string_view name = scene.looked_at->name;
  if (!arm::is_open_text(name)) return Value::string(name.substr(name.rfind('/') + 1));
  bool complete = false;
  std::vector<Value> pieces = name_pieces(scene, complete);
  pieces.erase(pieces.begin(), pieces.begin() + static_cast<std::ptrdiff_t>(behind_last(pieces, "/")));
  const auto last_open =
      std::find_if(pieces.rbegin(), pieces.rend(), [](const Value& piece) { return piece.is_unknown(); });
  if (!complete && last_open != pieces.rend()) {
    // As last(split(..., '/')) calls it.
    const Value whole[] = {scene.origins.partial_text(std::span(pieces.begin(), last_open.base())),
                           Value::string("/")};
    const Value names[] = {scene.origins.derived(doc::UnknownType::Array, "split", whole)};
    pieces.erase(pieces.begin(), last_open.base());
    pieces.insert(pieces.begin(), scene.origins.derived(doc::UnknownType::String, "last", names));
  }
  return scene.origins.partial_text(pieces);
}

Value member_or_null(const Value* root, std::string_view name) {
  const Value* found = root->find_any_case(name);
  return found == nullptr ? Value::null() : *found;
}

/// The name in the body, of a resource whose name is open as a whole; nothing where it holds several names.
std::optional<Value> own_name(const Scene& scene) {
  const std::string_view name = scene.looked_at->name;
  const Value in_body = member_or_null(scene.root, "name");
  if (name.empty()) return in_body;
  const std::size_t segments = arm::type_segments(scene.looked_at->type);
  if (!in_body.is_unknown() || name.find('/') != std::string_view::npos || segments > 1) return std::nullopt;
  return segments == 1 ? in_body.as_segment() : in_body;
}

/// The type as this rule's mode sees it.
std::string_view type_seen(const Scene& scene) {
  if (scene.rule.model_deployments &&
      equal_any_case(scene.looked_at->type, "Microsoft.CognitiveServices/accounts/deployments"))
    return "Microsoft.CognitiveServices.Data/accounts/deployments";
  return scene.looked_at->type;
}

/// The part that a pattern takes out of a text that is open: not that text, and perhaps nothing.
Value open_extract(Scene& scene, const AliasPattern& pattern, const Value& text) {
  const Value arguments[] = {text, Value::string(pattern.phrase), Value::string(pattern.variable)};
  return scene.origins.derived(doc::UnknownType::String, "extract", arguments, true, true).at(text.place());
}

}  // namespace

std::optional<Value> plain_field(Scene& scene, const Field& field) {
  const estate::Resource& resource = *scene.looked_at;
  const std::string_view name = resource.name;
  switch (field.kind) {
    case Field::Kind::Type:
      return Value::string(type_seen(scene)).at(member_or_null(scene.root, "type").place());
    case Field::Kind::Name:
      if (const std::optional<Value> own = own_name(scene)) return own;
      return last_name(scene).at(member_or_null(scene.root, "name").place());
    case Field::Kind::FullName:
      if (name.empty()) return member_or_null(scene.root, "name");
      return full_name(scene);
    case Field::Kind::Id:
      if (resource.id.empty()) return Value::null();
      return id_value(scene.origins, resource);
    case Field::Kind::ResourceKind:
      return member_or_null(scene.root, "kind");
    case Field::Kind::Location:
      return member_or_null(scene.root, "location");
    case Field::Kind::Tags:
      return member_or_null(scene.root, "tags");
    default:
      return std::nullopt;
  }
}

std::span<const Step> path_of(const Scene& scene, const Field& field, const AliasPattern*& pattern) {
  pattern = field.pattern;
  const PathVariant* best = nullptr;
  int best_score = 0;
  for (const PathVariant& variant : field.variants) {
    const bool typed = !variant.resource_type.empty();
    if (typed && !equal_any_case(variant.resource_type, scene.looked_at->type)) continue;
    const std::string_view version = scene.looked_at->api_version;
    bool named = false;
    for (const std::string_view one : variant.api_versions)
      named = named || equal_any_case(one, version);
    if (!variant.api_versions.empty() && !named) continue;
    const int score = 1 + (typed ? 2 : 0) + (named ? 1 : 0);
    if (score > best_score) {
      best = &variant;
      best_score = score;
    }
  }
  if (best == nullptr) return field.path;
  pattern = best->pattern;
  return best->path;
}

void visit_path(Scene& scene, const Value& root, std::span<const Step> path,
                const std::function<bool(const Slot&)>& visit) {
  Slot slot;
  Walker(scene, path, visit).walk(&root, 0, slot);
}

void visit_slots(Scene& scene, const Field& field, const std::function<bool(const Slot&)>& visit) {
  Slot slot;
  if (const std::optional<Value> plain = plain_field(scene, field)) {
    slot.kind = plain->is_null() ? Slot::Kind::Missing : Slot::Kind::Present;
    slot.value = *plain;
    slot.parent = scene.root;
    visit(slot);
    return;
  }
  const AliasPattern* pattern = nullptr;
  const std::span<const Step> path = path_of(scene, field, pattern);
  const std::function<bool(const Slot&)> with_pattern = [&](const Slot& found) {
    const bool open = found.value.is_unknown();
    if (found.kind != Slot::Kind::Present || !(open || found.value.is_string())) return visit(found);
    Slot part = found;
    if (open) {
      part.value = open_extract(scene, *pattern, found.value);
      return visit(part);
    }
    const std::optional<std::string> extracted = extract(*pattern, found.value.as_string());
    part.kind = extracted ? Slot::Kind::Present : Slot::Kind::Missing;
    part.value =
        extracted ? doc::make_string(scene.arena, *extracted).at(found.value.place()) : Value::null();
    return visit(part);
  };
  const Binding* best = nullptr;
  std::size_t shared = 0;
  std::size_t stars = 0;
  // A candidate is another resource: what counts look at is no part of it, so they see it whole.
  for (const Binding& binding : scene.bindings) {
    std::size_t passed = 0;
    const std::size_t steps = shared_steps(path, binding, passed);
    if (steps == 0 || steps < shared) continue;
    best = &binding;
    shared = steps;
    stars = passed;
  }
  Walker walker(scene, path, pattern == nullptr ? visit : with_pattern);
  if (best == nullptr) {
    walker.walk(scene.root, 0, slot);
    return;
  }
  slot.elements.assign(best->elements.begin(), best->elements.begin() + static_cast<std::ptrdiff_t>(stars));
  slot.indexes.assign(best->indexes.begin(), best->indexes.begin() + static_cast<std::ptrdiff_t>(stars));
  walker.walk(best->elements[stars - 1], shared, slot);
}

std::string path_text(std::span<const Step> path, std::span<const std::uint32_t> indexes) {
  std::string out;
  std::size_t passed = 0;
  for (const Step& step : path) {
    if (step.star) {
      const bool counted = passed < indexes.size() && indexes[passed] != kNoIndex;
      out += counted ? fmt::format("[{}]", indexes[passed]) : "[*]";
      ++passed;
    } else if (step.name.find_first_of(".[]' ") != std::string_view::npos) {
      out += fmt::format("['{}']", step.name);
    } else {
      out += (out.empty() ? "" : ".") + std::string(step.name);
    }
  }
  return out;
}

Result<Field> resolve_field(Scene& scene, const Field& field) {
  if (field.kind != Field::Kind::Computed) return field;
  const Value name = RD_TRY(value_of(scene, field.computed));
  Field out;
  if (name.is_unknown()) {
    out.kind = Field::Kind::Computed;
    out.computed.constant = name;
    return out;
  }
  if (!name.is_string())
    return fail(Error::Kind::InvalidInput, "POL0003",
                fmt::format("a field must be text, not {}", name_of(name.kind())));
  const CompileOptions options{scene.rule.aliases, scene.rule.type_table, &scene.origins,
                               scene.rule.only_listed_aliases};
  scene.scratch.push_back(std::make_unique<CompiledRule>());
  return Compiler(*scene.scratch.back(), options).field_of_text(name.as_string(), {});
}

}  // namespace redoubt::policy::detail
