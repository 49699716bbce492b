#include <fmt/format.h>

#include "arm/detail/deployment.h"
#include "core/text.h"

// Variables, and the loops in variables.copy that make lists of them.

namespace redoubt::arm {

using doc::Value;

namespace {

Result<void> check_loop(const Value& loop, std::string_view name) {
  for (const std::string_view needed : {"count", "input"})
    if (loop.find_any_case(needed) == nullptr)
      return fail(Error::Kind::InvalidInput, "ARM0202",
                  fmt::format("the loop of the variable {} has no {}", name, needed));
  return {};
}

/// A count that is no expression and can't be one.
bool is_bad_count(const Value& written) {
  if (written.is_string() && is_expression(written.as_string())) return false;
  const Value count = as_count(written);
  return !count.is_int() || count.as_int() < 0 || count.as_int() > kMaxCopies;
}

}  // namespace

Result<Value> Deployment::work_out_variable(std::string_view name) {
  const Value* variables = root_.find_any_case("variables");
  Surroundings own(*this);
  if (variables != nullptr && variables->is_object()) {
    if (const Value* node = variables->find_any_case(name)) return resolve(*node, own);
    const Value* loops = variables->find_any_case("copy");
    if (loops != nullptr && loops->is_array()) {
      for (const Value& loop : loops->items()) {
        const std::optional<std::string_view> loop_name = loop.text_of("name");
        if (!loop_name || !equal_any_case(*loop_name, name)) continue;
        if (Result<void> right = check_loop(loop, *loop_name); !right) {
          right.error().where = run_.sources.where(loop.place());
          return tl::unexpected(right.error());
        }
        const Value items = RD_TRY(
            resolve_loop(*loop.find_any_case("count"), *loop.find_any_case("input"), *loop_name, false, own));
        return items.at(loop.place());
      }
    }
  }
  return fail(Error::Kind::InvalidInput, "ARM0201", fmt::format("the template has no variable {}", name));
}

void Deployment::check_unused_loops() {
  const Value* variables = root_.find_any_case("variables");
  const Value* loops = variables == nullptr ? nullptr : variables->find_any_case("copy");
  if (loops == nullptr || loops->is_null()) return;
  const auto warn = [&](std::string_view code, std::string message, doc::Place place) {
    run_.report({Error::Kind::InvalidInput, std::string(code), std::move(message), {}, {}}, place,
                Severity::Warning);
  };
  if (!loops->is_array())
    return warn("ARM0202",
                fmt::format("copy of variables must be a list, not {}", doc::name_of(loops->kind())),
                loops->place());
  for (const Value& loop : loops->items()) {
    const std::optional<std::string_view> name = loop.text_of("name");
    if (!name) {
      warn("ARM0202", "a loop of variables must be an object with a name", loop.place());
      continue;
    }
    if (const auto cell = variables_.find(lower(*name)); cell != variables_.end() && cell->second.result)
      continue;
    const Value* count = loop.find_any_case("count");
    if (const Result<void> right = check_loop(loop, *name); !right)
      warn(right.error().code, right.error().message, loop.place());
    else if (is_bad_count(*count))
      warn("ARM0207",
           fmt::format("the count of the loop {} must be a number from 0 to {}", *name, kMaxCopies),
           count->place());
  }
}

}  // namespace redoubt::arm
