#include "cli/kql_functions_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/text.h"
#include "doc/json.h"
#include "kql/differences.h"
#include "kql/signature_text.h"

namespace redoubt::cli {

namespace {

using kql::CatalogueEntry;

constexpr std::uint8_t kMarked = kql::kAdx | kql::kFabric | kql::kLogAnalytics | kql::kSentinel;

std::vector<std::string_view> product_names(std::uint8_t availability) {
  std::vector<std::string_view> out;
  for (const kql::Product& product : kql::products())
    if ((availability & product.bit) != 0) out.push_back(product.name);
  return out;
}

/// What there is to say beside how it is called; empty: nothing.
std::string remark(const CatalogueEntry& entry) {
  std::vector<std::string> out;
  if (entry.function != nullptr) {
    const kql::Function& row = *entry.function;
    if (!row.instead.empty())
      out.push_back(fmt::format("deprecated: use {}", row.instead));
    else if (!row.alias_of.empty())
      out.push_back(fmt::format("another name of {}", row.alias_of));
    else if (entry.internal)
      out.emplace_back("not for authors: the engine's own");
    if (!row.faster.empty()) out.push_back(fmt::format("{} estimates the same for less", row.faster));
  }
  if (!entry.excluded.empty())
    out.push_back(fmt::format("{}: {}", entry.runs ? "run all the same" : "excluded", entry.excluded));
  return join(std::vector<std::string_view>(out.begin(), out.end()), "; ");
}

/// A way of calling, without the name.
std::string arguments_text(const kql::Function& row, const kql::Signature& signature) {
  return kql::call_text(row, signature).substr(row.name.size());
}

/// The first way of calling by names of parameters alone; the rest is told of a single name.
report::Row table_row(const CatalogueEntry& entry) {
  const report::Tone tone = entry.excluded.empty() ? report::Tone::Plain : report::Tone::Muted;
  std::string call(entry.name);
  std::string result;
  if (entry.function != nullptr && !entry.function->signatures.empty()) {
    const kql::Signature& first = entry.function->signatures.front();
    call = kql::short_call_text(*entry.function, first);
    const bool columns =
        first.rule == kql::ResultRule::PrefixedColumns || first.rule == kql::ResultRule::ColumnsByName;
    result = kql::makes_table(first.rule) ? "table"
             : columns                    ? "columns"
                                          : kql::result_text(*entry.function, first);
  }
  report::Row row{{{std::move(call), tone}, {std::move(result)}, {offered_text(entry.availability)}}, {}};
  if (const std::string text = remark(entry); !text.empty()) row.notes.push_back({text, report::Tone::Muted});
  return row;
}

/// Calls `visit` with each run of entries of one kind.
template <class Visit>
void each_kind(std::span<const CatalogueEntry> entries, Visit visit) {
  while (!entries.empty()) {
    const auto end = std::ranges::find_if(
        entries, [&](const CatalogueEntry& one) { return one.kind != entries.front().kind; });
    const auto count = static_cast<std::size_t>(end - entries.begin());
    visit(entries.first(count));
    entries = entries.subspan(count);
  }
}

std::string cell(std::string_view text) { return replace_all(replace_all(text, "|", "\\|"), "<", "&lt;"); }

/// In a table's cell a bar ends code too.
std::string code_cell(std::string_view text) { return fmt::format("`{}`", replace_all(text, "|", "\\|")); }

std::string markdown_row(const CatalogueEntry& entry) {
  std::string calls;
  std::string results;
  if (entry.function != nullptr)
    for (const kql::Signature& signature : entry.function->signatures) {
      const std::string_view line = calls.empty() ? "" : "<br>";
      calls += fmt::format("{}{}", line, code_cell(arguments_text(*entry.function, signature)));
      results += fmt::format("{}{}", line, cell(kql::result_text(*entry.function, signature)));
    }
  const std::string name =
      entry.link.empty() ? code_cell(entry.name) : fmt::format("[{}]({})", code_cell(entry.name), entry.link);
  if (entry.function == nullptr)
    return fmt::format("| {} | {} | {} |\n", name, offered_text(entry.availability), cell(remark(entry)));
  return fmt::format("| {} | {} | {} | {} | {} |\n", name, calls, results, offered_text(entry.availability),
                     cell(remark(entry)));
}

void write_signature(doc::JsonWriter& json, const kql::Function& row, const kql::Signature& signature) {
  json.begin_object().key("text").text(kql::signature_text(row, signature)).key("parameters").begin_array();
  for (const kql::Parameter& parameter : signature.parameters) {
    json.begin_object().key("name").text(parameter.name).key("takes").text(kql::argument_text(parameter));
    json.key("optional").boolean(parameter.least == 0).key("repeats").boolean(parameter.most > 1);
    json.end_object();
  }
  json.end_array().key("result").text(kql::result_text(row, signature));
  if (!signature.instead.empty()) json.key("instead").text(signature.instead);
  json.end_object();
}

void write_entry(doc::JsonWriter& json, const CatalogueEntry& entry) {
  json.begin_object().key("name").text(entry.name).key("kind").text(entry.kind);
  json.key("signatures").begin_array();
  if (entry.function != nullptr)
    for (const kql::Signature& signature : entry.function->signatures)
      write_signature(json, *entry.function, signature);
  json.end_array().key("availability").begin_array();
  for (const std::string_view product : product_names(entry.availability))
    json.text(product);
  json.end_array();
  const auto optional = [&](std::string_view key, std::string_view value) {
    if (!value.empty()) json.key(key).text(value);
  };
  if (entry.function != nullptr) {
    json.key("constant").boolean(entry.function->constant);
    json.key("deprecated").boolean(!entry.function->instead.empty());
    optional("instead", entry.function->instead);
    optional("aliasOf", entry.function->alias_of);
    optional("faster", entry.function->faster);
  }
  optional("link", entry.link);
  optional("excluded", entry.excluded);
  if (entry.runs) json.key("runs").boolean(true);
  json.end_object();
}

}  // namespace

std::string offered_text(std::uint8_t availability) {
  if ((availability & kMarked) != kMarked) return join(product_names(availability), ", ");
  const std::vector<std::string_view> more =
      product_names(static_cast<std::uint8_t>(availability & ~kMarked));
  return more.empty() ? "all" : fmt::format("all, {}", join(more, ", "));
}

std::string names_text(std::span<const CatalogueEntry> entries, const report::TableStyle& style) {
  report::Table table{{{"name", false}, {"result", false}, {"offered by", false}}, {}};
  each_kind(entries, [&](std::span<const CatalogueEntry> group) {
    std::vector<report::Row> rows;
    for (const CatalogueEntry& entry : group)
      rows.push_back(table_row(entry));
    table.groups.push_back({{std::string(group.front().kind), report::Tone::Heading}, std::move(rows)});
  });
  std::size_t excluded = 0;
  for (const CatalogueEntry& entry : entries)
    excluded += entry.excluded.empty() || entry.runs ? 0U : 1U;
  return report::to_text(table, style) +
         fmt::format("\n{}, {} of them excluded\n", counted(entries.size(), "name"), excluded);
}

std::string details_text(std::span<const CatalogueEntry> entries) {
  std::string out;
  for (const CatalogueEntry& entry : entries) {
    out += fmt::format("{}{}  {}\n", out.empty() ? "" : "\n", entry.name, entry.kind);
    if (entry.function != nullptr)
      for (const kql::Signature& signature : entry.function->signatures)
        out += fmt::format("  {}\n", kql::signature_text(*entry.function, signature));
    out += fmt::format("  offered by {}\n", join(product_names(entry.availability), ", "));
    if (const std::string text = remark(entry); !text.empty()) out += fmt::format("  {}\n", text);
    if (!entry.link.empty()) out += fmt::format("  {}\n", entry.link);
  }
  return out;
}

std::string names_markdown(std::span<const CatalogueEntry> entries) {
  std::string out;
  each_kind(entries, [&](std::span<const CatalogueEntry> group) {
    out += fmt::format("{}## {}\n\n", out.empty() ? "" : "\n", group.front().kind);
    out += group.front().function == nullptr
               ? "| name | offered by | remarks |\n| --- | --- | --- |\n"
               : "| name | arguments | result | offered by | remarks |\n| --- | --- | --- | --- | --- |\n";
    for (const CatalogueEntry& entry : group)
      out += markdown_row(entry);
  });
  return out;
}

std::string names_json(std::span<const CatalogueEntry> entries) {
  doc::JsonWriter json(true);
  json.begin_object().key("schema").text("redoubt.kql-functions/1").key("names").begin_array();
  for (const CatalogueEntry& entry : entries)
    write_entry(json, entry);
  json.end_array().end_object();
  return json.take() + "\n";
}

std::string kql_function_reference() {
  return "<!-- made by `redoubt docs kql-functions`; change the tables in src/kql instead -->\n"
         "# Functions and operators of KQL\n\n"
         "Every name of the Kusto Query Language that Redoubt knows, written from the tables that queries "
         "are checked with. `redoubt kql functions NAME` shows one of them.\n\n"
         "Arguments in brackets may be left out, `, ...` repeats the one before it. A `literal` is written "
         "out, a `constant` is known before the query runs, a `column` is the name of one. `integer` is int "
         "or long, `number` any of int, long, real and decimal, `scalar` a value of any type.\n\n"
         "Offered by `all`: Azure Monitor (log-analytics), Microsoft Sentinel, Azure Data Explorer (adx) "
         "and Microsoft Fabric, as the pages of the language reference are marked. `resource-graph` is said "
         "of operators and kinds of join only, `defender` of none: Microsoft publishes no list of them, so "
         "that a missing mark says nothing there.\n\n"
         "`excluded`: a query may have the name and is checked, but Redoubt will not run it. `run all the "
         "same`: the products that Redoubt stands beside do not offer it, but it is run.\n\n" +
         names_markdown(kql::catalogue());
}

std::string kql_difference_reference() {
  const std::vector<CatalogueEntry> all = kql::catalogue();
  std::size_t rows = 0;
  std::size_t excluded = 0;
  std::size_t run = 0;
  std::string names;
  for (const CatalogueEntry& entry : all) {
    ++rows;
    if (entry.excluded.empty()) continue;
    ++excluded;
    run += entry.runs ? 1U : 0U;
    names +=
        fmt::format("| `{}` | {} | {} | {}{} |\n", entry.name, entry.kind, offered_text(entry.availability),
                    entry.runs ? "run all the same; " : "", cell(entry.excluded));
  }
  std::string out =
      "<!-- made by `redoubt docs kql-differences`; change the tables in src/kql instead -->\n"
      "# Where Redoubt differs from Kusto\n\n"
      "Redoubt reads queries as Kusto does, and its verdicts are held against Microsoft's own parser and "
      "binder on real queries. What is known to be different, or can't be known from a file, stands here. A "
      "difference that does not is a mistake of Redoubt's.\n\n"
      "## In the language\n\n"
      "| what | Kusto | Redoubt |\n"
      "| --- | --- | --- |\n";
  for (const kql::Difference& one : kql::differences())
    out += fmt::format("| {} | {} | {} |\n", cell(one.topic), cell(one.kusto), cell(one.redoubt));
  out += fmt::format(
      "\n"
      "## Names that are excluded\n\n"
      "Of {} names, {} are such that Azure Monitor and Sentinel do not offer, but Azure Data Explorer and "
      "Fabric do, or functions of the documents' library, which are user code. All are known to the "
      "checker; {} of them are run all the same, the others are not. Every other name of the language "
      "reference and of Microsoft's parser has a row in [the list of functions](kql-functions.md).\n\n"
      "| name | kind | offered by | why |\n"
      "| --- | --- | --- | --- |\n",
      rows, excluded, run);
  return out + names;
}

}  // namespace redoubt::cli
