#include "policy/case.h"

#include <fmt/format.h>

#include <deque>

#include "arm/resource_id.h"
#include "arm/unknown_json.h"
#include "core/text.h"
#include "doc/json.h"
#include "doc/sources.h"
#include "policy/alias_overlay.h"
#include "policy/detail/shape.h"
#include "policy/evaluate.h"
#include "policy/policy.h"

namespace redoubt::policy {

namespace {

using doc::JsonWriter;
using doc::Member;
using doc::Value;

constexpr std::string_view kGroupInTemplates = "Microsoft.Resources/resourceGroups";
constexpr std::string_view kGroupInRules = "Microsoft.Resources/subscriptions/resourceGroups";

constexpr detail::ShapeRow kCase[] = {{"parameters", "an object", detail::is_object},
                                      {"related", "a list", detail::is_list},
                                      {"context", "an object", detail::is_object},
                                      {"aliases", "an object or a list", detail::is_list_or_object}};
constexpr detail::ShapeRow kContext[] = {{"subscription", "an object", detail::is_object},
                                         {"resourceGroup", "an object", detail::is_object},
                                         {"requestContext", "an object", detail::is_object},
                                         {"policy", "an object", detail::is_object},
                                         {"action", "text", detail::is_text},
                                         {"utcNow", "text", detail::is_text}};

/// A resource as a case writes it: raw ARM JSON of a template or an export.
estate::Resource to_resource(const Value& body, const arm::Origins& origins, Arena& arena) {
  estate::Resource out;
  out.body = body;
  out.id = body.text_of("id").value_or("");
  out.type = body.text_of("type").value_or("");
  out.api_version = body.text_of("apiVersion").value_or("");
  if (const Value* name = body.find_any_case("name"))
    out.name = arena.copy(std::string_view(arm::text_form(*name, origins)));
  if (const auto parsed = arm::ResourceId::parse(out.id)) {
    if (out.name.empty() || ends_with_any_case(parsed->name, "/" + std::string(out.name)))
      out.name = arena.copy(std::string_view(parsed->name));
    if (out.type.empty()) out.type = arena.copy(std::string_view(parsed->type));
  }
  if (equal_any_case(out.type, kGroupInTemplates)) out.type = kGroupInRules;
  const std::vector<std::string_view> parts = split(out.id, '/');
  if (parts.size() > 2 && equal_any_case(parts[1], "subscriptions")) out.subscription = parts[2];
  if (parts.size() > 4 && equal_any_case(parts[3], "resourceGroups")) out.resource_group = parts[4];
  if (const Value* condition = body.find_any_case("condition");
      condition != nullptr && condition->is_unknown())
    out.open = *condition;
  const Value* existing = body.find_any_case("existing");
  out.existing = existing != nullptr && existing->is_bool() && existing->as_bool();
  return out;
}

/// What the case lists; the engine filters.
class ListedResources final : public RelatedResources {
 public:
  explicit ListedResources(std::deque<estate::Resource> resources) : resources_(std::move(resources)) {}
  const RelationWorld* world() const override { return nullptr; }
  Found find(const estate::Resource&, const Lookup&) const override {
    Found found;
    for (const estate::Resource& resource : resources_)
      found.candidates.push_back({&resource});
    return found;
  }

 private:
  std::deque<estate::Resource> resources_;
};

class CaseRun {
 public:
  CaseRun(const Value& test_case, const CaseOptions& options) : case_(test_case), options_(options) {}

  Result<std::string> run() {
    const Value* resource_node = case_.find("resource");
    if (resource_node == nullptr || !resource_node->is_object())
      return failed("POL0001", "the case has no resource object");
    if (const std::string wrong = wrong_member(); !wrong.empty()) return failed("POL0001", wrong);
    const Value body = RD_TRY(arm::read_unknowns(*resource_node, origins_, arena_));
    Result<Definition> definition = read_rule();
    if (!definition) return failed(definition.error());
    Value parameters;
    if (const Value* given = case_.find("parameters"))
      parameters = RD_TRY(arm::read_unknowns(*given, origins_, arena_));
    AliasCatalogue own;
    CompileOptions compile_options{options_.aliases, options_.types, &origins_, false};
    if (const Value* aliases = case_.find("aliases"); aliases != nullptr && !aliases->is_null()) {
      Reading<std::vector<ListedAlias>> listed = read_aliases(*aliases, sources_);
      if (listed.value.empty() && listed.has_errors())
        return failed(listed.diagnostics.front().code, listed.diagnostics.front().message);
      own.add(std::move(listed.value));
      compile_options.aliases = &own;
      compile_options.only_listed_aliases = true;
    }
    const Result<Policy> policy = compile(*definition, parameters, compile_options);
    if (!policy) return failed(policy.error());
    const estate::Resource resource = to_resource(body, origins_, arena_);
    std::unique_ptr<ListedResources> related = RD_TRY(read_related());
    const RequestContext context = RD_TRY(read_context(body));
    Judge judge(origins_);
    return write(judge.judge(*policy, resource, related.get(), context, true));
  }

 private:
  /// The first member of the case that has a wrong type: passed over it would give another verdict.
  std::string wrong_member() const {
    std::string wrong;
    const auto say = [&](Severity, std::string message, doc::Place) {
      if (wrong.empty()) wrong = std::move(message);
    };
    detail::check_shape(case_, kCase, say);
    if (const Value* context = case_.find("context")) detail::check_shape(*context, kContext, say);
    const Value* related = case_.find("related");
    if (related != nullptr && related->is_array())
      for (const Value& item : related->items())
        if (!item.is_object() && wrong.empty()) wrong = "related must be a list of resources";
    return wrong;
  }

  Result<Definition> read_rule() {
    if (const Value* rule = case_.find("policyRule")) {
      // A bare rule looks at every type.
      const Member members[] = {{"mode", Value::string("All")},
                                {"parameters", declared_for(case_.find("parameters"))},
                                {"policyRule", *rule}};
      return read_definition(doc::make_object(arena_, members));
    }
    if (const Value* definition = case_.find("definition")) return read_definition(*definition);
    return fail(Error::Kind::InvalidInput, "POL0001", "the case has neither policyRule nor definition");
  }

  /// A bare rule declares what it is given.
  Value declared_for(const Value* given) {
    std::vector<Member> members;
    if (given != nullptr && given->is_object())
      for (const Member& member : given->members())
        members.push_back({member.name, Value::object({})});
    return doc::make_object(arena_, members);
  }

  Result<std::unique_ptr<ListedResources>> read_related() {
    const Value* node = case_.find("related");
    if (node == nullptr || !node->is_array()) return std::unique_ptr<ListedResources>();
    std::deque<estate::Resource> resources;
    for (const Value& item : node->items()) {
      const Value body = RD_TRY(arm::read_unknowns(item, origins_, arena_));
      bodies_.push_back(body);
      resources.push_back(to_resource(bodies_.back(), origins_, arena_));
    }
    return std::make_unique<ListedResources>(std::move(resources));
  }

  Result<RequestContext> read_context(const Value& body) {
    RequestContext context;
    context.now = options_.now;
    Value given;
    if (const Value* node = case_.find("context"))
      given = RD_TRY(arm::read_unknowns(*node, origins_, arena_));
    const auto part = [&](std::string_view name) {
      const Value* found = given.find_any_case(name);
      return found == nullptr ? Value::null() : *found;
    };
    context.subscription = part("subscription");
    context.resource_group = part("resourceGroup");
    context.request = part("requestContext");
    context.policy = part("policy");
    if (context.request.is_null()) {
      const Value* version = body.find_any_case("apiVersion");
      if (version != nullptr) {
        const Member members[] = {{"apiVersion", *version}};
        context.request = doc::make_object(arena_, members);
      }
    }
    if (const auto action = given.text_of("action")) context.action = *action;
    if (const auto text = given.text_of("utcNow")) {
      const ZonedTime time = RD_TRY(parse_time(*text));
      context.now = time.instant;
    }
    return context;
  }

  Result<std::string> failed(std::string_view code, std::string message) {
    return failed(Error{Error::Kind::InvalidInput, std::string(code), std::move(message), {}, {}});
  }
  Result<std::string> failed(const Error& error) {
    Verdict verdict;
    verdict.state = State::Error;
    verdict.explanation.text = error.message;
    verdict.error = error;
    return write(verdict);
  }

  void member(JsonWriter& json, std::string_view key, const Value& value) {
    json.key(key);
    arm::write_value(json, value, origins_);
  }

  std::string write(const Verdict& verdict) {
    JsonWriter json;
    json.begin_object().key("effect");
    if (verdict.effect.empty())
      json.null();
    else
      json.text(verdict.effect);
    json.key("state").text(name_of(verdict.state));
    const Explanation& explanation = verdict.explanation;
    json.key("explanation").begin_object().key("text").text(explanation.text);
    json.key("path")
        .text(explanation.path)
        .key("field")
        .text(explanation.field)
        .key("rule")
        .text(explanation.rule);
    if (explanation.value) member(json, "value", *explanation.value);
    json.end_object();
    if (verdict.fix) {
      json.key("fix").begin_object().key("text").text(verdict.fix->text).key("path").text(verdict.fix->path);
      if (verdict.fix->value) member(json, "value", *verdict.fix->value);
      if (verdict.fix->proposed) member(json, "proposed", *verdict.fix->proposed);
      if (verdict.fix->resource) member(json, "resource", *verdict.fix->resource);
      json.end_object();
    }
    if (!verdict.unknown.empty()) {
      json.key("unknown").begin_array();
      for (const UnknownUse& use : verdict.unknown)
        json.begin_object().key("field").text(use.field).key("origin").text(use.origin).end_object();
      json.end_array();
    }
    if (!verdict.changes.empty()) operations(json, verdict);
    if (verdict.error)
      json.key("error")
          .begin_object()
          .key("code")
          .text(verdict.error->code)
          .key("message")
          .text(verdict.error->message)
          .end_object();
    json.end_object();
    return json.take();
  }

  void operations(JsonWriter& json, const Verdict& verdict) {
    json.key("operations").begin_array();
    for (const Change& change : verdict.changes) {
      json.begin_object().key("operation").text(change.operation).key("path").text(change.path);
      if (change.before) member(json, "old", *change.before);
      if (change.after) member(json, "new", *change.after);
      json.end_object();
    }
    json.end_array();
  }

  const Value& case_;
  const CaseOptions& options_;
  arm::Origins origins_;
  Arena arena_;
  doc::Sources sources_;
  std::deque<Value> bodies_;
};

}  // namespace

Result<std::string> evaluate_case(const Value& test_case, const CaseOptions& options) {
  return CaseRun(test_case, options).run();
}

}  // namespace redoubt::policy
