#include "estate/detail/inputs.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "arm/expand.h"
#include "core/text.h"
#include "estate/detail/policy_content.h"
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

constexpr std::string_view kOther = "no template and no export";

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

bool is_terraform(const Value& root) {
  return root.find("terraform_version") != nullptr && (root.find("format_version") || root.find("lineage"));
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
    if (split(file, *text, false)) return;
    Result<Reading<doc::Document>> read = doc::read_json(sources_, file.path, *std::move(text), limits_.json);
    if (!read) {
      if (read.error().code == "DOC0101" && begins_with_row(file)) return read_lines(file);
      return unreadable(file, read.error());
    }
    note(std::move(read->diagnostics));
    sort_out(file, std::move(read->value));
  }

  /// Where rows are to be chosen, an export is not parsed as a whole.
  bool split(const FoundFile& file, std::string& text, bool lines) {
    if (rows_ == nullptr) return false;
    SplitRequest request{
        .path = file.path, .known = rows_->known(file.path), .lines = lines, .is_export = {}};
    request.is_export = [](const Value& envelope, const Value& row) {
      const bool other =
          arm::is_template(envelope) || arm::is_parameter_file(envelope) || is_terraform(envelope);
      return !other && policy_content(std::span<const Value>(&row, 1)) == nullptr && is_resource_row(row);
    };
    std::optional<SplitExport> split = split_export(sources_, request, text, arena_);
    if (split) reading_.value.split_exports.push_back(*std::move(split));
    return split.has_value();
  }

  void sort_out(const FoundFile& file, doc::Document document) {
    Inputs& out = reading_.value;
    const Value root = document.root;
    const auto keep = [&](std::deque<Input>& inputs) { inputs.push_back({file.path, std::move(document)}); };
    if (arm::is_template(root)) return keep(out.templates);
    if (arm::is_parameter_file(root)) return keep(out.parameter_files);
    if (is_terraform(root)) return skip(file, "Terraform plan or state", kTerraformRemedy);
    if (const PolicyContent* content = policy_content(root))
      return skip(file, content->reason, content->remedy);
    // An empty list says what it is only where somebody called it an export.
    const bool no_rows = file.given && root.is_array() && root.size() == 0;
    if (no_rows || is_export(root)) return keep(out.exports);
    skip(file, kOther, {});
  }

  /// JSON Lines under another name, or pages one after the other: the first value alone is a row or a page.
  bool begins_with_row(const FoundFile& file) {
    const Result<std::string> text = doc::read_text_file(file.path, limits_.json.max_bytes);
    if (!text) return false;
    const std::string_view first = doc::first_json_value(*text);
    if (first.empty()) return false;
    Arena arena;
    const Result<Value> row = doc::parse_json(arena, first, limits_.json);
    return row && policy_content(*row) == nullptr && is_export(*row);
  }

  void read_lines(const FoundFile& file) {
    Result<std::string> text = doc::read_text_file(file.path, limits_.json.max_bytes);
    if (!text) return unreadable(file, text.error());
    if (split(file, *text, true)) return;
    Reading<doc::LineDocument> lines =
        doc::read_json_lines(sources_, file.path, *std::move(text), limits_.json);
    const std::vector<Value>& rows = lines.value.rows;
    const PolicyContent* const content = policy_content(rows);
    const bool has_rows = std::any_of(rows.begin(), rows.end(),
                                      [](const Value& row) { return row.is_container() && is_export(row); });
    note(std::move(lines.diagnostics));
    if (content != nullptr) return skip(file, content->reason, content->remedy);
    if (!has_rows) return skip(file, kOther, {});
    reading_.value.line_exports.push_back({file.path, std::move(lines.value)});
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
