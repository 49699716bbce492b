#include <fmt/format.h>

#include <algorithm>

#include "arm/detail/deployment.h"
#include "arm/detail/shape.h"
#include "core/text.h"

namespace redoubt::arm {

using doc::Member;
using doc::UnknownType;
using doc::Value;

namespace {

constexpr std::string_view kDeployments = "Microsoft.Resources/deployments";

/// Members of a declaration that steer the deployment and are no part of the resource.
constexpr std::string_view kSteering[] = {
    "resources",     "copy",  "condition", "dependsOn", "comments",  "existing", "subscriptionId",
    "resourceGroup", "scope", "metadata",  "import",    "extension", "$options", "@options"};

bool is_steering(std::string_view name) {
  return std::any_of(std::begin(kSteering), std::end(kSteering),
                     [&](std::string_view word) { return equal_any_case(word, name); });
}

bool is_true(const Value* value) { return value != nullptr && value->is_bool() && value->as_bool(); }

/// The module of `import`/`extension`; empty for az itself.
std::string_view extension_of(const Value& node) {
  for (const std::string_view key : {"extension", "import"}) {
    const std::optional<std::string_view> name = node.text_of(key);
    if (name && !equal_any_case(*name, "az")) return *name;
  }
  return {};
}

/// A child's name behind its parent's, open parts and all.
Value whole_name(Run& run, std::string_view name, bool secret) {
  const Value value = run.origins.partial_text(run.origins.read_form(name));
  return secret ? value.as_secret() : value;
}

const Value* child_nodes(const Value& node) {
  const Value* children = node.find_any_case("resources");
  return children != nullptr && children->is_container() ? children : nullptr;
}

}  // namespace

void Run::report(Error error, doc::Place place, Severity severity) {
  if (error.where.line == 0) error.where = sources.where(place);
  Diagnostic diagnostic = to_diagnostic(std::move(error));
  diagnostic.severity = severity;
  if (reported_.insert(diagnostic.text()).second) diagnostics.push_back(std::move(diagnostic));
}

void Run::give_up(Error error, doc::Place place) {
  failed = true;
  report(std::move(error), place);
}

bool Instance::is_deployment() const { return extension.empty() && equal_any_case(type, kDeployments); }

Deployment::Deployment(Run& run, const Value& root, Deployment* around, const Instance* instance,
                       Scope target, bool inner)
    : run_(run),
      root_(root),
      around_(around),
      instance_(instance),
      target_(std::move(target)),
      inner_(inner) {
  const Value* resources = root_.find_any_case("resources");
  if (resources == nullptr || !resources->is_container()) return;
  if (resources->is_array()) {
    for (const Value& node : resources->items())
      declarations_.push_back({{}, &node, false, {}});
  } else {
    symbolic_ = true;
    for (const Member& member : resources->members())
      declarations_.push_back({member.name, &member.value, false, {}});
  }
}

void Deployment::ensure_registered() {
  if (!sections_checked_) detail::check_sections(run_, root_);
  sections_checked_ = true;
  const Value* resources = root_.find_any_case("resources");
  if (resources != nullptr && !resources->is_container() && !resources->is_null())
    run_.give_up({Error::Kind::InvalidInput,
                  "ARM0202",
                  "resources must be a list or an object of symbolic names",
                  {},
                  {}},
                 resources->place());
  for (Declaration& declaration : declarations_)
    if (!declaration.started) register_declaration(declaration);
}

void Deployment::register_declaration(Declaration& declaration) {
  declaration.started = true;
  std::vector<Loop> loops;
  if (instance_ != nullptr && !inner_) loops = instance_->loops;
  if (!declaration.node->is_object()) {
    run_.give_up({Error::Kind::InvalidInput, "ARM0202", "a resource must be an object", {}, {}},
                 declaration.node->place());
    return;
  }
  register_resource(*declaration.node, declaration.symbol, nullptr, loops, declaration.instances);
}

void Deployment::register_resource(const Value& node, std::string_view symbol, const Instance* parent,
                                   std::span<const Loop> loops, std::vector<std::unique_ptr<Instance>>& out) {
  std::vector<Loop> own(loops.begin(), loops.end());
  if (!detail::check_declaration(run_, node)) return;
  const Value* copy = node.find_any_case("copy");
  if (copy == nullptr || copy->is_null()) {
    register_instance(node, symbol, parent, std::move(own), Value::null(), out);
    return;
  }
  Surroundings surroundings(*this, loops);
  const Value* count_node = copy->find_any_case("count");
  const Value one = Value::integer(1);
  Result<Value> count = resolve(count_node == nullptr ? one : *count_node, surroundings);
  const std::string_view name = copy->text_of("name").value_or(symbol);
  if (!count) return run_.give_up(count.error(), copy->place());
  count = as_count(*count);
  if (count->is_unknown()) {
    own.push_back({name, run_.origins.unknown(UnknownType::Int, "copyIndex", false, true)});
    return register_instance(node, symbol, parent, std::move(own), *count, out);
  }
  if (!count->is_int() || count->as_int() < 0 || count->as_int() > kMaxCopies)
    return run_.give_up(
        {Error::Kind::InvalidInput,
         "ARM0207",
         fmt::format("the count of the loop {} must be a number from 0 to {}", name, kMaxCopies),
         {},
         {}},
        count_node == nullptr ? copy->place() : count_node->place());
  own.push_back({name, Value::integer(0)});
  for (std::int64_t i = 0; i < count->as_int(); ++i) {
    own.back().index = Value::integer(i);
    register_instance(node, symbol, parent, own, Value::null(), out);
  }
}

void Deployment::register_instance(const Value& node, std::string_view symbol, const Instance* parent,
                                   std::vector<Loop> loops, const Value& open,
                                   std::vector<std::unique_ptr<Instance>>& out) {
  static constexpr std::uint64_t kInstanceCost = 500;
  if (Result<void> spent = run_.evaluator.spend(kInstanceCost); !spent)
    return run_.give_up(spent.error(), node.place());
  out.push_back(std::make_unique<Instance>());
  Instance& instance = *out.back();
  instance.deployment = this;
  instance.declaration = &node;
  instance.symbol = symbol;
  instance.parent = parent;
  instance.loops = std::move(loops);
  instance.target = target_;
  instance.existing = is_true(node.find_any_case("existing"));
  instance.extension = extension_of(node);
  instance.open =
      open.is_unknown()
          ? open
          : (parent != nullptr ? parent->open : (instance_ != nullptr ? instance_->open : Value::null()));
  if (open.is_unknown()) instance.condition = open;
  if (Result<void> identified = identify(instance); !identified) {
    if (!instance.off) run_.give_up(identified.error(), node.place());
    out.pop_back();
    return;
  }
  if (!instance.id.empty()) {
    Instance*& entry = run_.by_id[lower(instance.id)];
    if (entry == nullptr || entry->off || entry->existing) entry = &instance;
  }
  if (const Value* children = child_nodes(node)) {
    if (children->is_array())
      for (const Value& child : children->items())
        if (child.is_object()) register_resource(child, {}, &instance, instance.loops, instance.children);
    if (children->is_object())
      for (const Member& child : children->members())
        if (child.value.is_object())
          register_resource(child.value, child.name, &instance, instance.loops, instance.children);
  }
}

Result<void> Deployment::identify(Instance& instance) {
  Surroundings surroundings(*this, instance.loops);
  if (const Value* node = instance.declaration->find_any_case("condition");
      node != nullptr && !node->is_null() && !instance.off) {
    const Value condition = RD_TRY(resolve(*node, surroundings));
    if (condition.is_unknown()) {
      instance.condition = condition;
      if (instance.open.is_null()) instance.open = condition;
    } else if (condition.is_bool()) {
      instance.off = !condition.as_bool();
    } else if (condition.is_string() && (equal_any_case(condition.as_string(), "true") ||
                                         equal_any_case(condition.as_string(), "false"))) {
      instance.off = equal_any_case(condition.as_string(), "false");
    } else {
      return fail(Error::Kind::InvalidInput, "ARM0202",
                  fmt::format("a condition must be a bool, not {}", name_of(condition.kind())),
                  run_.sources.where(node->place()));
    }
  }
  return instance.extension.empty() ? identify_az(instance, surroundings)
                                    : identify_extension(instance, surroundings);
}

Result<std::string> Deployment::text_of(const Value& node, Surroundings& surroundings,
                                        std::string_view what) {
  const Value value = RD_TRY(resolve(node, surroundings));
  if (value.is_string() || value.is_unknown() || value.is_int()) {
    if (value.is_string() && value.secret()) return std::string("{secret}");
    return text_form(value, run_.origins);
  }
  return fail(Error::Kind::InvalidInput, "ARM0202",
              fmt::format("the {} of a resource must be text, not {}", what, name_of(value.kind())),
              run_.sources.where(node.place()));
}

Result<void> Deployment::identify_extension(Instance& instance, Surroundings& surroundings) {
  const Value& node = *instance.declaration;
  instance.type = node.text_of("type").value_or(std::string_view());
  instance.name = instance.symbol;
  const Value* properties = node.find_any_case("properties");
  const Value* metadata = properties == nullptr ? nullptr : properties->find_any_case("metadata");
  const Value* name = metadata == nullptr ? nullptr : metadata->find_any_case("name");
  if (name != nullptr && !instance.off) instance.name = RD_TRY(text_of(*name, surroundings, "name"));
  instance.name_value = doc::make_string(run_.arena, instance.name);
  return {};
}

Result<void> Deployment::identify_az(Instance& instance, Surroundings& surroundings) {
  const Value& node = *instance.declaration;
  const Value* type = node.find_any_case("type");
  const Value* name = node.find_any_case("name");
  if (type == nullptr || name == nullptr)
    return fail(Error::Kind::InvalidInput, "ARM0202",
                fmt::format("a resource has no {}", type == nullptr ? "type" : "name"),
                run_.sources.where(node.place()));
  instance.type = RD_TRY(text_of(*type, surroundings, "type"));
  instance.name_value = RD_TRY(resolve(*name, surroundings));
  instance.name = RD_TRY(text_of(*name, surroundings, "name"));
  if (instance.parent != nullptr && !starts_with_any_case(instance.type, instance.parent->type + "/")) {
    instance.type = instance.parent->type + "/" + instance.type;
    instance.name = instance.parent->name + "/" + instance.name;
  }
  const std::size_t names =
      static_cast<std::size_t>(std::count(instance.name.begin(), instance.name.end(), '/')) + 1;
  if (names != type_segments(instance.type) && !is_open_text(instance.name) && !instance.off)
    return fail(Error::Kind::InvalidInput, "ARM0209",
                fmt::format("the type {} needs {} name segments, not {}: {}", instance.type,
                            type_segments(instance.type), names, instance.name),
                run_.sources.where(name->place()));

  instance.target = RD_TRY(nested_target(instance, surroundings));
  std::string prefix = instance.target.prefix();
  instance.scope = instance.target.id();
  const Value* scope = node.find_any_case("scope");
  if (scope != nullptr && !instance.is_deployment()) {
    const std::string text = RD_TRY(text_of(*scope, surroundings, "scope"));
    const bool absolute = text.starts_with("/") || text.starts_with("{");
    prefix = absolute ? (text == "/" ? std::string() : text) : fmt::format("{}/providers/{}", prefix, text);
    instance.scope = prefix.empty() ? "/" : prefix;
  } else if (instance.parent != nullptr) {
    instance.scope = instance.parent->scope;
    prefix = instance.scope == "/" ? std::string() : instance.scope;
  }
  if (instance.is_deployment()) {
    // A deployment's own id is at the scope it deploys to.
    prefix = instance.target.prefix();
    instance.scope = instance.target.id();
  }
  instance.id = make_resource_id(prefix, instance.type, instance.name);
  return {};
}

std::vector<Instance*> Deployment::instances() {
  std::vector<Instance*> out;
  for (const Declaration& declaration : declarations_)
    for (const auto& instance : declaration.instances)
      out.push_back(instance.get());
  return out;
}

std::vector<Instance*> Deployment::find_symbols(std::string_view symbol) {
  ensure_registered();
  std::vector<Instance*> found;
  for (Instance* instance : instances()) {
    if (equal_any_case(instance->symbol, symbol)) found.push_back(instance);
    for (const auto& child : instance->children)
      if (equal_any_case(child->symbol, symbol)) found.push_back(child.get());
  }
  if (found.empty() && !inner_ && around_ != nullptr) return around_->find_symbols(symbol);
  return found;
}

Instance* Deployment::find_symbol(std::string_view symbol) {
  std::string_view base = symbol;
  std::string_view index;
  if (symbol.ends_with(']')) {
    const std::size_t open = symbol.rfind('[');
    if (open != std::string_view::npos) {
      base = symbol.substr(0, open);
      index = symbol.substr(open + 1, symbol.size() - open - 2);
    }
  }
  const std::vector<Instance*> found = find_symbols(base);
  if (found.empty()) return nullptr;
  if (index.empty()) return found.front();
  for (Instance* instance : found)
    if (!instance->loops.empty() && text_form(instance->loops.back().index, run_.origins) == index)
      return instance;
  return nullptr;
}

Instance* Deployment::find_by_name(std::string_view name) {
  ensure_registered();
  for (Instance* instance : instances())
    if (equal_any_case(instance->name, name)) return instance;
  return !inner_ && around_ != nullptr ? around_->find_by_name(name) : nullptr;
}

Result<Value> Deployment::body(Instance& instance) {
  Cell& cell = instance.body;
  if (cell.result) return *cell.result;
  if (cell.active)
    return fail(Error::Kind::InvalidInput, "ARM0208",
                fmt::format("circular reference through {}", instance.name));
  cell.active = true;
  cell.result = work_out_body(instance);
  cell.active = false;
  return *cell.result;
}

Result<Value> Deployment::work_out_body(Instance& instance) {
  Surroundings surroundings(*this, instance.loops);
  surroundings.tolerate();
  std::vector<Member> members;
  for (const Member& member : instance.declaration->members()) {
    if (is_steering(member.name)) continue;
    const bool identity = instance.extension.empty();
    if (identity && equal_any_case(member.name, "type")) {
      members.push_back({member.name, doc::make_string(run_.arena, instance.type).at(member.value.place())});
    } else if (identity && equal_any_case(member.name, "name")) {
      Value name = instance.name_value;
      if (name.is_string() && name.as_string() != instance.name)
        name = doc::make_string(run_.arena, instance.name);
      if (name.is_unknown() && instance.parent != nullptr)
        name = whole_name(run_, instance.name, name.secret());
      members.push_back({member.name, name.at(member.value.place())});
    } else if (instance.is_deployment() && equal_any_case(member.name, "properties") &&
               member.value.is_object()) {
      const Value properties = RD_TRY(deployment_properties(member.value, surroundings));
      members.push_back({member.name, properties});
    } else {
      Value value = RD_TRY(resolve(member.value, surroundings));
      if (identity && !detail::check_body_member(run_, member.name, value)) {
        ++run_.not_evaluated;
        value = run_.origins.unknown(UnknownType::Any, fmt::format("{} has a wrong type", member.name))
                    .at(member.value.place());
      }
      members.push_back({member.name, value});
    }
  }
  const Value body = doc::make_object(run_.arena, members).at(instance.declaration->place());
  RD_TRY(run_.evaluator.spend_parts(body));
  return body;
}

/// A deployment's own properties: its template is expanded apart.
Result<Value> Deployment::deployment_properties(const Value& properties, Surroundings& surroundings) {
  std::vector<Member> members;
  for (const Member& member : properties.members()) {
    if (equal_any_case(member.name, "template") || equal_any_case(member.name, "parameters")) continue;
    const Value value = RD_TRY(resolve(member.value, surroundings));
    members.push_back({member.name, value});
  }
  return doc::make_object(run_.arena, members).at(properties.place());
}

}  // namespace redoubt::arm
