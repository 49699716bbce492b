#include "cli/baseline_options.h"

#include <fmt/format.h>

#include <filesystem>

#include "cli/deployment_options.h"
#include "cli/option_file.h"
#include "cli/output.h"
#include "core/text.h"
#include "doc/json.h"
#include "doc/yaml.h"

namespace redoubt::cli {

namespace {

bool is_json(std::string_view path) { return ends_with_any_case(path, ".json"); }

/// YAML, which JSON is too.
Result<posture::Baseline> read_text(const std::string& path, std::string text, Context& context) {
  doc::Sources sources;
  const Reading<doc::Document> document = RD_TRY(doc::read_yaml(sources, path, std::move(text)));
  Reading<posture::Baseline> read = posture::Baseline::read(document.value.root, sources);
  RD_TRY(tell_mistakes(read.diagnostics, context));
  return std::move(read.value);
}

}  // namespace

std::vector<Option> baseline_options() {
  return {{.flags = "--baseline",
           .value = "FILE",
           .text = "accepted findings: they are shown in one line and do not count for --fail-on"},
          {.flags = "--write-baseline",
           .value = "FILE",
           .text = "accept everything that is noncompliant now; entries of the file are kept"},
          {.flags = "--reason", .value = "TEXT", .text = "why, for --write-baseline"},
          {.flags = "--owner", .value = "NAME", .text = "who answers for it, for --write-baseline"},
          {.flags = "--expires", .value = "DATE", .text = "until when, for --write-baseline"}};
}

std::string baseline_file(const Arguments& arguments) {
  if (arguments.given("--baseline")) return arguments.text("--baseline");
  const std::string& written = arguments.text("--write-baseline");
  std::error_code error;
  return !written.empty() && std::filesystem::exists(written, error) ? written : std::string();
}

Result<void> check_baseline_options(const Arguments& arguments) {
  const auto wrong = [](std::string message, std::string hint) {
    return fail(Error::Kind::Usage, "CLI0047", std::move(message), {}, std::move(hint));
  };
  if (!arguments.given("--write-baseline")) {
    for (const std::string_view name : {"--reason", "--owner", "--expires"})
      if (arguments.given(name))
        return wrong(fmt::format("{} is for --write-baseline", name), "name the file to write");
    return {};
  }
  for (const std::string_view name : {"--reason", "--owner"})
    if (trim(arguments.text(name)).empty())
      return wrong(fmt::format("--write-baseline needs {}", name),
                   "every accepted finding has a reason, and somebody who answers for it");
  if (!arguments.given("--expires")) return {};
  const Result<Instant> expiry = posture::read_expiry(arguments.text("--expires"));
  if (!expiry) return wrong("--" + expiry.error().message, expiry.error().hint);
  const std::optional<Instant> clock = RD_TRY(read_now(arguments));
  if (*expiry <= clock.value_or(now()))
    return wrong(fmt::format("--expires has passed: {}", arguments.text("--expires")),
                 "what is accepted until then counts already; give a later day");
  return {};
}

Result<posture::Baseline> read_baseline(const std::string& path, Context& context) {
  Result<std::string> text = doc::read_text_file(path);
  Result<posture::Baseline> out = text ? read_text(path, std::move(*text), context)
                                       : Result<posture::Baseline>(tl::unexpected(text.error()));
  if (!out) out.error().kind = Error::Kind::Usage;
  return out;
}

Result<void> write_baseline(const Arguments& arguments, Context& context,
                            std::vector<posture::BaselineEntry> findings) {
  const std::string& path = arguments.text("--write-baseline");
  posture::Baseline baseline;
  std::string before;
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    baseline = RD_TRY(read_baseline(path, context));
    before = RD_TRY(doc::read_text_file(path));
  }
  const std::size_t kept = baseline.entries().size();
  for (posture::BaselineEntry& entry : findings) {
    entry.reason = trim(arguments.text("--reason"));
    entry.owner = trim(arguments.text("--owner"));
    entry.expires = arguments.text("--expires");
    baseline.add(std::move(entry));
  }
  const std::size_t added = findings.size();
  if (added != 0 || before.empty()) {
    std::unique_ptr<Output> output = RD_TRY(Output::open(path, context.console.out));
    output->write(posture::baseline_text(baseline, is_json(path), kept, before));
    RD_TRY(output->commit());
  }
  context.note(fmt::format("{}: {} finding{} accepted, {} entr{} kept", path, added, added == 1 ? "" : "s",
                           kept, kept == 1 ? "y" : "ies"));
  return {};
}

Result<void> write_baseline(const Arguments& arguments, Context& context, posture::Scan& scan) {
  std::vector<posture::BaselineEntry> findings;
  const auto wanted = [](const posture::Finding& finding) {
    return finding.state == "noncompliant" && finding.accepted == nullptr;
  };
  scan.each(
      [&](const posture::Finding& finding) {
        if (!wanted(finding)) return;
        posture::BaselineEntry entry;
        entry.finding = finding.id;
        entry.policy = finding.policy->definition->name;
        entry.resource = finding.resource->id;
        entry.path = finding.path;
        findings.push_back(std::move(entry));
      },
      wanted);
  return write_baseline(arguments, context, std::move(findings));
}

}  // namespace redoubt::cli
