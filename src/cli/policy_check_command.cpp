#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "cli/alias_files.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/fail_on.h"
#include "core/text.h"
#include "doc/json.h"
#include "policy/built_in.h"
#include "policy/classify.h"
#include "policy/library.h"
#include "policy/lint.h"
#include "posture/relations/checks.h"
#include "report/diagnostic_json.h"
#include "report/diagnostic_sarif.h"
#include "report/table.h"

namespace redoubt::cli {

namespace {

/// What there is to say about a set of policies.
struct Check {
  std::vector<Diagnostic> diagnostics;
  std::map<policy::Need, std::size_t> needs;
  std::map<std::string, std::size_t> data_modes;
  std::size_t definitions = 0;
  std::size_t initiatives = 0;
  std::size_t references = 0;
  std::size_t resolved = 0;
  std::size_t other_versions = 0;
};

void add(std::vector<Diagnostic>& all, std::vector<Diagnostic> more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

Check check(policy::Library& library, const policy::CompileOptions& options, const doc::Sources& sources) {
  Check out;
  add(out.diagnostics, library.take_diagnostics());
  for (const policy::Definition& definition : library.definitions()) {
    ++out.definitions;
    const policy::Need need = policy::classify(definition);
    ++out.needs[need];
    if (need == policy::Need::DataPlane) ++out.data_modes[definition.mode];
    add(out.diagnostics, policy::lint(definition, options, sources));
  }
  for (const policy::Initiative& initiative : library.initiatives()) {
    ++out.initiatives;
    for (const policy::Reference& reference : initiative.references) {
      ++out.references;
      const policy::Definition* definition = library.find_definition(reference);
      if (definition == nullptr) continue;
      ++out.resolved;
      if (policy::pins_another_major(reference, *definition)) ++out.other_versions;
    }
    add(out.diagnostics, policy::lint(initiative, library, sources));
  }
  std::stable_sort(out.diagnostics.begin(), out.diagnostics.end(),
                   [](const Diagnostic& left, const Diagnostic& right) {
                     return std::tie(left.where.file, left.where.line, left.where.column, left.code) <
                            std::tie(right.where.file, right.where.line, right.where.column, right.code);
                   });
  return out;
}

std::string counts_text(const Check& found) {
  std::string out =
      fmt::format("{}, {}, {} ({} resolved, {} pinned to another major version)\n",
                  counted(found.definitions, "definition"), counted(found.initiatives, "initiative"),
                  counted(found.references, "reference"), found.resolved, found.other_versions);
  for (const policy::NeedRow& row : policy::needs()) {
    const auto count = found.needs.find(row.need);
    if (count == found.needs.end()) continue;
    out += fmt::format("  {:>6} {:<26} {}\n", count->second, row.name, row.summary);
    if (row.need == policy::Need::DataPlane)
      for (const auto& [mode, times] : found.data_modes)
        out += fmt::format("         {:>6} {}\n", times, mode);
  }
  return out;
}

std::string to_json(const Check& found) {
  doc::JsonWriter json(true);
  const auto number = [&](std::string_view key, std::size_t value) {
    json.key(key).integer(static_cast<std::int64_t>(value));
  };
  json.begin_object().key("schema").text("redoubt.policy-check/1");
  number("definitions", found.definitions);
  number("initiatives", found.initiatives);
  number("references", found.references);
  number("resolved", found.resolved);
  number("otherMajorVersion", found.other_versions);
  json.key("needs").begin_object();
  for (const policy::NeedRow& row : policy::needs()) {
    const auto count = found.needs.find(row.need);
    number(row.name, count == found.needs.end() ? 0 : count->second);
  }
  json.end_object().key("dataModes").begin_object();
  for (const auto& [mode, times] : found.data_modes)
    number(mode, times);
  json.end_object().key("diagnostics").begin_array();
  for (const Diagnostic& diagnostic : found.diagnostics)
    report::write_json(json, diagnostic);
  json.end_array().end_object();
  return json.take() + "\n";
}

std::string to_sarif(const Check& found) {
  report::SarifRun run = report::to_sarif_run(found.diagnostics);
  run.base_directory = std::filesystem::current_path().string();
  return report::to_sarif(run) + "\n";
}

Result<Exit> run_policy_check(const Arguments& arguments, Context& context) {
  doc::Sources sources;
  arm::Origins origins;
  AliasFiles alias_files;
  const policy::AliasCatalogue aliases = RD_TRY(alias_files.load(arguments, sources, context));
  const policy::TypeTable types = policy::built_in_types();
  policy::Library library;
  for (const std::string& path : arguments.values("PATH"))
    library.load(sources, path);
  for (const Diagnostic& diagnostic : library.diagnostics())
    if (diagnostic.code == "POL0204")
      return fail(Error::Kind::Usage, diagnostic.code, diagnostic.message, diagnostic.where, diagnostic.hint);
  policy::CompileOptions options{&aliases, &types, &origins, false, &sources};
  options.find_relation = posture::find_relation;
  const Check found = check(library, options, sources);
  if (context.format == "json") {
    context.output.write(to_json(found));
  } else if (context.format == "sarif") {
    context.output.write(to_sarif(found));
  } else {
    const bool hints = shows_hints(arguments, context.verbose);
    for (const Diagnostic& diagnostic : found.diagnostics)
      if (diagnostic.severity != Severity::Hint || hints) context.output.write(diagnostic.text() + "\n");
    context.output.write(counts_text(found));
  }
  Level worst = Level::None;
  bool unreadable = found.definitions + found.initiatives == 0;
  for (const Diagnostic& diagnostic : found.diagnostics) {
    worst = std::max(worst, level_of(diagnostic.severity));
    unreadable = unreadable || (diagnostic.severity == Severity::Error && diagnostic.code.starts_with("DOC"));
  }
  if (unreadable) return Exit::Unfinished;
  return exit_for(worst, fail_on(arguments));
}

}  // namespace

std::vector<Command> policy_check_commands() {
  return {
      {.name = "policy check",
       .summary = "Lint policy definitions and initiatives, and say what each needs",
       .examples = {"redoubt policy check policies/",
                    "redoubt policy check definition.json -f sarif -o policy.sarif"},
       .description =
           "Checks operators, fields, aliases, expressions, effects and parameters, with line numbers. Then "
           "counts what the definitions need: the resource alone, related resources, another system's "
           "results, an attestation. Hints are shown with --verbose, and with --fail-on low.",
       .positionals = {{.name = "PATH",
                        .text = "files or folders of definitions and initiatives",
                        .repeatable = true}},
       .options = {{.flags = "--aliases",
                    .value = "FILE",
                    .text = "output of `az provider list --expand resourceTypes/aliases`",
                    .repeatable = true},
                   fail_on_diagnostic_option()},
       .formats = {"table", "json", "sarif"},
       .run = run_policy_check}};
}

}  // namespace redoubt::cli
