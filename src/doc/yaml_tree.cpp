#include <fmt/format.h>

#include <algorithm>

#include "doc/detail/yaml_scalar.h"
#include "doc/detail/yaml_tree.h"

namespace redoubt::doc::detail {

namespace {

constexpr std::size_t kMaxWarnings = 100;
constexpr std::string_view kMergeTag = "tag:yaml.org,2002:merge";
constexpr std::string_view kMapTag = "tag:yaml.org,2002:map";
constexpr std::string_view kSequenceTag = "tag:yaml.org,2002:seq";

/// Names come from untrusted text and may be megabytes.
std::string shown(std::string_view name) {
  constexpr std::size_t kLimit = 60;
  if (name.size() <= kLimit) return std::string(name);
  std::size_t end = kLimit;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80)
    --end;
  return std::string(name.substr(0, end)) + "...";
}

/// `!!int` as people write it.
std::string shown_tag(std::string_view tag) {
  constexpr std::string_view kPrefix = "tag:yaml.org,2002:";
  return tag.starts_with(kPrefix) ? "!!" + shown(tag.substr(kPrefix.size())) : shown(tag);
}

bool is_mapping_list(const Value& value) {
  return value.is_array() && std::all_of(value.items().begin(), value.items().end(),
                                         [](const Value& item) { return item.is_object(); });
}

}  // namespace

bool YamlTree::scalar(const Node& node, std::string_view text, bool plain) {
  const std::string_view kept = arena_.copy(text);
  const std::size_t anchor = begin_anchor(node.anchor);
  const bool merge = node.tag.empty() ? plain && kept == "<<" : node.tag == kMergeTag;
  Value value;
  if (!expects_key() || anchor != kNone) value = value_of(node, kept, plain).at(node.place);
  if (anchor != kNone)
    anchors_[anchor] = {.open = false, .height = 0, .nodes = 1, .text = kept, .value = value};
  if (expects_key()) return key(kept, merge);
  return added(tree_.add(value), node.place);
}

bool YamlTree::alias(std::string_view name, Place place) {
  const auto found = names_.find(name);
  if (found == names_.end())
    return fail("DOC0204", fmt::format("no anchor stands before this alias: {}", shown(name)), place,
                "quote the text if a value that begins with * is meant");
  const Anchor& anchor = anchors_[found->second];
  if (anchor.open)
    return fail("DOC0204", fmt::format("the alias stands inside its own anchor: {}", shown(name)), place);
  if (expects_key()) {
    if (anchor.text) return key(*anchor.text, false);
    return fail("DOC0203", "a mapping key must be a text or a number", place);
  }
  if (tree_.depth() + anchor.height > limits_.max_depth)
    return fail({Error::Kind::Limit,
                 "DOC0103",
                 fmt::format("nested deeper than {} levels, through this alias", limits_.max_depth),
                 sources_.where(place),
                 {}});
  alias_nodes_ += anchor.nodes - 1;
  if (alias_nodes_ > limits_.max_alias_nodes)
    return fail({Error::Kind::Limit, "DOC0103",
                 fmt::format("aliases stand for more than {} values", limits_.max_alias_nodes),
                 sources_.where(place), "does the file repeat itself on purpose?"});
  if (!frames_.empty()) frames_.back().height = std::max(frames_.back().height, anchor.height + 1);
  return added(tree_.add(anchor.value.from(anchor.value.value_place()).at(place)), place);
}

bool YamlTree::open(const Node& node, bool mapping) {
  if (expects_key())
    return fail("DOC0203", "a mapping key must be a text or a number", node.place,
                "a text that begins with { or [ needs quotes");
  check_collection_tag(node, mapping);
  if (!tree_.open(node.place)) return fail(tree_.limit_error(sources_.where(node.place)));
  frames_.push_back({.mapping = mapping,
                     .key_next = mapping,
                     .nodes_before = nodes(),
                     .anchor = begin_anchor(node.anchor)});
  return true;
}

bool YamlTree::close(Place place) {
  const Frame frame = std::move(frames_.back());
  frames_.pop_back();
  bool within_limits = false;
  if (!frame.mapping)
    within_limits = tree_.close_array();
  else if (frame.merged.empty())
    within_limits = tree_.close_object();
  else
    within_limits = tree_.close_object(merged_members(frame));
  if (!within_limits) return added(false, place);
  if (frame.anchor != kNone) {
    Anchor& anchor = anchors_[frame.anchor];
    anchor.open = false;
    anchor.height = frame.height;
    anchor.nodes = nodes() - frame.nodes_before;
    anchor.value = tree_.last();
  }
  if (!frames_.empty()) frames_.back().height = std::max(frames_.back().height, frame.height + 1);
  return added(true, place);
}

Value YamlTree::finish() { return tree_.root(); }

bool YamlTree::key(std::string_view text, bool merge) {
  tree_.key(text);
  frames_.back().key_next = false;
  frames_.back().merge = merge;
  return true;
}

/// After every value of an array, a member or the document.
bool YamlTree::added(bool within_limits, Place place) {
  if (!within_limits) return fail(tree_.limit_error(sources_.where(place)));
  if (frames_.empty() || !frames_.back().mapping) return true;
  frames_.back().key_next = true;
  return !frames_.back().merge || merge_last();
}

bool YamlTree::merge_last() {
  const Value value = tree_.take_last();
  if (!value.is_object() && !is_mapping_list(value))
    return fail("DOC0205", "<< must be a mapping or a list of mappings", value.place(),
                "quote the key if a member named << is meant");
  frames_.back().merge = false;
  frames_.back().merged.push_back(value);
  return true;
}

/// In the order that lets the last of equal names win.
std::vector<Member> YamlTree::merged_members(const Frame& frame) const {
  std::vector<Member> members;
  const auto add = [&](const Value& mapping) {
    members.insert(members.end(), mapping.members().begin(), mapping.members().end());
  };
  for (const Value& value : frame.merged) {
    if (value.is_object()) {
      add(value);
      continue;
    }
    const std::span<const Value> items = value.items();
    std::for_each(items.rbegin(), items.rend(), add);
  }
  return members;
}

Value YamlTree::value_of(const Node& node, std::string_view text, bool plain) {
  const auto untagged = [&] { return plain ? core_value(text) : Value::string(text); };
  if (node.tag.empty() || node.tag == kMergeTag) return untagged();
  const std::optional<ScalarTag> tag = scalar_tag(node.tag);
  if (tag) {
    const std::optional<Value> value = tagged_value(*tag, text);
    if (value) return *value;
  }
  warn_of_tag(node);
  return tag ? Value::string(text) : untagged();
}

void YamlTree::check_collection_tag(const Node& node, bool mapping) {
  if (node.tag.empty() || node.tag == "!" || node.tag == (mapping ? kMapTag : kSequenceTag)) return;
  warn_of_tag(node);
}

void YamlTree::warn_of_tag(const Node& node) {
  if (warnings_.size() >= kMaxWarnings) return;
  const bool known = node.tag == kMapTag || node.tag == kSequenceTag || scalar_tag(node.tag).has_value();
  const std::string_view text = known ? "the value is not what its tag says, the tag is passed over: {}"
                                      : "the tag is not known, the value is read without it: {}";
  warnings_.push_back({Severity::Warning,
                       known ? "DOC0207" : "DOC0206",
                       fmt::format(fmt::runtime(text), shown_tag(node.tag)),
                       sources_.where(node.place),
                       {}});
}

std::size_t YamlTree::begin_anchor(std::string_view name) {
  if (name.empty()) return kNone;
  const std::size_t index = anchors_.size();
  anchors_.emplace_back();
  if (const auto found = names_.find(name); found != names_.end())
    found->second = index;
  else
    names_.emplace(arena_.copy(name), index);
  return index;
}

bool YamlTree::fail(Error error) {
  failure_ = std::move(error);
  return false;
}

bool YamlTree::fail(std::string_view code, std::string message, Place place, std::string hint) {
  return fail({Error::Kind::InvalidInput, std::string(code), std::move(message), sources_.where(place),
               std::move(hint)});
}

void YamlTree::add_diagnostics(std::vector<Diagnostic>& diagnostics) const {
  add_duplicates(diagnostics, sources_, tree_.duplicates());
  diagnostics.insert(diagnostics.end(), warnings_.begin(), warnings_.end());
}

}  // namespace redoubt::doc::detail
