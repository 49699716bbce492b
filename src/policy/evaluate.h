#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/arena.h"
#include "core/result.h"
#include "core/time.h"
#include "doc/value.h"
#include "estate/resource.h"
#include "policy/policy.h"

namespace redoubt::policy {

/// Compliance states, as contracts.md names them.
enum class State : std::uint8_t { Compliant, Noncompliant, Unknown, Error, NotApplicable };
/// `compliant`, `noncompliant`, `unknown`, `error`, `notApplicable`.
std::string_view name_of(State state);

/// What a rule may ask about the request and what is around the resource; null values are unknown.
struct RequestContext {
  doc::Value subscription;    ///< object of subscription()
  doc::Value resource_group;  ///< object of resourceGroup()
  doc::Value request;         ///< object of requestContext()
  doc::Value policy;          ///< object of policy()
  Instant now;
  bool* time_asked = nullptr;  ///< is made true when utcNow() is worked out
  std::string action;          ///< of denyAction; empty: whatever the action is
};

/// A resource that an if-not-exists effect may look at. Empty id, name or type fit every filter.
struct Candidate {
  const estate::Resource* resource = nullptr;
};

/// What an if-not-exists effect looks for.
struct Lookup {
  std::string type;
  /// Where: below or on the resource itself, in a resource group, in the subscription, or in any
  /// subscription.
  enum class Where : std::uint8_t {
    Resource,
    ResourceGroup,
    Subscription,
    Anywhere
  } where = Where::ResourceGroup;
  std::string resource_group;  ///< of Where::ResourceGroup; empty: the resource's own
  /// What is looked for has the subject's id in one of its texts: others need not be handed out.
  bool names_subject = false;
};

struct Found {
  std::vector<Candidate> candidates;
  std::size_t left_out = 0;  ///< others of the type, which do not name the subject
  std::string incomplete;  ///< why absence can't be told; empty when it can
};

/// All there is around a resource, as relation checks see it; what it is, they know themselves.
class RelationWorld {
 public:
  RelationWorld() = default;
  RelationWorld(const RelationWorld&) = delete;
  RelationWorld& operator=(const RelationWorld&) = delete;
  virtual ~RelationWorld() = default;
};

/// Finds related resources; null in place of one means that there is nothing to look in.
class RelatedResources {
 public:
  RelatedResources() = default;
  RelatedResources(const RelatedResources&) = delete;
  RelatedResources& operator=(const RelatedResources&) = delete;
  virtual ~RelatedResources() = default;
  virtual Found find(const estate::Resource& subject, const Lookup& lookup) const = 0;
  /// Null where there is no more than find() gives. Not a default: what wraps another one has to hand it on.
  virtual const RelationWorld* world() const = 0;
};

/// What decided a verdict.
struct Explanation {
  std::string text;
  std::string path;                 ///< in the resource, `properties.networkAcls.ipRules[1].action`
  std::string field;                ///< the alias or field of the condition
  std::string rule;                 ///< the condition's place in the rule, `if.allOf[1]`
  std::optional<doc::Value> value;  ///< absent when the property is missing
  doc::Place place;        ///< where a person would change it: the property, else the object that lacks it
  doc::Place value_place;  ///< where the value came from, when elsewhere
};

/// The smallest change that would turn the deciding condition.
struct Fix {
  std::string path;
  std::optional<doc::Value> value;     ///< what to write there: at the place of the explanation as it is
  std::optional<doc::Value> resource;  ///< to add, as an ARM template has it
  std::string text;
  /// In place of `value`: what to write, which may name what is called otherwise, or be for a resource
  /// beside.
  std::optional<doc::Value> proposed;
};

struct UnknownUse {
  std::string field;
  std::string origin;
};

/// One change of modify or append.
struct Change {
  std::string operation;  ///< add, replace, remove, append
  std::string path;
  std::optional<doc::Value> before;
  std::optional<doc::Value> after;
};

struct Verdict {
  State state = State::NotApplicable;
  std::string_view effect;  ///< a constant; when noncompliant, `disabled` of a disabled one, else empty
  Explanation explanation;
  std::optional<Fix> fix;
  std::vector<UnknownUse> unknown;
  std::vector<Change> changes;
  bool conflict = false;  ///< an append that would change a value of the request: acts as a denial
  std::optional<Error> error;
};

/// Judges resources; one worker's tool: it keeps memory between calls, and values of a verdict live in it
/// until reset(). Not safe to share between threads.
class Judge {
 public:
  explicit Judge(arm::Origins& origins);
  ~Judge();

  /// The state alone is cheap; with `explain` the verdict says what decided it.
  Verdict judge(const Policy& policy, const estate::Resource& resource, const RelatedResources* related,
                const RequestContext& context, bool explain);

  /// Frees what verdicts so far refer to.
  void reset();

 private:
  bool indexed(const TypeTable* types, const estate::Resource& resource);

  arm::Origins& origins_;
  Arena arena_;
  // The type asked for last: a resource is judged by many policies in a row.
  std::string last_type_;
  bool last_known_ = false;
  bool last_indexed_ = false;
};

}  // namespace redoubt::policy
