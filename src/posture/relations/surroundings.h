#pragma once

#include <memory>
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

  /// Whether referring() knows of the type.
  static bool follows(std::string_view type);

  /// Resources of the type that name the id anywhere, then those in which some text is open; each once, both
  /// in the estate's order. Whether one truly refers to it is for the caller.
  std::vector<const estate::Resource*> referring(std::string_view id, std::string_view type) const;

  /// What a check works out of the whole estate, made when first asked for under its name, and kept. `make`
  /// must not ask for another one.
  template <class T, class Make>
  const T& once(const std::string& name, const Make& make) const {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<const void>& slot = worked_out_[name];
    if (slot == nullptr) slot = std::make_shared<const T>(make());
    return *static_cast<const T*>(slot.get());
  }

 private:
  using Numbers = std::vector<std::uint32_t>;  ///< of `resources`, rising
  /// What names something, of one type.
  struct OfType {
    std::vector<const estate::Resource*> resources;
    std::unordered_map<std::string, Numbers> by_id;    ///< lower case
    std::unordered_map<std::string, Numbers> by_last;  ///< by the last segment: where an id lies may be open
    Numbers open;
  };

  void build() const;
  void note(const doc::Value& value, std::uint32_t number, OfType& out) const;

  const estate::Estate& estate_;
  mutable std::once_flag built_;
  mutable std::unordered_map<std::string, OfType> followed_;  ///< by type, lower case
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, std::shared_ptr<const void>> worked_out_;
};

}  // namespace redoubt::posture::relations
