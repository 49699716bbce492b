#include <fmt/format.h>

#include <map>

#include "arm/expand.h"
#include "arm/expansion_json.h"
#include "arm/parameter_files.h"
#include "arm/unknown_json.h"
#include "cli/arguments.h"
#include "cli/cases.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/deployment_options.h"
#include "cli/option_file.h"
#include "doc/json.h"

namespace redoubt::cli {

namespace {

using doc::Value;

/// Parameters of a template: of the file that was given, else of the one that belongs to it; kept by path.
class ParameterSource {
 public:
  ParameterSource(doc::Sources& sources, Context& context) : sources_(sources), context_(context) {}

  Result<const Value*> given(const std::string& path) {
    Reading<doc::Document> read = RD_TRY(read_parameter_file(sources_, path));
    return keep(path, std::move(read));
  }

  /// Null when there is none.
  Result<const Value*> beside(const std::string& path, const Value& template_root) {
    std::optional<Error> error;
    const std::optional<std::string> found =
        arm::find_parameter_file(path, template_root, [&](const std::string& candidate) -> const Value* {
          Result<Reading<doc::Document>> read = doc::read_json_file(sources_, candidate);
          if (read) return keep(candidate, std::move(*read));
          error = read.error();
          return nullptr;
        });
    if (error) return tl::unexpected(*error);
    if (!found) return nullptr;
    context_.note(fmt::format("parameters from {}", *found));
    return &read_.at(*found).root;
  }

 private:
  const Value* keep(const std::string& path, Reading<doc::Document> read) {
    for (const Diagnostic& diagnostic : read.diagnostics)
      context_.tell(diagnostic);
    return &read_.insert_or_assign(path, std::move(read.value)).first->second.root;
  }

  doc::Sources& sources_;
  Context& context_;
  std::map<std::string, doc::Document> read_;
};

Result<Exit> run_arm_expand(const Arguments& arguments, Context& context) {
  const arm::ExpandOptions options = RD_TRY(read_deployment_options(arguments));
  doc::Sources sources;
  arm::Origins origins;
  const std::string& path = arguments.text("TEMPLATE");
  Reading<doc::Document> document = RD_TRY(doc::read_json_file(sources, path));
  for (const Diagnostic& diagnostic : document.diagnostics)
    context.tell(diagnostic);

  const std::string& given = arguments.text("--parameters");
  ParameterSource source(sources, context);
  const Value* const parameters =
      RD_TRY(given.empty() ? source.beside(path, document.value.root) : source.given(given));
  const Reading<arm::Expansion> expansion =
      RD_TRY(arm::expand(sources, origins, document.value, parameters, options));
  for (const Diagnostic& diagnostic : expansion.diagnostics)
    if (diagnostic.severity != Severity::Hint || context.verbose) context.tell(diagnostic);
  context.output.write(arm::expansion_json(expansion.value, sources, origins) + "\n");
  return expansion.value.failed ? Exit::Unfinished : Exit::Done;
}

/// `{"value":...}` or `{"unknown":...}`.
std::string answer(const Value& value, const arm::Origins& origins) {
  doc::JsonWriter json;
  json.begin_object();
  if (value.is_unknown()) {
    const arm::Origin& origin = origins.at(value.unknown_id());
    json.key("unknown").begin_object().key("type").text(doc::name_of(value.unknown_type()));
    json.key("origin").text(origin.text).key("secret").boolean(origin.secret || value.secret()).end_object();
  } else {
    json.key("value");
    arm::write_value(json, value, origins);
  }
  json.end_object();
  return json.take();
}

Result<std::string> evaluate_case(const Value& test_case, const arm::ExpandOptions& options) {
  arm::Origins origins;
  Arena arena;
  const std::optional<std::string_view> expression = test_case.text_of("expression");
  if (!expression) return fail(Error::Kind::InvalidInput, "CLI0021", "the case has no text named expression");
  const std::string_view language = test_case.text_of("language").value_or("arm");
  if (language != "arm" && language != "policy")
    return fail(Error::Kind::InvalidInput, "CLI0021",
                fmt::format("language is arm or policy, not {}", language));
  Value values[2];
  bool given[2] = {false, false};
  for (const int i : {0, 1}) {
    const Value* found = test_case.find(i == 0 ? "parameters" : "variables");
    if (found == nullptr || found->is_null()) continue;
    values[i] = RD_TRY(arm::read_unknowns(*found, origins, arena));
    given[i] = true;
  }
  const Value value =
      RD_TRY(arm::evaluate_text(*expression, given[0] ? &values[0] : nullptr, given[1] ? &values[1] : nullptr,
                                language == "policy", origins, arena, options));
  return answer(value, origins);
}

Result<Exit> run_arm_eval(const Arguments& arguments, Context& context) {
  const arm::ExpandOptions options = RD_TRY(read_deployment_options(arguments));
  if (arguments.given("--cases"))
    return run_cases(arguments.text("--cases"), context,
                     [&](const Value& test_case) { return evaluate_case(test_case, options); });
  if (!arguments.given("EXPRESSION"))
    return fail(Error::Kind::Usage, "CLI0021", "give an expression, or --cases FILE", {},
                "redoubt arm eval \"[concat('a', 'b')]\"");
  arm::Origins origins;
  Arena arena;
  const Value value =
      RD_TRY(arm::evaluate_text(arguments.text("EXPRESSION"), nullptr, nullptr,
                                arguments.text("--language") == "policy", origins, arena, options));
  doc::JsonWriter json(true);
  arm::write_value(json, value, origins);
  context.output.write(json.take() + "\n");
  return Exit::Done;
}

}  // namespace

std::vector<Command> arm_commands() {
  std::vector<Option> expand_options = {{.flags = "--parameters",
                                         .value = "FILE",
                                         .text = "parameter file; else the one found beside the template"}};
  std::vector<Option> eval_options = {
      {.flags = "--cases",
       .value = "FILE",
       .text = "JSON Lines of {id, expression, parameters?, variables?, language?}"},
      {.flags = "--language",
       .value = "NAME",
       .text = "arm, or policy for the functions of policy rules",
       .fallback = "arm",
       .choices = {"arm", "policy"}}};
  for (const Option& option : deployment_options()) {
    expand_options.push_back(option);
    eval_options.push_back(option);
  }
  return {
      {.name = "arm expand",
       .summary = "Expand a template into the resources it deploys",
       .examples = {"redoubt arm expand main.json",
                    "redoubt arm expand azuredeploy.json --parameters prod.parameters.json",
                    "redoubt arm expand main.json --scope /subscriptions/S/resourceGroups/rg-ai --location "
                    "swedencentral"},
       .description =
           "Evaluates parameters, variables, loops, conditions and nested deployments, offline. What a "
           "template leaves open, such as a parameter without a value or the run-time state of a resource, "
           "is printed as {\"$unknown\":{...}} with where it comes from; open parts of names stand in "
           "braces. Secure values are never printed.",
       .positionals = {{.name = "TEMPLATE", .text = "ARM template (JSON, comments allowed)"}},
       .options = std::move(expand_options),
       .formats = {"json"},
       .run = run_arm_expand},
      {.name = "arm eval",
       .summary = "Evaluate template expressions",
       .examples = {"redoubt arm eval \"[cidrSubnet('10.0.0.0/16', 24, 3)]\"",
                    "redoubt arm eval --cases cases.jsonl"},
       .positionals = {{.name = "EXPRESSION", .text = "text as it stands in a template", .required = false}},
       .options = std::move(eval_options),
       .formats = {"json"},
       .run = run_arm_eval},
  };
}

}  // namespace redoubt::cli
