#pragma once

#include <functional>

#include "arm/evaluate.h"

namespace redoubt::arm {

/// The functions that take a lambda. Source: "Lambda functions for ARM templates".
class Lambdas {
 public:
  Lambdas(Evaluator& evaluator, Environment& environment)
      : evaluator_(evaluator), environment_(environment) {}

  Result<doc::Value> evaluate(const Expression& call);

 private:
  Result<doc::Value> variable(const Expression& call);
  /// map() and filter() of an array known in part: the known elements one by one.
  Result<doc::Value> over_pieces(const Expression& call, const doc::Value& input);
  Result<doc::Value> map(const Expression& call, std::span<const doc::Value> items);
  Result<doc::Value> filter(const Expression& call, std::span<const doc::Value> items);
  Result<doc::Value> reduce(const Expression& call, std::span<const doc::Value> items);
  Result<doc::Value> sort(const Expression& call, std::span<const doc::Value> items);
  Result<doc::Value> group_by(const Expression& call, std::span<const doc::Value> items);
  Result<doc::Value> to_object(const Expression& call, std::span<const doc::Value> items);
  Result<doc::Value> map_values(const Expression& call, const doc::Value& object);

  /// Checks that argument `index` is a lambda of `least` to `most` variables.
  Result<const Expression*> lambda(const Expression& call, std::size_t index, std::size_t least,
                                   std::size_t most);
  Result<doc::Value> apply(const Expression& lambda, std::span<const doc::Value> arguments);
  /// The whole result when something it hangs on is open.
  doc::Value open_result(const Expression& call, const doc::Value& input, doc::UnknownType type);

  Evaluator& evaluator_;
  Environment& environment_;
};

/// The type of an unknown that is one of two values; Any when they differ or one is not there.
doc::UnknownType common_type(const doc::Value* left, const doc::Value* right);

}  // namespace redoubt::arm
