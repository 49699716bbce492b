#include "kql/detail/overloads.h"

#include <algorithm>
#include <bit>

#include "kql/type_rules.h"

namespace redoubt::kql::detail {

namespace {

/// How well an argument fits; the more the better.
enum class Fit : std::uint8_t {
  None,
  Unknown,
  Dynamic,
  Compatible,
  Promoted,
  NotType,
  OneOfMany,
  Scalar,
  Summable,
  Orderable,
  Number,
  Integer,
  Table,
  Exact
};

Fit fit_of(TypeSet set, Type type) {
  if (std::has_single_bit(set)) {
    if (contains(set, type)) return Fit::Exact;
    return accepts(set, type) ? Fit::Promoted : Fit::None;
  }
  if (!contains(set, type)) return Fit::None;
  if (set == kIntegers) return Fit::Integer;
  if (set == kNumbers || set == (kNumbers | set_of(Type::Bool))) return Fit::Number;
  if (set == kOrderables) return Fit::Orderable;
  if (set == kSummables) return Fit::Summable;
  if (set == kAllTypes) return Fit::Scalar;
  return std::popcount(set) >= 9 ? Fit::NotType : Fit::OneOfMany;
}

Fit fit_of(const Parameter* parameter, const Expression* argument, const CommonArgument& common) {
  if (parameter == nullptr) return Fit::None;
  if (argument == nullptr) return Fit::Unknown;
  if (argument->kind == ExpressionKind::Star)
    return parameter->form == ArgumentForm::Star || parameter->form == ArgumentForm::StarToo ? Fit::Exact
                                                                                             : Fit::None;
  if (parameter->form == ArgumentForm::Star) return Fit::None;
  if (parameter->form == ArgumentForm::Table) return argument->is_table() ? Fit::Table : Fit::None;
  if (parameter->form == ArgumentForm::TypeLiteral) return Fit::Exact;
  if (argument->is_table()) return Fit::None;
  const Type type = argument->type;
  if (type == Type::Unknown) return Fit::Unknown;
  if (parameter->agreement == Agreement::None) return fit_of(parameter->types, type);
  if (!common.agreed) return Fit::None;
  if (common.type == type) return Fit::Exact;
  if (promotes(type, common.type)) return Fit::Promoted;
  if (type == Type::Dynamic && parameter->agreement == Agreement::CommonOrDynamic) return Fit::Exact;
  return common.type == Type::Dynamic ? Fit::Dynamic : Fit::None;
}

struct Judged {
  const Signature* signature = nullptr;
  std::size_t fitting = 0;
  Fit worst = Fit::Exact;
  Fit best = Fit::None;
};

Judged judge(const Signature& signature, std::span<const ArgumentHint> arguments) {
  const std::vector<const Parameter*> parameters = lay_out(signature, arguments);
  std::vector<const Expression*> values;
  for (const ArgumentHint& argument : arguments)
    values.push_back(argument.value);
  const CommonArgument common = common_argument(parameters, values);
  Judged out{&signature};
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Fit fit = fit_of(parameters[i], values[i], common);
    if (fit != Fit::None) ++out.fitting;
    out.worst = std::min(out.worst, fit);
    out.best = std::max(out.best, fit);
  }
  return out;
}

/// Above 0: the left one is better.
int compare(const Judged& left, const Judged& right) {
  if (left.worst != right.worst) return static_cast<int>(left.worst) - static_cast<int>(right.worst);
  return static_cast<int>(left.best) - static_cast<int>(right.best);
}

/// Those that take so many arguments, or as many as come closest.
std::vector<const Signature*> by_count(std::span<const Signature> signatures, std::size_t arguments) {
  std::vector<const Signature*> out;
  std::size_t most = 0;
  for (const Signature& signature : signatures) {
    if (takes(signature, arguments)) out.push_back(&signature);
    most = std::max(most, argument_count(signature).most);
  }
  if (!out.empty()) return out;
  for (const Signature& signature : signatures) {
    const ArgumentCount count = argument_count(signature);
    if (count.least <= most && most <= count.most) out.push_back(&signature);
  }
  return out;
}

}  // namespace

CommonArgument common_argument(std::span<const Parameter* const> parameters,
                               std::span<const Expression* const> arguments, bool without_dynamic) {
  CommonArgument out;
  bool begun = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Parameter* const parameter = parameters[i];
    if (parameter == nullptr || parameter->agreement == Agreement::None || arguments[i] == nullptr) continue;
    out.any = true;
    const Type type = arguments[i]->type;
    if (!arguments[i]->is_scalar()) continue;
    if (without_dynamic && type == Type::Dynamic) continue;
    if (type != Type::Unknown && !contains(parameter->types, type)) continue;
    if (!begun) {
      out.type = type;
      begun = true;
      continue;
    }
    const std::optional<Type> common = common_type(out.type, type);
    if (!common && parameter->agreement == Agreement::CommonOrDynamic)
      out.type = Type::Dynamic;
    else if (!common)
      out.agreed = false;
    else
      out.type = *common;
  }
  if (!begun && without_dynamic) return common_argument(parameters, arguments, false);
  return out;
}

std::vector<const Signature*> best_signatures(std::span<const Signature> signatures,
                                              std::span<const ArgumentHint> arguments) {
  if (signatures.size() == 1) return {&signatures.front()};
  std::vector<Judged> judged;
  std::size_t most = 0;
  for (const Signature* signature : by_count(signatures, arguments.size())) {
    judged.push_back(judge(*signature, arguments));
    most = std::max(most, judged.back().fitting);
  }
  std::erase_if(judged, [&](const Judged& one) { return one.fitting != most; });
  std::vector<const Signature*> out;
  for (const Judged& one : judged) {
    const bool beaten = std::any_of(judged.begin(), judged.end(),
                                    [&](const Judged& other) { return compare(other, one) > 0; });
    if (!beaten) out.push_back(one.signature);
  }
  return out;
}

}  // namespace redoubt::kql::detail
