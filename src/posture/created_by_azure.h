#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "estate/estate.h"
#include "posture/assignments.h"

namespace redoubt::posture {

/// What Azure makes by itself when a resource of a type is deployed: policies hit it, templates do not show
/// it.
struct CreatedByAzure {
  std::string_view type;
  std::string_view when = {};  ///< a property of it that must be set, and not to Disabled, None or false
  std::array<std::string_view, 2> unless = {};  ///< properties of which one set so keeps Azure from doing it
  std::string_view where;                       ///< in words
  std::string_view group = {};  ///< what the other resource group is called; empty: made beside the resource
  std::string_view group_named = {};  ///< the property that gives that group another name
  std::array<std::string_view, 7> creates;
  std::string_view source;
};
std::span<const CreatedByAzure> created_by_azure();

/// A resource of the deployment that brings others with it.
struct CreationWarning {
  struct Denial {
    const AssignedPolicy* pair = nullptr;
    std::string_view type;  ///< that it looks at
  };
  const estate::Resource* resource = nullptr;
  const CreatedByAzure* row = nullptr;
  std::string group;  ///< the resource group's name or pattern; empty: the resource's own
  /// Enforced deny assignments in force where they are made; whether a rule holds can't be told.
  std::vector<Denial> denials;
};

/// In order of the resources. Where a row makes several types, each denial is listed once.
std::vector<CreationWarning> creation_warnings(const AssignedPlan& plan, const estate::Estate& estate,
                                               Instant now);

/// `Azure creates in the resource group MC_*: TYPE, TYPE`.
std::string describe(const CreationWarning& warning);
/// `TYPE may be denied by POLICY (assigned by NAME at SCOPE)`.
std::string describe(const CreationWarning::Denial& denial);

}  // namespace redoubt::posture
