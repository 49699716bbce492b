#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/kql_functions_report.h"
#include "core/text.h"
#include "kql/catalogue.h"

namespace redoubt::cli {

namespace {

using kql::CatalogueEntry;

std::vector<std::string> kinds() {
  const auto all = kql::catalogue_kinds();
  return {all.begin(), all.end()};
}

std::vector<std::string> product_choices() {
  std::vector<std::string> out;
  for (const kql::Product& product : kql::products())
    out.emplace_back(product.name);
  return out;
}

/// Every name that was asked for has to be there.
Result<void> check_names(std::span<const std::string> names, std::span<const CatalogueEntry> entries) {
  for (const std::string& name : names) {
    if (std::ranges::any_of(entries, [&](const CatalogueEntry& one) { return one.name == name; })) continue;
    std::vector<std::string_view> known;
    for (const CatalogueEntry& entry : entries)
      known.push_back(entry.name);
    const std::optional<std::string_view> meant = closest(name, known);
    return fail(Error::Kind::Usage, "KQL0012", fmt::format("KQL has no name {}", name), {},
                meant ? fmt::format("did you mean {}?", *meant) : "redoubt kql functions lists all");
  }
  return {};
}

std::uint8_t product_bit(std::string_view name) {
  for (const kql::Product& product : kql::products())
    if (product.name == name) return product.bit;
  return 0;
}

void tell_gaps(std::uint8_t product, Context& context) {
  if (product == kql::kDefender)
    context.note(
        "no source lists what Defender leaves out of the language; --available-in sentinel is the closest");
  if (product == kql::kResourceGraph)
    context.note("only operators and kinds of join are listed: no source says so of functions");
}

Result<Exit> run_kql_functions(const Arguments& arguments, Context& context) {
  std::vector<CatalogueEntry> entries = kql::catalogue();
  const std::span<const std::string> names = arguments.values("NAME");
  RD_TRY(check_names(names, entries));
  const std::span<const std::string> wanted = arguments.values("--kind");
  const std::uint8_t product =
      arguments.given("--available-in") ? product_bit(arguments.text("--available-in")) : std::uint8_t{0};
  const bool missing = arguments.given("--missing");
  std::erase_if(entries, [&](const CatalogueEntry& entry) {
    return (!names.empty() && std::ranges::find(names, entry.name) == names.end()) ||
           (!wanted.empty() && std::ranges::find(wanted, entry.kind) == wanted.end()) ||
           (product != 0 && (entry.availability & product) == 0) ||
           (missing && (entry.excluded.empty() || entry.runs));
  });
  if (context.format == "json")
    context.output.write(names_json(entries));
  else if (context.format == "markdown")
    context.output.write(names_markdown(entries));
  else if (names.empty())
    context.output.write(names_text(entries, context.style));
  else
    context.output.write(details_text(entries));
  tell_gaps(product, context);
  if (missing) context.note("every other name of the language reference and of Microsoft's parser has a row");
  return Exit::Done;
}

}  // namespace

std::vector<Command> kql_functions_commands() {
  return {
      {.name = "kql functions",
       .summary = "List the functions, operators and other names of KQL",
       .examples = {"redoubt kql functions", "redoubt kql functions make_set count",
                    "redoubt kql functions --kind aggregate --available-in sentinel",
                    "redoubt kql functions --missing"},
       .description =
           "One row for each name of the Kusto language reference and of Microsoft's parser: how it is "
           "called, what it gives, which products offer it, what replaces it, and its page. With names, all "
           "about these.\n\n"
           "--missing lists the names that Redoubt has no row for or will not run, each with the reason.",
       .positionals =
           {{.name = "NAME", .text = "names to show in full", .required = false, .repeatable = true}},
       .options = {{.flags = "--kind",
                    .value = "KIND",
                    .text = "only names of this kind",
                    .repeatable = true,
                    .choices = kinds()},
                   {.flags = "--available-in",
                    .value = "PRODUCT",
                    .text = "only names that this product offers",
                    .choices = product_choices()},
                   {.flags = "--missing", .text = "only names that Redoubt will not run, and why"}},
       .formats = {"table", "json", "markdown"},
       .run = run_kql_functions}};
}

}  // namespace redoubt::cli
