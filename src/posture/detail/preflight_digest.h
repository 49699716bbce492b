#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "posture/owners.h"
#include "posture/preflight.h"

namespace redoubt::posture {

/// One definition and one resource, through however many assignments.
struct DigestLine {
  std::vector<const PreflightEntry*> parts;        ///< that say different things; at least one
  std::vector<const AssignedPolicy*> assignments;  ///< each assignment once
  /// Several only among what can't be told; none where that holds wherever it is assigned.
  std::vector<const estate::Resource*> resources;
  bool counted = false;  ///< data-plane modes and manual policies: how many resources is all there is to say

  const PreflightEntry& first() const { return *parts.front(); }
};

struct DigestSection {
  PreflightEntry::Section section = PreflightEntry::Section::Denied;
  std::string_view title;
  std::string_view word;  ///< in the summary
  std::vector<DigestLine> lines;
};

/// One exemption of a definition and a resource.
struct ExemptedLine {
  const ExemptedPair* pair = nullptr;
  std::vector<const AssignedPolicy*> assignments;
};

/// What to do about a definition that denies: change the template, or ask for exemptions.
struct Remedy {
  struct Ask {
    const AssignedPolicy* pair = nullptr;
    std::string scope;  ///< of the exemption
  };
  const PreflightEntry* first = nullptr;
  std::vector<const PreflightEntry*> fixes;  ///< one for each resource and place that have a fix
  std::vector<Ask> asks;
};

/// What a table and a comment show of a preflight, in their order.
struct PreflightDigest {
  std::array<DigestSection, 5> sections;
  std::vector<ExemptedLine> exempted;
  std::vector<Remedy> remedies;
};

PreflightDigest digest(const Preflight& preflight);

// The words that both have in common. Text of files is as it is: to be made safe where it is written.

/// The resource of a line, their number, or that it is every one.
std::string what_it_hits(const DigestLine& line);
/// The display name, else the name.
std::string shown_name(const PreflightEntry& entry);
/// The name of a management group, else the last part of the id.
std::string short_scope(std::string_view scope);
/// `Deny-Public-Endpoints at corp, ...`.
std::string assigned_by(const std::vector<const AssignedPolicy*>& pairs);
/// Path, value found and what is wanted.
std::string why(const PreflightEntry& entry);
/// `properties.x: "old" -> "new"`.
std::string change(const PreflightEntry& entry);
/// Where the value came from, and where it is used.
std::string place(const PreflightEntry& entry);
/// The first of the two alone.
std::string place_to_change(const PreflightEntry& entry);
/// `audit`, `not enforced, would deny`.
std::string why_reported(const PreflightEntry& entry);
/// What would be created, `TYPE NAME, TYPE NAME`.
std::string created(const PreflightEntry& entry);
std::string until(const policy::Exemption& exemption);
/// Whom to ask for an exemption: `ann@harbor.example, who owns SCOPE,` or `who owns SCOPE`.
std::string whom_to_ask(const Remedy::Ask& ask, std::string_view scope, const Owners* owners);
/// `3 resources, 240 policies in force at corp: 8 denied, ...`.
std::string summary(const Preflight& preflight, const PreflightDigest& digest, std::string_view scope);

/// A command line for a POSIX shell, values quoted.
std::string exemption_command(const Remedy::Ask& ask);

}  // namespace redoubt::posture
