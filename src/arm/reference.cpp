#include <fmt/format.h>

#include <algorithm>

#include "arm/detail/deployment.h"
#include "core/text.h"

namespace redoubt::arm {

using doc::Member;
using doc::UnknownType;
using doc::Value;

namespace {

/// Members of a resource that its declaration settles, as reference(..., 'Full') gives them.
constexpr std::string_view kSettled[] = {"location", "kind", "sku", "tags", "zones", "plan", "apiVersion"};

bool is_settled(std::string_view name) {
  return std::any_of(std::begin(kSettled), std::end(kSettled),
                     [&](std::string_view word) { return equal_any_case(word, name); });
}

/// A scalar, or a list of known scalars: the service gives it back as it was written. Objects and lists of
/// objects come back with more in them.
bool is_plain(const Value& value) {
  if (value.is_array())
    return std::all_of(value.items().begin(), value.items().end(),
                       [](const Value& item) { return !item.is_container() && !item.is_null(); });
  return !value.is_object() && !value.is_null();
}

class Reference {
 public:
  Reference(Deployment& deployment, std::span<const Value> keys, std::size_t& consumed)
      : deployment_(deployment), run_(deployment.run()), keys_(keys), consumed_(consumed) {}

  Result<Value> of(std::span<const Value> arguments) {
    const bool full =
        arguments.size() == 3 && arguments[2].is_string() && equal_any_case(arguments[2].as_string(), "full");
    const std::string target = text_form(arguments[0], run_.origins);
    if (Instance* instance = find(target)) return of_instance(*instance, full);
    consumed_ = 0;
    return run_.origins.unknown(UnknownType::Object, fmt::format("reference({})", target), false, true);
  }

  Result<Value> of_instance(Instance& instance, bool full) {
    consumed_ = 0;
    if (!full) return properties(instance);
    if (keys_.empty()) return whole(instance);
    if (!keys_[0].is_string()) return runtime(instance, true);
    const std::string_view key = keys_[0].as_string();
    if (equal_any_case(key, "properties")) {
      keys_ = keys_.subspan(1);
      const Result<Value> found = properties(instance);
      ++consumed_;
      return found;
    }
    if (std::optional<Value> identity = identity_member(instance, key)) {
      consumed_ = 1;
      return *identity;
    }
    if (is_settled(key) && !instance.existing && !instance.off) {
      const Value body = RD_TRY(instance.deployment->body(instance));
      consumed_ = 1;
      if (const Value* found = body.find_any_case(key)) return *found;
      if (equal_any_case(key, "location"))
        return run_.origins.part(runtime(instance, true), ".location", UnknownType::String);
      return Value::null();
    }
    return runtime(instance, true);
  }

  Instance* find(std::string_view target) {
    if (Instance* found = deployment_.find_symbol(target)) return found;
    if (Instance* found = find_id(target)) return found;
    if (target.find('/') == std::string_view::npos || !target.starts_with('/'))
      if (Instance* found = deployment_.find_by_name(target)) return found;
    return nullptr;
  }

 private:
  Instance* find_id(std::string_view target) {
    const std::string key = lower(target);
    deployment_.ensure_registered();
    if (const auto found = run_.by_id.find(key); found != run_.by_id.end()) return found->second;
    Deployment* root = &deployment_;
    while (root->around() != nullptr)
      root = root->around();
    open_all(*root);
    const auto found = run_.by_id.find(key);
    return found == run_.by_id.end() ? nullptr : found->second;
  }

  /// Registers everything that is nested anywhere, so that an id declared deep inside is found.
  void open_all(Deployment& deployment) {
    deployment.ensure_registered();
    for (Instance* instance : deployment.instances()) {
      if (instance->off || !instance->is_deployment()) continue;
      if (Deployment* nested = deployment.nested(*instance)) open_all(*nested);
    }
  }

  Value runtime(const Instance& instance, bool full) const {
    const std::string& name = instance.id.empty() ? instance.name : instance.id;
    return run_.origins.unknown(
        UnknownType::Object,
        full ? fmt::format("reference({}, full)", name) : fmt::format("reference({})", name), false, true);
  }

  std::optional<Value> identity_member(const Instance& instance, std::string_view key) const {
    const auto text = [&](std::string_view value) { return doc::make_string(run_.arena, value); };
    if (equal_any_case(key, "id") || equal_any_case(key, "resourceId")) return text(instance.id);
    if (equal_any_case(key, "name")) return text(instance.name);
    if (equal_any_case(key, "type")) return text(instance.type);
    if (equal_any_case(key, "scope")) return text(instance.scope);
    if (equal_any_case(key, "subscriptionId") && !is_open_text(instance.target.subscription))
      return text(instance.target.subscription);
    if (equal_any_case(key, "resourceGroupName") && !is_open_text(instance.target.resource_group))
      return text(instance.target.resource_group);
    return std::nullopt;
  }

  /// reference(...) without 'Full': the properties, followed along the keys as far as the template settles
  /// them.
  Result<Value> properties(Instance& instance) {
    if (instance.is_deployment() && !instance.existing) return deployment_state(instance);
    if (instance.existing || instance.off || instance.body.active) return runtime(instance, false);
    const Result<Value> body = instance.deployment->body(instance);
    if (!body) return runtime(instance, false);
    const Value* at = body->find_any_case("properties");
    std::size_t used = 0;
    for (; at != nullptr && used < keys_.size(); ++used) {
      const Value& key = keys_[used];
      if (key.is_string() && at->is_object())
        at = at->find_any_case(key.as_string());
      else if (key.is_int() && at->is_array() && key.as_int() >= 0 &&
               static_cast<std::size_t>(key.as_int()) < at->size())
        at = &at->items()[static_cast<std::size_t>(key.as_int())];
      else
        at = nullptr;
      if (at != nullptr && at->is_unknown()) break;
    }
    if (at == nullptr || keys_.empty() || !is_plain(*at)) return runtime(instance, false);
    consumed_ += std::min(used + (at->is_unknown() ? 1 : 0), keys_.size());
    return *at;
  }

  Result<Value> deployment_state(Instance& instance) {
    const bool wants_outputs =
        !keys_.empty() && keys_[0].is_string() && equal_any_case(keys_[0].as_string(), "outputs");
    if (!keys_.empty() && !wants_outputs) return runtime(instance, false);
    if (instance.off) {
      run_.report({Error::Kind::InvalidInput,
                   "ARM0206",
                   fmt::format("reference() of a deployment whose condition is false: {}", instance.name),
                   {},
                   "guard it with if()"},
                  instance.declaration->place(), Severity::Warning);
      return runtime(instance, false);
    }
    Deployment* nested = instance.deployment->nested(instance);
    if (nested == nullptr) return runtime(instance, false);
    if (keys_.size() >= 3 && keys_[1].is_string() && keys_[2].is_string() &&
        equal_any_case(keys_[2].as_string(), "value")) {
      consumed_ += 3;
      return output(*nested, instance, keys_[1].as_string());
    }
    std::vector<Member> outputs;
    for (const std::string& name : nested->output_names()) {
      const Result<Value> value = nested->output(name);
      if (!value) continue;
      const Member members[] = {{"value", *value}};
      outputs.push_back({run_.arena.copy(std::string_view(name)), doc::make_object(run_.arena, members)});
    }
    const Value all = doc::make_object(run_.arena, outputs);
    if (wants_outputs) {
      ++consumed_;
      return all;
    }
    const Member members[] = {{"outputs", all}, {"provisioningState", Value::string("Succeeded")}};
    return doc::make_object(run_.arena, members);
  }

  /// An output that the nested template settles; a broken one is unknown, its mistake is reported where it
  /// is.
  Result<Value> output(Deployment& nested, const Instance& instance, std::string_view name) {
    Result<Value> value = nested.output(name);
    if (value) return value;
    if (value.error().code == "ARM0208") return value;
    run_.report(value.error(), nested.root().place(), Severity::Warning);
    return run_.origins.part(runtime(instance, false), fmt::format(".outputs.{}.value", name));
  }

  Result<Value> whole(Instance& instance) {
    std::vector<Member> members;
    for (const std::string_view name : {"id", "name", "type"})
      members.push_back({name, *identity_member(instance, name)});
    if (!instance.existing && !instance.off) {
      const Value body = RD_TRY(instance.deployment->body(instance));
      for (const std::string_view name : kSettled)
        if (const Value* value = body.find_any_case(name)) members.push_back({name, *value});
    }
    members.push_back(
        {"identity", run_.origins.part(runtime(instance, true), ".identity", UnknownType::Object)});
    const Value state = RD_TRY(properties(instance));
    members.push_back({"properties", state});
    return doc::make_object(run_.arena, members);
  }

  Deployment& deployment_;
  Run& run_;
  std::span<const Value> keys_;
  std::size_t& consumed_;
};

Result<Value> references(Deployment& deployment, std::span<const Value> arguments) {
  const std::string symbol = text_form(arguments[0], deployment.run().origins);
  const bool full =
      arguments.size() == 2 && arguments[1].is_string() && equal_any_case(arguments[1].as_string(), "full");
  const std::vector<Instance*> found = deployment.find_symbols(symbol);
  if (found.empty())
    return fail(Error::Kind::InvalidInput, "ARM0201",
                fmt::format("references(): no resource has the symbolic name {}", symbol));
  if (found.size() == 1 && !found[0]->loops.empty() && found[0]->loops.back().index.is_unknown())
    return deployment.run().origins.unknown(UnknownType::Array, fmt::format("references({})", symbol), false,
                                            true);
  std::vector<Value> items;
  for (Instance* instance : found) {
    if (instance->off) continue;
    std::size_t consumed = 0;
    const Value item = RD_TRY(Reference(deployment, {}, consumed).of_instance(*instance, full));
    items.push_back(item);
  }
  return doc::make_array(deployment.run().arena, items);
}

Result<Value> resource_info(Deployment& deployment, const Value& symbol) {
  Run& run = deployment.run();
  const std::string name = text_form(symbol, run.origins);
  const Instance* instance = deployment.find_symbol(name);
  if (instance == nullptr)
    return fail(Error::Kind::InvalidInput, "ARM0201",
                fmt::format("resourceInfo(): no resource has the symbolic name {}", name));
  const Value* version = instance->declaration->find_any_case("apiVersion");
  const Member members[] = {{"id", doc::make_string(run.arena, instance->id)},
                            {"name", doc::make_string(run.arena, instance->name)},
                            {"type", doc::make_string(run.arena, instance->type)},
                            {"apiVersion", version == nullptr ? Value::null() : *version}};
  return doc::make_object(run.arena, members);
}

}  // namespace

Result<Value> reference_function(Deployment& deployment, const Expression& call,
                                 std::span<const Value> arguments, std::span<const Value> keys,
                                 std::size_t& consumed) {
  Run& run = deployment.run();
  consumed = 0;
  switch (call.form) {
    case Form::References:
      return references(deployment, arguments);
    case Form::ResourceInfo:
      return resource_info(deployment, arguments[0]);
    case Form::List: {
      std::string target = text_form(arguments[0], run.origins);
      std::size_t ignored = 0;
      if (const Instance* instance = Reference(deployment, {}, ignored).find(target))
        target = instance->id.empty() ? instance->name : instance->id;
      return run.origins.unknown(UnknownType::Object, fmt::format("{}({})", call.name, target), true, true);
    }
    default:
      return Reference(deployment, keys, consumed).of(arguments);
  }
}

}  // namespace redoubt::arm
