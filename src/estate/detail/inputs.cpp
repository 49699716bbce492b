#include "estate/detail/inputs.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "arm/expand.h"
#include "core/text.h"
#include "estate/load_export.h"

namespace redoubt::estate::detail {

using doc::Value;

namespace {

struct NameRow {
  std::string_view suffix;
  std::string_view reason;
  std::string_view remedy;
};

constexpr std::string_view kTerraformRemedy =
    "Terraform is not judged yet; scan a Resource Graph export of what it deployed";

/// Files that their names say enough about; the first that fits counts.
constexpr NameRow kNames[] = {
    {".bicep", "Bicep source", "compile it with `az bicep build` and scan the JSON"},
    {".bicepparam", "Bicep parameter file", "compile it with `az bicep build-params` beside its template"},
    {".tf", "Terraform source", kTerraformRemedy},
    {".tf.json", "Terraform source", kTerraformRemedy},
    {".tfvars", "Terraform variables", kTerraformRemedy},
    {".tfvars.json", "Terraform variables", kTerraformRemedy},
    {".csv", "CSV file; a CSV export has lost what nested properties were",
     "export JSON: az graph query -q Resources -o json"},
};

constexpr std::string_view kJson[] = {".json", ".jsonc"};
constexpr std::string_view kJsonLines[] = {".jsonl", ".ndjson"};

template <std::size_t N>
bool ends_with_one_of(std::string_view path, const std::string_view (&suffixes)[N]) {
  return std::any_of(std::begin(suffixes), std::end(suffixes),
                     [&](std::string_view suffix) { return ends_with_any_case(path, suffix); });
}

const NameRow* by_name(std::string_view path) {
  const auto* found = std::find_if(std::begin(kNames), std::end(kNames),
                                   [&](const NameRow& row) { return ends_with_any_case(path, row.suffix); });
  return found == std::end(kNames) ? nullptr : found;
}

/// A definition, an initiative, or a list of them, also as `az policy definition list` prints it.
bool is_policy(const Value& root) {
  const Value* one = &root;
  if (root.is_array()) {
    if (root.size() == 0) return false;
    one = &root.items()[0];
  }
  const Value* properties = one->find_any_case("properties");
  for (const Value* place : {one, properties})
    if (place != nullptr && (place->find_any_case("policyRule") || place->find_any_case("policyDefinitions")))
      return true;
  return false;
}

bool is_terraform(const Value& root) {
  return root.find("terraform_version") != nullptr && (root.find("format_version") || root.find("lineage"));
}

struct ContentRow {
  bool (*fits)(const Value& root);
  std::string_view reason;
  std::string_view remedy;
};
constexpr ContentRow kContents[] = {
    {is_policy, "policy definition", "give it with --policy"},
    {is_terraform, "Terraform plan or state", kTerraformRemedy},
};
constexpr ContentRow kOther{nullptr, "no template and no export", {}};

const ContentRow& by_content(const Value& root) {
  const auto* found = std::find_if(std::begin(kContents), std::end(kContents),
                                   [&](const ContentRow& row) { return row.fits(root); });
  return found == std::end(kContents) ? kOther : *found;
}

class Reader {
 public:
  Reader(doc::Sources& sources, const LoadOptions& options)
      : sources_(sources), limits_(options.limits), rows_(options.rows) {}

  void read(const FoundFile& file) {
    if (const NameRow* row = by_name(file.path)) return skip(file, row->reason, row->remedy);
    if (ends_with_one_of(file.path, kJsonLines)) return read_lines(file);
    if (file.given || ends_with_one_of(file.path, kJson)) read_json(file);
  }

  Reading<Inputs> take() {
    reading_.value.arenas.push_back(std::move(arena_));
    return std::move(reading_);
  }

 private:
  void read_json(const FoundFile& file) {
    Result<std::string> text = doc::read_text_file(file.path, limits_.json.max_bytes);
    if (!text) return unreadable(file, text.error());
    if (split(file, *text)) return;
    Result<Reading<doc::Document>> read = doc::read_json(sources_, file.path, *std::move(text), limits_.json);
    if (!read) {
      if (read.error().code == "DOC0101" && begins_with_row(file)) return read_lines(file);
      return unreadable(file, read.error());
    }
    note(std::move(read->diagnostics));
    sort_out(file, std::move(read->value));
  }

  /// Where rows are to be chosen, an export is not parsed as a whole.
  bool split(const FoundFile& file, std::string& text) {
    if (rows_ == nullptr) return false;
    const auto is_row = [](const Value& row) { return !is_policy(row) && is_export(row); };
    std::optional<SplitExport> split =
        split_export(sources_, file.path, text, rows_->known(file.path), is_row, arena_);
    if (split) reading_.value.split_exports.push_back(*std::move(split));
    return split.has_value();
  }

  void sort_out(const FoundFile& file, doc::Document document) {
    Inputs& out = reading_.value;
    const Value root = document.root;
    const auto keep = [&](std::deque<Input>& inputs) { inputs.push_back({file.path, std::move(document)}); };
    if (arm::is_template(root)) return keep(out.templates);
    if (arm::is_parameter_file(root)) return keep(out.parameter_files);
    const ContentRow& row = by_content(root);
    // An empty list says what it is only where somebody called it an export.
    const bool no_rows = file.given && root.is_array() && root.size() == 0;
    if (row.fits == nullptr && (no_rows || is_export(root))) return keep(out.exports);
    skip(file, row.reason, row.remedy);
  }

  /// JSON Lines under another name, or pages one after the other: the first value alone is a row or a page.
  bool begins_with_row(const FoundFile& file) {
    const Result<std::string> text = doc::read_text_file(file.path, limits_.json.max_bytes);
    if (!text) return false;
    const std::string_view first = doc::first_json_value(*text);
    if (first.empty()) return false;
    Arena arena;
    const Result<Value> row = doc::parse_json(arena, first, limits_.json);
    return row && !is_policy(*row) && is_export(*row);
  }

  void read_lines(const FoundFile& file) {
    Result<std::string> text = doc::read_text_file(file.path, limits_.json.max_bytes);
    if (!text) return unreadable(file, text.error());
    if (split(file, *text)) return;
    Reading<doc::LineDocument> lines =
        doc::read_json_lines(sources_, file.path, *std::move(text), limits_.json);
    const std::vector<Value>& rows = lines.value.rows;
    const bool has_rows = std::any_of(rows.begin(), rows.end(), [](const Value& row) {
      return row.is_container() && !is_policy(row) && is_export(row);
    });
    note(std::move(lines.diagnostics));
    if (has_rows) {
      reading_.value.line_exports.push_back({file.path, std::move(lines.value)});
      return;
    }
    const bool policies = !rows.empty() && is_policy(rows.front());
    skip(file, policies ? kContents[0].reason : kOther.reason,
         policies ? kContents[0].remedy : kOther.remedy);
  }

  void unreadable(const FoundFile& file, const Error& error) {
    reading_.diagnostics.push_back(to_diagnostic(error));
    reading_.value.skipped.push_back({file.path, "not read: " + error.message, error.hint});
  }

  void skip(const FoundFile& file, std::string_view reason, std::string_view remedy) {
    if (file.given)
      reading_.diagnostics.push_back({Severity::Error,
                                      "EST0102",
                                      "this can't be judged: " + std::string(reason),
                                      {file.path, 0, 0, {}},
                                      std::string(remedy)});
    reading_.value.skipped.push_back({file.path, std::string(reason), std::string(remedy)});
  }

  void note(std::vector<Diagnostic> diagnostics) {
    std::move(diagnostics.begin(), diagnostics.end(), std::back_inserter(reading_.diagnostics));
  }

  doc::Sources& sources_;
  const LoadLimits& limits_;
  const RowChooser* rows_;
  Arena arena_;
  Reading<Inputs> reading_;
};

}  // namespace

Reading<Inputs> read_inputs(doc::Sources& sources, const std::vector<FoundFile>& files,
                            const LoadOptions& options) {
  Reader reader(sources, options);
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (options.progress) options.progress({"reading files", i, files.size()});
    reader.read(files[i]);
  }
  return reader.take();
}

}  // namespace redoubt::estate::detail
