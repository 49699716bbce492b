#include "cli/option_file.h"

#include "arm/expand.h"
#include "doc/yaml.h"

namespace redoubt::cli {

Result<Reading<doc::Document>> read_option_file(doc::Sources& sources, const std::string& path) {
  Result<Reading<doc::Document>> document = doc::read_json_file(sources, path);
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

Result<void> first_error(const std::vector<Diagnostic>& diagnostics, Context& context) {
  const Diagnostic* first = nullptr;
  for (const Diagnostic& diagnostic : diagnostics)
    if (first == nullptr && diagnostic.severity == Severity::Error)
      first = &diagnostic;
    else
      context.tell(diagnostic);
  if (first == nullptr) return {};
  return fail(Error::Kind::Usage, first->code, first->message, first->where, first->hint);
}

Result<Reading<doc::Document>> read_parameter_file(doc::Sources& sources, const std::string& path) {
  Reading<doc::Document> document = RD_TRY(read_option_file(sources, path));
  if (arm::given_parameters(document.value.root) == nullptr)
    return fail(Error::Kind::Usage, "EST0103", "this is no parameter file", Where{path, 0, 0, {}},
                "a parameter file is {\"parameters\": {\"name\": {\"value\": ...}}}");
  return document;
}

}  // namespace redoubt::cli
