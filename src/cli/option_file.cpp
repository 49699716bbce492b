#include "cli/option_file.h"

#include <algorithm>

#include "arm/expand.h"
#include "doc/yaml.h"

namespace redoubt::cli {

Result<Reading<doc::Document>> read_option_file(doc::Sources& sources, const std::string& path,
                                                const doc::JsonLimits& limits) {
  Result<Reading<doc::Document>> document = doc::read_json_file(sources, path, limits);
  if (!document) document.error().kind = Error::Kind::Usage;
  return document;
}

Result<doc::Document> read_option_yaml(doc::Sources& sources, const std::string& path, Context& context) {
  Result<Reading<doc::Document>> document = doc::read_yaml_file(sources, path);
  if (!document) {
    document.error().kind = Error::Kind::Usage;
    return tl::unexpected(document.error());
  }
  for (const Diagnostic& diagnostic : document->diagnostics)
    context.tell(diagnostic);
  return std::move(document->value);
}

Result<void> tell_mistakes(const std::vector<Diagnostic>& diagnostics, Context& context) {
  const auto is_error = [](const Diagnostic& one) { return one.severity == Severity::Error; };
  const auto last = std::find_if(diagnostics.rbegin(), diagnostics.rend(), is_error);
  for (const Diagnostic& diagnostic : diagnostics)
    if (last == diagnostics.rend() || &diagnostic != &*last) context.tell(diagnostic);
  if (last == diagnostics.rend()) return {};
  return fail(Error::Kind::Usage, last->code, last->message, last->where, last->hint);
}

Result<Reading<doc::Document>> read_parameter_file(doc::Sources& sources, const std::string& path) {
  Reading<doc::Document> document = RD_TRY(read_option_file(sources, path));
  if (arm::given_parameters(document.value.root) == nullptr)
    return fail(Error::Kind::Usage, "EST0103", "this is no parameter file", Where{path, 0, 0, {}},
                "a parameter file is {\"parameters\": {\"name\": {\"value\": ...}}}");
  return document;
}

}  // namespace redoubt::cli
