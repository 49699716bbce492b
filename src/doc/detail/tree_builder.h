#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/arena.h"
#include "core/result.h"
#include "doc/sources.h"
#include "doc/value.h"

namespace redoubt::doc::detail {

/// Puts a tree together from the events of a parser, bottom up and without recursion.
///
/// What returns bool is false when a limit was met: limit_error() says which.
class TreeBuilder {
 public:
  TreeBuilder(Arena& arena, std::uint32_t max_depth, std::uint32_t max_nodes)
      : arena_(arena), max_depth_(max_depth), max_nodes_(max_nodes) {}

  /// Begins an array or object.
  bool open(Place place) {
    if (frames_.size() >= max_depth_) {
      limit_ = Limit::Depth;
      return false;
    }
    frames_.push_back({open_.size(), place, {}});
    return true;
  }

  /// The name of the next value. It must live as long as the document.
  void key(std::string_view name) { frames_.back().key = name; }

  bool add(const Value& value) {
    if (++nodes_ > max_nodes_) {
      limit_ = Limit::Nodes;
      return false;
    }
    if (frames_.empty())
      root_ = value;
    else
      open_.push_back({frames_.back().key, value});
    return true;
  }

  bool close_array();

  /// Of members with equal names the last one wins, stands where the first stood and is told of in
  /// duplicates(). `defaults` stand before the members and give way to them, and to each other, silently.
  bool close_object(std::span<const Member> defaults = {});

  /// What add() or a close took last: the root, or taken out of the array or object that is open.
  Value last() const { return frames_.empty() ? root_ : open_.back().value; }
  Value take_last();

  Value root() const { return root_; }
  std::size_t depth() const { return frames_.size(); }
  std::uint32_t nodes() const { return nodes_; }

  bool met_limit() const { return limit_ != Limit::None; }
  /// DOC0103 for the limit that was met.
  Error limit_error(Where where) const;

  struct Duplicate {
    Place place;
    std::string_view name;
  };
  /// The first hundred.
  const std::vector<Duplicate>& duplicates() const { return duplicates_; }

 private:
  enum class Limit : std::uint8_t { None, Depth, Nodes };

  struct Frame {
    std::size_t start;
    Place place;
    std::string_view key;
  };

  Frame pop();
  void drop_duplicates(std::size_t start, bool tell);
  void drop_duplicates_hashed(std::size_t start, bool tell);
  void keep(std::size_t from, std::size_t first, std::size_t& kept, bool tell);

  Arena& arena_;
  std::uint32_t max_depth_;
  std::uint32_t max_nodes_;
  std::uint32_t nodes_ = 0;
  Limit limit_ = Limit::None;
  Value root_;
  std::vector<Frame> frames_;
  std::vector<Member> open_;
  std::vector<Value> items_;
  std::vector<Duplicate> duplicates_;
};

/// A warning DOC0104 for each.
void add_duplicates(std::vector<Diagnostic>& diagnostics, const Sources& sources,
                    std::span<const TreeBuilder::Duplicate> duplicates);

}  // namespace redoubt::doc::detail
