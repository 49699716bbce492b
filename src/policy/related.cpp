#include "policy/detail/related.h"

#include <fmt/format.h>

#include "arm/id_segments.h"
#include "arm/open_text.h"
#include "arm/resource_id.h"
#include "core/text.h"
#include "policy/detail/explain.h"
#include "policy/detail/open_ids.h"

namespace redoubt::policy::detail {

using doc::Value;

namespace {

std::string_view last_segment(std::string_view name) { return arm::id_segments(name).back(); }
std::string_view first_segment(std::string_view name) { return arm::id_segments(name).front(); }

/// Where to look when details do not say: below the resource for its children and for types that extend
/// others, else beside it.
Lookup::Where default_place(const Scene& scene, std::string_view type) {
  const std::string_view own = scene.subject.type;
  if (type.size() > own.size() && starts_with_any_case(type, own) && type[own.size()] == '/')
    return Lookup::Where::Resource;
  if (equal_any_case(own, "Microsoft.Resources/subscriptions")) return Lookup::Where::Subscription;
  const std::optional<bool>& known = scene.rule.related.extends_others;
  if (known ? *known : is_extension_type(scene.rule.type_table, type)) return Lookup::Where::Resource;
  return Lookup::Where::ResourceGroup;
}

/// How many candidates are looked at after one that hangs on something open.
constexpr std::size_t kAfterDoubt = 64;

class Search {
 public:
  Search(Scene& scene, const RelatedResources* related, bool explain)
      : scene_(scene), related_(related), explain_(explain) {}

  RelatedOutcome run() {
    const RelatedDetails& details = scene_.rule.related;
    const Result<Value> type = value_of(scene_, details.type);
    const Result<Value> name = value_of(scene_, details.name);
    const Result<Value> group = value_of(scene_, details.resource_group);
    const Result<Value> scope = value_of(scene_, details.existence_scope);
    for (const Result<Value>* part : {&type, &name, &group, &scope})
      if (!*part) return failed_text(part->error().message);
    for (const Result<Value>* part : {&type, &group, &scope})
      if ((*part)->is_unknown()) add_unknowns_of(scene_, **part, "details", outcome_.unknown);
    if (!outcome_.unknown.empty()) return open();
    if (!type->is_string()) return failed_text("details.type must be text");
    lookup_.type = type->as_string();
    outcome_.type = lookup_.type;
    if (name->is_unknown()) open_name_ = *name;
    name_ = name->is_string() ? std::string(name->as_string()) : std::string();
    // A question mark in place of the last segment means any child.
    if (name_ == "?" || name_.ends_with("/?")) name_.back() = '*';
    lookup_.where = place(*scope);
    if (group->is_string()) lookup_.resource_group = group->as_string();
    lookup_.names_subject = details.names_subject;
    if (related_ == nullptr) {
      outcome_.unknown.push_back(
          {"details.type", fmt::format("resources of type {} were not given", lookup_.type)});
      return open();
    }
    return look();
  }

 private:
  RelatedOutcome failed_text(std::string text) {
    outcome_.truth = Truth::Error;
    outcome_.text = std::move(text);
    return std::move(outcome_);
  }
  RelatedOutcome open() {
    outcome_.truth = Truth::Unknown;
    return std::move(outcome_);
  }

  Lookup::Where place(const Value& scope) const {
    // Children are looked for below the resource whatever the scope says.
    if (default_place(scene_, lookup_.type) == Lookup::Where::Resource && is_child())
      return Lookup::Where::Resource;
    if (scene_.rule.related.anywhere) return Lookup::Where::Anywhere;
    if (scope.is_string() && equal_any_case(scope.as_string(), "subscription"))
      return Lookup::Where::Subscription;
    if (scope.is_string() && equal_any_case(scope.as_string(), "resourceGroup"))
      return Lookup::Where::ResourceGroup;
    return default_place(scene_, lookup_.type);
  }

  bool is_child() const { return starts_with_any_case(lookup_.type, std::string(scene_.subject.type) + "/"); }

  RelatedOutcome look() {
    const Found found = related_->find(scene_.subject, lookup_);
    std::optional<std::string> error;
    candidates_ = found.left_out;
    std::size_t after_doubt = 0;
    for (const Candidate& candidate : found.candidates) {
      // Those that name the subject come first: of thousands that may, some say enough.
      if (!outcome_.unknown.empty() && ++after_doubt > kAfterDoubt) break;
      const estate::Resource& resource = *candidate.resource;
      if (!fits_type(resource)) continue;
      std::vector<std::string> open_target;
      const Truth placed = fits_place(resource, open_target);
      const Truth named = placed == Truth::False ? placed : fits_name(resource);
      if (named == Truth::False) continue;
      if (placed == Truth::True) {
        nearest_ = &resource;
        ++candidates_;
      }
      const Truth truth = satisfies(resource, named, open_target);
      if (truth == Truth::True) {
        outcome_.truth = truth;
        outcome_.text = fmt::format("{} satisfies the existence condition",
                                    std::string_view(resource.name).empty() ? lookup_.type : resource.name);
        return std::move(outcome_);
      }
      if (truth == Truth::Error && !error) error = scene_.error;
    }
    if (!outcome_.unknown.empty()) return open();
    if (error) return failed_text(*error);
    if (!found.incomplete.empty()) {
      outcome_.unknown.push_back({lookup_.type, found.incomplete});
      return open();
    }
    if (explain_) explain_absence();
    return std::move(outcome_);
  }

  bool fits_type(const estate::Resource& resource) const {
    return std::string_view(resource.type).empty() || equal_any_case(resource.type, lookup_.type);
  }

  /// Unknown where the resource or what is judged has an open id, with the origins of what is open.
  Truth fits_place(const estate::Resource& resource, std::vector<std::string>& open_target) const {
    const std::string_view id = resource.id;
    const std::string_view own = scene_.subject.id;
    if (lookup_.where != Lookup::Where::Resource) return truth_of(id.empty() || fits_container(resource));
    if (id.empty() || own.empty()) return Truth::True;
    if (id.size() > own.size() && starts_with_any_case(id, own) && id[own.size()] == '/') return Truth::True;
    if (!arm::is_open_text(id) && !arm::is_open_text(own)) return Truth::False;
    return lies_below(scene_.origins, resource, scene_.subject, open_target);
  }

  bool fits_container(const estate::Resource& resource) const {
    switch (lookup_.where) {
      case Lookup::Where::Resource:
      case Lookup::Where::Anywhere:
        return true;
      case Lookup::Where::ResourceGroup: {
        const std::string_view wanted = lookup_.resource_group.empty()
                                            ? std::string_view(scene_.subject.resource_group)
                                            : std::string_view(lookup_.resource_group);
        return wanted.empty() || std::string_view(resource.resource_group).empty() ||
               equal_any_case(wanted, resource.resource_group);
      }
      case Lookup::Where::Subscription: {
        const std::string_view wanted = scene_.subject.subscription;
        return wanted.empty() || std::string_view(resource.subscription).empty() ||
               equal_any_case(wanted, resource.subscription);
      }
    }
    return true;
  }

  /// The candidate's name in pieces, or what is behind its last slash. `whole`: no open piece hides a slash.
  std::vector<Value> name_pieces(const estate::Resource& resource, bool last, bool& whole) const {
    std::vector<Value> pieces = scene_.origins.read_form(resource.name);
    whole = is_whole_name(pieces, lookup_.type);
    if (whole) mark_segments(pieces);
    if (last)
      pieces.erase(pieces.begin(), pieces.begin() + static_cast<std::ptrdiff_t>(behind_last(pieces, "/")));
    return pieces;
  }

  /// Whether the whole name or its last part is as `compare` says. A last part that an open piece may hold a
  /// slash of is not known.
  template <class Compare>
  Truth either_name(const estate::Resource& resource, arm::Scopes scopes, const Compare& compare) const {
    Truth best = Truth::False;
    for (const bool last : {false, true}) {
      bool whole = false;
      const Value own = text_of_pieces(scene_.origins, name_pieces(resource, last, whole));
      const auto text = arm::OpenText::of(own, scene_.origins, true, scopes);
      const bool hidden = last && !whole && text && text->is_open();
      const std::optional<bool> same = text && !hidden ? compare(*text) : std::nullopt;
      if (same == true) return Truth::True;
      if (!same) best = Truth::Unknown;
    }
    return best;
  }

  /// A wanted name that is open is compared as text.
  Truth fits_open_name(const estate::Resource& resource) const {
    if (std::string_view(resource.name).empty()) return Truth::Unknown;
    const auto wanted = arm::OpenText::of(*open_name_, scene_.origins, true, arm::Scopes::Text);
    if (!wanted) return Truth::Unknown;
    return either_name(resource, arm::Scopes::Text,
                       [&](const arm::OpenText& text) { return arm::same_text(text, *wanted); });
  }

  Truth fits_name(const estate::Resource& resource) const {
    if (open_name_) return fits_open_name(resource);
    const std::string_view name = resource.name;
    if (name_.empty() || name.empty() || name_ == "*") return Truth::True;
    if (!arm::is_open_text(name))
      return truth_of(wildcard_match(name, name_, true) || wildcard_match(last_segment(name), name_, true));
    arm::TextPattern pattern;
    arm::add_wildcards(pattern, name_);
    for (arm::PatternStep& step : pattern)
      if (step.kind == arm::PatternStep::Kind::Character && step.character == '?')
        step.kind = arm::PatternStep::Kind::AnyCharacter;
    return either_name(resource, arm::Scopes::Open,
                       [&](const arm::OpenText& text) { return arm::fits(text, pattern); });
  }

  /// One candidate: unknown when anything about it is open.
  Truth satisfies(const estate::Resource& resource, Truth named, std::span<const std::string> open_target) {
    if (resource.existing)
      return uncertain(resource,
                       fmt::format("existing resource {}: its properties are not known", resource.name));
    Truth truth = Truth::True;
    Scene inside{scene_.rule,    scene_.subject, &resource,     &resource.body,
                 scene_.context, scene_.arena,   scene_.origins};
    if (scene_.rule.related.existence != nullptr) truth = evaluate(inside, *scene_.rule.related.existence);
    if (truth == Truth::Error) {
      scene_.error = inside.error;
      return truth;
    }
    if (truth == Truth::False) return truth;
    if (truth == Truth::Unknown) collect_unknowns(inside, *scene_.rule.related.existence, outcome_.unknown);
    for (const std::string& part : open_target)
      truth = uncertain(resource, part);
    if (named == Truth::Unknown && open_name_) {
      add_unknowns_of(scene_, *open_name_, "details.name", outcome_.unknown);
      return Truth::Unknown;
    }
    if (named == Truth::Unknown) return uncertain(resource, fmt::format("name of {}", resource.name));
    if (!resource.open.is_null()) {
      add_unknowns_of(scene_, resource.open, lookup_.type, outcome_.unknown);
      return Truth::Unknown;
    }
    return truth;
  }

  Truth uncertain(const estate::Resource&, std::string origin) {
    outcome_.unknown.push_back({lookup_.type, std::move(origin)});
    return Truth::Unknown;
  }

  void explain_absence() {
    Explanation& out = outcome_.explanation;
    out.field = lookup_.type;
    // One candidate of the resource's own is what a person would change; of several in the neighbourhood none
    // is.
    if (candidates_ == 1 && lookup_.where == Lookup::Where::Resource &&
        scene_.rule.related.existence != nullptr) {
      Scene inside{scene_.rule,    scene_.subject, nearest_,      &nearest_->body,
                   scene_.context, scene_.arena,   scene_.origins};
      const Decision decision = detail::explain(inside, *scene_.rule.related.existence, Truth::False,
                                                "then.details.existenceCondition");
      out = decision.explanation;
      out.text = fmt::format("{} does not satisfy the existence condition: {}", nearest_->name,
                             decision.explanation.text);
    } else {
      const std::string wanted = open_name_ ? shown(scene_, *open_name_) : name_;
      const std::string named = wanted.empty() ? std::string() : fmt::format(" named {}", wanted);
      out.text = candidates_ == 0 ? fmt::format("there is no {}{}", lookup_.type, named)
                                  : fmt::format("none of {} {}{} satisfies the existence condition",
                                                candidates_, lookup_.type, named);
      out.place = scene_.subject.place;
    }
    outcome_.fix = Fix{{},
                       std::nullopt,
                       std::nullopt,
                       fmt::format("{} a {} that satisfies the existence condition",
                                   candidates_ == 0 ? "add" : "have", lookup_.type)};
  }

  Scene& scene_;
  const RelatedResources* related_;
  bool explain_;
  Lookup lookup_;
  std::string name_;
  std::optional<Value> open_name_;
  const estate::Resource* nearest_ = nullptr;
  std::size_t candidates_ = 0;
  RelatedOutcome outcome_;
};

/// The filter policy a deployment names, among the account's.
Value filter_policy(Scene& scene, const RelatedResources* related) {
  const Value* properties = scene.subject.body.find_any_case("properties");
  const std::optional<std::string_view> name =
      properties == nullptr ? std::nullopt : properties->text_of("raiPolicyName");
  const std::string origin = name ? fmt::format("content filter policy {}", *name)
                                  : std::string("the default content filter policy");
  if (related != nullptr && name) {
    Lookup lookup;
    lookup.type = "Microsoft.CognitiveServices/accounts/raiPolicies";
    const std::string_view full = scene.subject.name;
    const std::string_view account = first_segment(full);
    for (const Candidate& candidate : related->find(scene.subject, lookup).candidates) {
      const estate::Resource& resource = *candidate.resource;
      const std::string_view found = resource.name;
      if (!equal_any_case(resource.type, lookup.type) || !equal_any_case(last_segment(found), *name))
        continue;
      if (found.find('/') != std::string_view::npos && !equal_any_case(first_segment(found), account))
        continue;
      if (resource.existing) break;
      if (const Value* content = resource.body.find_any_case("properties")) return *content;
    }
  }
  return scene.origins.unknown(doc::UnknownType::Object, origin, false, true);
}

}  // namespace

RelatedOutcome look_for_related(Scene& scene, const RelatedResources* related, bool explain) {
  return Search(scene, related, explain).run();
}

Value model_deployment(Scene& scene, const RelatedResources* related) {
  std::vector<doc::Member> members(scene.subject.body.members().begin(), scene.subject.body.members().end());
  if (const Value* properties = scene.subject.body.find_any_case("properties");
      properties != nullptr && properties->is_object())
    for (const doc::Member& member : properties->members())
      members.push_back(member);
  members.push_back({"raiPolicy", filter_policy(scene, related)});
  return doc::make_object(scene.arena, members).at(scene.subject.body.place());
}

}  // namespace redoubt::policy::detail
