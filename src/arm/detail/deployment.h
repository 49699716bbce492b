#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "arm/evaluate.h"
#include "arm/expand.h"

namespace redoubt::arm {

class Deployment;
struct Instance;

/// What all deployments of one expansion share.
struct Run {
  Run(doc::Sources& sources_of_run, Origins& origins_of_run, const ExpandOptions& options_of_run,
      Arena& arena_of_run)
      : sources(sources_of_run), origins(origins_of_run), options(options_of_run), arena(arena_of_run) {
    budget.steps = options.max_steps;
    budget.bytes = options.max_bytes;
  }

  doc::Sources& sources;
  Origins& origins;
  const ExpandOptions& options;
  Arena& arena;
  Budget budget{};
  Evaluator evaluator{arena, origins, budget};
  ExpressionCache expressions{arena, Language::Arm};
  std::vector<Diagnostic> diagnostics{};
  std::unordered_map<std::string, Instance*> by_id{};  ///< by lower-case id
  std::deque<doc::Document> linked{};
  std::vector<std::string> unread_links{};
  std::uint32_t new_guids = 0;
  std::uint32_t not_evaluated = 0;  ///< values in bodies that stand as unknowns because of a mistake

  bool failed = false;  ///< a part could not be expanded at all

  /// Reports a mistake that takes a part of the template with it.
  void give_up(Error error, doc::Place place);
  /// Adds a diagnostic at a place, once.
  void report(Error error, doc::Place place, Severity severity = Severity::Error);

 private:
  std::set<std::string> reported_{};
};

/// One turn of a copy loop. Property loops are found by name only.
struct Loop {
  std::string_view name;
  doc::Value index;
  bool of_resource = true;
};

/// A value that is worked out when it is first asked for.
struct Cell {
  bool active = false;
  std::optional<Result<doc::Value>> result;
};

/// One resource of a template after its loop and condition: identity first, body when asked for.
struct Instance {
  Deployment* deployment = nullptr;
  const doc::Value* declaration = nullptr;
  std::string_view symbol;
  const Instance* parent = nullptr;
  std::vector<Loop> loops;
  std::string id;
  std::string type;
  std::string name;
  std::string scope;
  std::string extension;
  Scope target;
  doc::Value name_value;
  doc::Value condition = doc::Value::boolean(true);
  doc::Value open;  ///< first unknown of loop, condition and what is around, else null
  bool existing = false;
  bool off = false;  ///< its condition is false
  Cell body;
  bool nested_known = false;
  std::unique_ptr<Deployment> nested;
  std::vector<std::unique_ptr<Instance>> children;

  bool is_deployment() const;
};

/// Where an expression stands: a deployment, loops, and perhaps inside a user function.
class Surroundings final : public Environment {
 public:
  explicit Surroundings(Deployment& deployment, std::span<const Loop> loops = {},
                        const doc::Value* arguments = nullptr)
      : deployment_(deployment), loops_(loops), arguments_(arguments) {}

  Result<doc::Value> call(Evaluator& evaluator, const Expression& call,
                          std::span<const doc::Value> arguments) override;
  Result<doc::Value> reference(Evaluator& evaluator, const Expression& call,
                               std::span<const doc::Value> arguments, std::span<const doc::Value> keys,
                               std::size_t& consumed) override;

  Deployment& deployment() { return deployment_; }
  std::span<const Loop> loops() const { return loops_; }

  /// In bodies a value that cannot be evaluated is reported and stands as an unknown, so that the rest of the
  /// resource is still judged. Where names and loops are worked out a mistake ends the resource.
  bool tolerant() const { return tolerant_; }
  Surroundings& tolerate() {
    tolerant_ = true;
    return *this;
  }

 private:
  Result<doc::Value> parameters(std::span<const doc::Value> arguments);
  Result<doc::Value> copy_index(std::span<const doc::Value> arguments);

  Deployment& deployment_;
  std::span<const Loop> loops_;
  const doc::Value* arguments_;  ///< object, inside a user function
  bool tolerant_ = false;
};

/// One template being deployed: the root, or a nested or linked one.
class Deployment {
 public:
  /// A nested deployment evaluates with its own parameters and variables when `inner`, else with those of
  /// the deployment around it.
  Deployment(Run& run, const doc::Value& root, Deployment* around, const Instance* instance, Scope target,
             bool inner);

  /// The deployment whose parameters, variables, functions and scope expressions here mean.
  Deployment& names() { return inner_ || around_ == nullptr ? *this : around_->names(); }
  Run& run() { return run_; }
  Deployment* around() const { return around_; }
  const Instance* instance() const { return instance_; }
  const Scope& target() const { return target_; }
  const doc::Value& root() const { return root_; }

  void supply_parameters(const doc::Value* supplied, std::span<const Loop> loops);
  void set_parameter(std::string_view name, const doc::Value& value);
  void set_variable(std::string_view name, const doc::Value& value);

  Result<doc::Value> parameter(std::string_view name);
  Result<doc::Value> variable(std::string_view name);
  Result<doc::Value> output(std::string_view name);
  Result<doc::Value> user_function(const Expression& call, std::span<const doc::Value> arguments);

  /// Evaluates a part of the template: expressions, property loops and escapes anywhere inside.
  Result<doc::Value> resolve(const doc::Value& node, Surroundings& surroundings);

  /// Makes the instances of every declared resource: loops, conditions, names and ids.
  void ensure_registered();
  /// In template order; only what is registered already.
  std::vector<Instance*> instances();
  /// By symbolic name (`name` or `name[index]`), in this deployment or, where names are shared, around it.
  Instance* find_symbol(std::string_view symbol);
  std::vector<Instance*> find_symbols(std::string_view symbol);
  Instance* find_by_name(std::string_view name);

  Result<doc::Value> body(Instance& instance);
  /// The deployment that a Microsoft.Resources/deployments resource makes; null when its template is not
  /// known.
  Deployment* nested(Instance& instance);

  std::vector<std::string> output_names() const;
  void check_supplied();
  /// Warns of loops in variables.copy that are wrong and that nothing asked for: a used one fails like every
  /// other variable. To be called last.
  void check_unused_loops();

 private:
  friend class Surroundings;
  struct Declaration {
    std::string_view symbol;
    const doc::Value* node;
    bool started = false;
    std::vector<std::unique_ptr<Instance>> instances;
  };
  struct Supplied {
    const doc::Value* parameters = nullptr;
    std::vector<Loop> loops;
  };

  Result<doc::Value> resolve_text(const doc::Value& node, Surroundings& surroundings);
  Result<doc::Value> resolve_object(const doc::Value& node, Surroundings& surroundings);
  Result<void> resolve_loops(const doc::Value& loops, Surroundings& surroundings,
                             std::vector<doc::Member>& out);
  Result<doc::Value> resolve_loop(const doc::Value& count, const doc::Value& input, std::string_view name,
                                  bool of_resource, Surroundings& surroundings);

  Result<doc::Value> work_out_parameter(std::string_view name);
  Result<doc::Value> work_out_variable(std::string_view name);
  Result<doc::Value> work_out_output(std::string_view name);
  Result<std::optional<doc::Value>> supplied_value(std::string_view name);
  doc::Value check_parameter(std::string_view name, const doc::Value& declaration, doc::Value value,
                             bool is_default);
  const doc::Value& type_of(const doc::Value& declaration) const;
  doc::Value mark_secure(const doc::Value& value, const doc::Value& declaration, int depth = 0) const;

  void register_declaration(Declaration& declaration);
  void register_resource(const doc::Value& node, std::string_view symbol, const Instance* parent,
                         std::span<const Loop> loops, std::vector<std::unique_ptr<Instance>>& out);
  void register_instance(const doc::Value& node, std::string_view symbol, const Instance* parent,
                         std::vector<Loop> loops, const doc::Value& open,
                         std::vector<std::unique_ptr<Instance>>& out);
  Result<void> identify(Instance& instance);
  Result<void> identify_az(Instance& instance, Surroundings& surroundings);
  Result<void> identify_extension(Instance& instance, Surroundings& surroundings);
  Result<std::string> text_of(const doc::Value& node, Surroundings& surroundings, std::string_view what);
  Result<Scope> nested_target(const Instance& instance, Surroundings& surroundings);
  Result<doc::Value> work_out_body(Instance& instance);
  Result<doc::Value> deployment_properties(const doc::Value& properties, Surroundings& surroundings);
  Result<void> open_nested(Instance& instance);
  Result<const doc::Value*> nested_parameters(const doc::Value& properties, Surroundings& surroundings);
  Result<void> check_evaluation_options(const doc::Value* options) const;
  const doc::Value* linked_template(const Instance& instance, const doc::Value& link,
                                    Surroundings& surroundings);

  Run& run_;
  doc::Value root_;
  Deployment* around_;
  const Instance* instance_;
  Scope target_;
  bool inner_;
  bool symbolic_ = false;
  bool sections_checked_ = false;
  Supplied supplied_;
  std::map<std::string, Cell, std::less<>> parameters_;
  std::map<std::string, Cell, std::less<>> variables_;
  std::map<std::string, Cell, std::less<>> outputs_;
  std::vector<Declaration> declarations_;
};

/// Azure's own limit for every kind of loop. Source: "Resource iteration in ARM templates", copy limits.
inline constexpr std::int64_t kMaxCopies = 800;

/// A loop's count: text of a whole number counts as one, all else is given back as it is.
doc::Value as_count(const doc::Value& value);

/// subscription(), resourceGroup(), resourceId() and their like. Source: "Scope functions", "Resource
/// functions".
Result<doc::Value> scope_function(Deployment& deployment, const Expression& call,
                                  std::span<const doc::Value> arguments);

/// reference(), references(), resourceInfo(), list*().
Result<doc::Value> reference_function(Deployment& deployment, const Expression& call,
                                      std::span<const doc::Value> arguments, std::span<const doc::Value> keys,
                                      std::size_t& consumed);

}  // namespace redoubt::arm
