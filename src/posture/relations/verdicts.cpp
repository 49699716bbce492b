#include "posture/relations/verdicts.h"

#include <fmt/format.h>

#include <algorithm>

namespace redoubt::posture::relations {

using policy::State;
using policy::Verdict;

const Surroundings* surroundings_of(const policy::RelationSubject& subject) {
  return subject.related == nullptr ? nullptr : dynamic_cast<const Surroundings*>(subject.related->world());
}

Verdict nothing_to_look_in() {
  Verdict out;
  out.state = State::Unknown;
  out.unknown.push_back({{}, "there are no related resources to look in"});
  return out;
}

Verdict not_applicable(std::string text) {
  Verdict out;
  out.explanation.text = std::move(text);
  return out;
}

Verdict compliant(std::string text) {
  Verdict out;
  out.state = State::Compliant;
  out.explanation.text = std::move(text);
  return out;
}

Verdict noncompliant(std::string text, const Spot& spot, std::string fix) {
  return noncompliant(std::move(text), spot,
                      policy::Fix{spot.path, std::nullopt, std::nullopt, std::move(fix)});
}

Verdict noncompliant(std::string text, const Spot& spot, policy::Fix fix) {
  Verdict out;
  out.state = State::Noncompliant;
  out.explanation.text = std::move(text);
  out.explanation.path = spot.path;
  out.explanation.place = spot.place;
  if (spot.value != nullptr) {
    // An object is where to look; shown whole it would hide what counts.
    if (!spot.value->is_object()) out.explanation.value = *spot.value;
    if (spot.value->place()) out.explanation.place = spot.value->place();
    if (spot.value->has_own_value_place()) out.explanation.value_place = spot.value->value_place();
  }
  out.fix = std::move(fix);
  return out;
}

void Doubts::add(std::string_view field, std::string origin) {
  const bool known = std::any_of(uses_.begin(), uses_.end(), [&](const policy::UnknownUse& use) {
    return use.field == field && use.origin == origin;
  });
  if (!known) uses_.push_back({std::string(field), std::move(origin)});
}

void Doubts::add(std::string_view field, const doc::Value* value) {
  if (value == nullptr) return;
  if (value->is_unknown())
    add(field, scene_.origins.at(value->unknown_id()).text);
  else
    add(field, fmt::format("{} is known in part", arm::text_form(*value, scene_.origins)));
}

void Doubts::add(const estate::Resource& resource) {
  if (resource.open.is_unknown())
    add(resource.type, scene_.origins.at(resource.open.unknown_id()).text);
  else
    add(resource.type, fmt::format("{} is not in what was given, only referred to", resource.id));
}

void Doubts::add(const Doubts& others) {
  for (const policy::UnknownUse& use : others.uses_)
    add(use.field, use.origin);
}

bool Doubts::add_if_incomplete(std::string_view type) {
  std::string why = scene_.estate().completeness().why_incomplete(type);
  if (why.empty()) return false;
  add(type, std::move(why));
  return true;
}

Verdict Doubts::verdict() const {
  Verdict out;
  out.state = State::Unknown;
  out.unknown = uses_;
  return out;
}

}  // namespace redoubt::posture::relations
