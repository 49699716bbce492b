#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "estate/estate.h"
#include "policy/evaluate.h"

namespace redoubt::posture::relations {

/// Who refers to whom in an estate: the way back from a resource to those that name its id. Built when first
/// asked for, over the types that relation checks follow; safe to use from several threads.
class Surroundings final : public policy::RelationWorld {
 public:
  explicit Surroundings(const estate::Estate& estate) : estate_(estate) {}
  const estate::Estate& estate() const { return estate_; }

  /// Resources of the type that name the id (or a thing below it when `below`) anywhere, and those in which
  /// some text is open; each once, in the estate's order. Whether one truly refers to it is for the caller.
  std::vector<const estate::Resource*> referring(std::string_view id, std::string_view type) const;

 private:
  void build() const;
  void note(const doc::Value& value, std::uint32_t number) const;

  const estate::Estate& estate_;
  mutable std::once_flag built_;
  mutable std::vector<const estate::Resource*> followed_;
  mutable std::unordered_map<std::string, std::vector<std::uint32_t>> by_id_;  // lower case
  mutable std::vector<std::uint32_t> open_;                                    // of followed_
};

}  // namespace redoubt::posture::relations
