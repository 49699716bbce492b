#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "doc/detail/tree_builder.h"
#include "doc/yaml.h"

namespace redoubt::doc::detail {

/// What the events of one YAML document mean: schema, tags, keys, anchors, aliases and merges.
///
/// What returns bool is false after a mistake, which failure() then holds. Text is copied into the arena.
class YamlTree {
 public:
  YamlTree(Arena& arena, const Sources& sources, const YamlLimits& limits)
      : arena_(arena), sources_(sources), limits_(limits), tree_(arena, limits.max_depth, limits.max_nodes) {}

  /// Anchor and tag are empty where the node has none.
  struct Node {
    Place place;
    std::string_view anchor;
    std::string_view tag;
  };

  bool scalar(const Node& node, std::string_view text, bool plain);
  bool alias(std::string_view name, Place place);
  bool open_sequence(const Node& node) { return open(node, false); }
  bool open_mapping(const Node& node) { return open(node, true); }
  bool close(Place place);

  /// The document that was read.
  Value finish();

  Error failure() const { return failure_; }
  void add_diagnostics(std::vector<Diagnostic>& diagnostics) const;

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};

  /// An array or object that is open.
  struct Frame {
    bool mapping = false;
    bool key_next = false;     // the next node is a key
    bool merge = false;        // the value that follows belongs to `<<`
    std::uint32_t height = 1;  // levels, itself counted
    std::uint64_t nodes_before = 0;
    std::size_t anchor = kNone;
    std::vector<Value> merged = {};
  };

  struct Anchor {
    bool open = true;
    std::uint32_t height = 0;
    std::uint64_t nodes = 1;
    std::optional<std::string_view> text;  // of a scalar, for use as a key
    Value value;
  };

  bool expects_key() const { return !frames_.empty() && frames_.back().key_next; }
  /// Nodes so far, aliases counted as what they stand for.
  std::uint64_t nodes() const { return tree_.nodes() + alias_nodes_; }

  bool open(const Node& node, bool mapping);
  bool key(std::string_view text, bool merge);
  bool added(bool within_limits, Place place);
  bool merge_last();
  std::vector<Member> merged_members(const Frame& frame) const;
  Value value_of(const Node& node, std::string_view text, bool plain);
  void check_collection_tag(const Node& node, bool mapping);
  std::size_t begin_anchor(std::string_view name);
  bool fail(Error error);
  bool fail(std::string_view code, std::string message, Place place, std::string hint = {});
  void warn_of_tag(const Node& node);

  Arena& arena_;
  const Sources& sources_;
  const YamlLimits& limits_;
  TreeBuilder tree_;
  std::uint64_t alias_nodes_ = 0;
  std::vector<Frame> frames_;
  std::vector<Anchor> anchors_;
  std::unordered_map<std::string_view, std::size_t> names_;
  std::vector<Diagnostic> warnings_;
  Error failure_;
};

}  // namespace redoubt::doc::detail
