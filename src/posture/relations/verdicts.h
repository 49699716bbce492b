#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/evaluate.h"
#include "posture/relations/scene.h"

namespace redoubt::posture::relations {

/// Where in the judged resource, or in one beside it, something decided.
struct Spot {
  std::string path;  ///< in the resource it stands in
  const doc::Value* value = nullptr;
  doc::Place place;  ///< of what lacks the value, where there is none
};

policy::Verdict not_applicable(std::string text);
policy::Verdict compliant(std::string text);
policy::Verdict noncompliant(std::string text, const Spot& spot, policy::Fix fix);
/// With a fix in words; metadata.fix of the definition may say the value.
policy::Verdict noncompliant(std::string text, const Spot& spot, std::string fix);

/// What kept a check from telling, each once.
class Doubts {
 public:
  explicit Doubts(const Scene& scene) : scene_(scene) {}

  void add(std::string_view field, std::string origin);
  /// The unknown in or behind a value.
  void add(std::string_view field, const doc::Value* value);
  /// That a resource is only referred to, or its deployment is open.
  void add(const estate::Resource& resource);
  void add(const Doubts& others);
  /// That the absence of the type can't be told; says whether it can't.
  bool add_if_incomplete(std::string_view type);

  bool any() const { return !uses_.empty(); }
  policy::Verdict verdict() const;

 private:
  const Scene& scene_;
  std::vector<policy::UnknownUse> uses_;
};

}  // namespace redoubt::posture::relations
