#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "arm/expression.h"
#include "arm/origins.h"
#include "core/arena.h"
#include "core/result.h"
#include "doc/value.h"

namespace redoubt::arm {

class Evaluator;

/// Answers the calls that depend on where an expression stands: parameters(), reference(), field() ...
class Environment {
 public:
  Environment() = default;
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  virtual ~Environment() = default;

  /// `call.form` is one of the forms that look at what stands around, or User, or List.
  virtual Result<doc::Value> call(Evaluator& evaluator, const Expression& call,
                                  std::span<const doc::Value> arguments) = 0;

  /// What a property gives that is not in what `call` gave; nothing: an error (ARM0201), as everywhere else.
  virtual std::optional<doc::Value> absent(const Expression& call) {
    static_cast<void>(call);
    return std::nullopt;
  }

  /// reference(...) followed by property keys: what the template determines depends on the path, and
  /// evaluating all of a deployment's outputs for one of them could run in a circle. The answer is of the
  /// first `consumed` keys; the evaluator applies the rest.
  virtual Result<doc::Value> reference(Evaluator& evaluator, const Expression& call,
                                       std::span<const doc::Value> arguments,
                                       std::span<const doc::Value> keys, std::size_t& consumed);
};

/// What one run may cost, so that expression bombs end in an error.
struct Budget {
  std::uint64_t steps = 20'000'000;
  std::size_t bytes = std::size_t{1} << 30;
  /// Calls of user functions and lazily evaluated parameters, variables and outputs inside one another.
  std::uint32_t depth = 200;
};

/// Evaluates parsed expressions. The forms that are lazy or take lambdas are here; functions are rows of the
/// tables; the rest goes to the environment.
///
/// Unknown values are carried through: a lazy form decides when every possible value of what is open leads to
/// the same answer, else its result is an unknown.
/// Errors: ARM0201 missing property or index out of range, ARM0202 wrong type for a form, ARM0203 the budget
/// is spent, and those of function bodies and the environment.
class Evaluator {
 public:
  Evaluator(Arena& arena, Origins& origins, Budget& budget)
      : arena_(arena), origins_(origins), budget_(budget) {}

  Result<doc::Value> evaluate(const Expression& expression, Environment& environment);

  Arena& arena() { return arena_; }
  Origins& origins() { return origins_; }

  /// Counts work; ARM0203 when the run has done too much.
  Result<void> spend(std::uint64_t steps);
  /// Spends for every part of a value, which ends values that were doubled many times over.
  Result<void> spend_parts(const doc::Value& value);

  /// Guards evaluation that nests through parameters, variables, outputs and user functions.
  class Nesting {
   public:
    explicit Nesting(Budget& budget) : budget_(budget) { --budget_.depth; }
    ~Nesting() { ++budget_.depth; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    Budget& budget_;
  };
  Result<void> check_depth() const;
  Budget& budget() { return budget_; }

 private:
  friend class Lambdas;

  Result<doc::Value> evaluate_call(const Expression& call, Environment& environment);
  Result<doc::Value> evaluate_function(const Expression& call, Environment& environment);
  Result<doc::Value> evaluate_access(const Expression& access_chain, Environment& environment);
  Result<doc::Value> evaluate_if(const Expression& call, Environment& environment);
  Result<doc::Value> evaluate_connective(const Expression& call, Environment& environment);
  Result<doc::Value> evaluate_coalesce(const Expression& call, Environment& environment);
  Result<std::vector<doc::Value>> evaluate_arguments(const Expression& call, Environment& environment);

  Arena& arena_;
  Origins& origins_;
  Budget& budget_;
  std::vector<doc::Member> lambda_variables_;
};

/// One step of property access: `.key` of an object (any case) or `[index]` of an array; null instead of an
/// error when `safe`.
Result<doc::Value> access(Origins& origins, const doc::Value& base, const doc::Value& key, bool safe);

}  // namespace redoubt::arm
