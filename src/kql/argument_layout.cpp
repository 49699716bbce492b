#include "kql/detail/argument_layout.h"

#include <algorithm>

namespace redoubt::kql::detail {

namespace {

bool repeats(const Parameter& parameter) { return parameter.most > 1; }

/// At most one parameter repeats, and takes what the others leave over.
std::vector<const Parameter*> in_order(std::span<const Parameter> parameters, std::size_t count) {
  const auto repeated = std::find_if(parameters.begin(), parameters.end(), repeats);
  const auto at = static_cast<std::size_t>(repeated - parameters.begin());
  std::size_t behind = 0;
  for (std::size_t i = at + 1; i < parameters.size(); ++i)
    behind += parameters[i].least;
  std::vector<const Parameter*> out;
  for (std::size_t i = 0; i < count; ++i) {
    if (i < at)
      out.push_back(&parameters[i]);
    else if (at == parameters.size())
      out.push_back(nullptr);
    else if (i + behind >= count && i > at && count - i <= behind)
      out.push_back(&parameters[parameters.size() - (count - i)]);
    else
      out.push_back(&parameters[at]);
  }
  return out;
}

/// case(predicate, then, predicate, then, else): those that repeat do so together.
std::vector<const Parameter*> in_blocks(std::span<const Parameter> parameters, std::size_t count) {
  const auto first = std::find_if(parameters.begin(), parameters.end(), repeats);
  const auto last = std::find_if_not(first, parameters.end(), repeats);
  const auto before = static_cast<std::size_t>(first - parameters.begin());
  const auto block = static_cast<std::size_t>(last - first);
  const auto behind = static_cast<std::size_t>(parameters.end() - last);
  std::vector<const Parameter*> out;
  for (std::size_t i = 0; i < count; ++i) {
    if (i < before)
      out.push_back(&parameters[i]);
    else if (count - i <= behind && count >= before + block + behind)
      out.push_back(&parameters[parameters.size() - (count - i)]);
    else
      out.push_back(block == 0 ? nullptr : &parameters[before + (i - before) % block]);
  }
  return out;
}

bool fits(const Parameter& parameter, const ArgumentHint& argument) {
  if (argument.value == nullptr || is_default(parameter, *argument.value)) return true;
  switch (parameter.form) {
    case ArgumentForm::Column:
    case ArgumentForm::ColumnOfTable:
    case ArgumentForm::ColumnOfBoth:
      return argument.value->kind == ExpressionKind::Column;
    case ArgumentForm::Table:
      return argument.value->is_table();
    case ArgumentForm::TypeLiteral:
      return argument.value->kind == ExpressionKind::Word;
    case ArgumentForm::Literal:
    case ArgumentForm::FullLiteral:
      return argument.value->literal && accepts(parameter.types, argument.value->type);
    default:
      return argument.value->is_scalar() && accepts(parameter.types, argument.value->type);
  }
}

/// A column whose type nobody knows is rather one that is asked for than a condition once more.
bool is_rather_column(const ArgumentHint& argument) {
  return argument.name.empty() && argument.value != nullptr &&
         argument.value->kind == ExpressionKind::Column && argument.value->type == Type::Unknown;
}

/// Those behind the required ones are told by name or kind.
std::vector<const Parameter*> by_kind(std::span<const Parameter> parameters,
                                      std::span<const ArgumentHint> arguments) {
  std::vector<const Parameter*> out;
  std::vector<bool> used(parameters.size(), false);
  std::size_t next = 0;
  for (const ArgumentHint& argument : arguments) {
    const auto named = std::find_if(parameters.begin(), parameters.end(), [&](const Parameter& parameter) {
      return !argument.name.empty() && parameter.name == argument.name;
    });
    if (named != parameters.end()) {
      out.push_back(&*named);
      used[static_cast<std::size_t>(named - parameters.begin())] = true;
      continue;
    }
    while (next < parameters.size() && used[next] && !repeats(parameters[next]))
      ++next;
    std::size_t at = next;
    while (at < parameters.size() && (used[at] && !repeats(parameters[at])))
      ++at;
    const bool may_pass = at < parameters.size() && (parameters[at].least == 0 || used[at]);
    const bool rather_column = is_rather_column(argument);
    for (std::size_t i = at; i < parameters.size() && may_pass; ++i)
      if ((!used[i] || repeats(parameters[i])) && fits(parameters[i], argument) &&
          !(rather_column && parameters[i].types == set_of(Type::Bool) && i + 1 < parameters.size())) {
        at = i;
        break;
      }
    out.push_back(at < parameters.size() ? &parameters[at] : nullptr);
    if (at < parameters.size()) used[at] = true;
  }
  return out;
}

}  // namespace

std::vector<const Parameter*> lay_out(const Signature& signature, std::span<const ArgumentHint> arguments) {
  switch (signature.layout) {
    case Layout::Blocks:
      return in_blocks(signature.parameters, arguments.size());
    case Layout::ByKind:
      return by_kind(signature.parameters, arguments);
    case Layout::InOrder:
      break;
  }
  return in_order(signature.parameters, arguments.size());
}

bool is_default(const Parameter& parameter, const Expression& argument) {
  return parameter.tilde && argument.literal && argument.type == Type::String && argument.name == "~";
}

ArgumentCount argument_count(const Signature& signature) {
  ArgumentCount out;
  for (const Parameter& parameter : signature.parameters) {
    out.least += parameter.least;
    out.most += parameter.most == Parameter::kMany ? std::size_t{32'767} : parameter.most;
  }
  return out;
}

bool takes(const Signature& signature, std::size_t arguments) {
  const ArgumentCount count = argument_count(signature);
  if (arguments < count.least || arguments > count.most) return false;
  if (signature.layout != Layout::Blocks) return true;
  std::size_t block = 0;
  std::size_t once = 0;
  for (const Parameter& parameter : signature.parameters)
    ++(repeats(parameter) ? block : once);
  return block == 0 || (arguments - once) % block == 0;
}

}  // namespace redoubt::kql::detail
