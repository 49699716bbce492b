#include "policy/lint.h"

#include "core/text.h"
#include "policy/detail/lint_checks.h"

namespace redoubt::policy {

namespace detail {

using doc::Value;

void LintReport::add(Severity severity, std::string_view code, std::string message, doc::Place place,
                     std::string hint) {
  keep({severity, std::string(code), std::move(message), sources_.where(place ? place : fallback_),
        std::move(hint)});
}

void LintReport::add(Error error) {
  Diagnostic diagnostic = to_diagnostic(std::move(error));
  if (diagnostic.where.line == 0) diagnostic.where = sources_.where(fallback_);
  keep(std::move(diagnostic));
}

void LintReport::keep(Diagnostic diagnostic) {
  if (!texts_.insert(diagnostic.text()).second) return;
  errors_ += diagnostic.severity == Severity::Error ? 1 : 0;
  found_.push_back(std::move(diagnostic));
}

bool LintReport::has(std::string_view code, doc::Place place) const {
  const Where where = sources_.where(place);
  for (const Diagnostic& one : found_)
    if (one.code == code && one.where.line == where.line && one.where.column == where.column) return true;
  return false;
}

std::string suggestion(std::string_view word, std::span<const std::string_view> known) {
  const std::optional<std::string_view> near = closest(word, known);
  return near ? "did you mean " + std::string(*near) + "?" : std::string();
}

const Value* object_at(const Value* node, std::string_view name) {
  const Value* found = node == nullptr ? nullptr : node->find_any_case(name);
  return found != nullptr && found->is_object() ? found : nullptr;
}

}  // namespace detail

using doc::Value;

std::vector<Diagnostic> lint(const Definition& definition, const CompileOptions& options,
                             const doc::Sources& sources) {
  detail::LintReport report(sources, definition.place);
  CompileOptions with_sources = options;
  with_sources.sources = &sources;
  detail::LintSubject subject{definition, with_sources, report};
  subject.parameters = detail::object_at(&definition.properties, "parameters");
  subject.rule = detail::object_at(&definition.properties, "policyRule");
  subject.then = detail::object_at(subject.rule, "then");
  subject.details = detail::object_at(subject.then, "details");
  subject.data_plane = ends_with_any_case(definition.mode, ".Data");
  if (is_relation(definition)) {
    // Its rule is code; what remains is the frame.
    const Result<Policy> compiled = compile(definition, Value::object({}), with_sources);
    if (!compiled) report.add(compiled.error());
    detail::check_parameters(subject);
    detail::check_types(subject);
    return report.take();
  }
  static constexpr void (*kChecks[])(const detail::LintSubject&) = {
      detail::check_parts, detail::check_parameters, detail::check_effects, detail::check_members,
      detail::check_uses,  detail::check_deployment, detail::check_types,
  };
  for (const auto check : kChecks)
    check(subject);
  return report.take();
}

}  // namespace redoubt::policy
