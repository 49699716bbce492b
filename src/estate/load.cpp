#include "estate/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <unordered_map>

#include "estate/detail/inputs.h"
#include "estate/detail/links.h"
#include "estate/detail/parameter_files.h"
#include "estate/detail/walk.h"
#include "estate/load_export.h"
#include "estate/load_template.h"

namespace redoubt::estate {

namespace {

using detail::Input;
using detail::Inputs;

std::string reached_through(const std::string& path) {
  return "template, expanded through " + std::filesystem::path(path).filename().string();
}

class Loader {
 public:
  Loader(doc::Sources& sources, arm::Origins& origins, const LoadOptions& options)
      : sources_(sources), origins_(origins), options_(options) {}

  Reading<Inventory> run(const std::vector<std::string>& paths) {
    std::vector<detail::FoundFile> files = noted(detail::find_files(paths, options_.limits.max_files));
    Inputs inputs = noted(detail::read_inputs(sources_, files, options_));
    out_.skipped = std::move(inputs.skipped);
    expand_templates(inputs);
    drop_reached();
    add_templates();
    add_exports(inputs);
    settle();
    return std::move(reading_);
  }

 private:
  template <class T>
  T noted(Reading<T> reading) {
    note(std::move(reading.diagnostics));
    return std::move(reading.value);
  }

  void note(std::vector<Diagnostic> diagnostics) {
    std::move(diagnostics.begin(), diagnostics.end(), std::back_inserter(reading_.diagnostics));
  }

  void expand_templates(Inputs& inputs) {
    const detail::LinkPlan plan = detail::plan_links(inputs.templates);
    std::vector<const Input*> roots;
    roots.reserve(plan.roots.size());
    for (const std::size_t root : plan.roots)
      roots.push_back(&inputs.templates[root]);
    detail::ParameterFiles parameters(sources_, std::move(inputs.parameter_files), options_.limits.json);
    if (!options_.parameter_file.empty()) parameters.give(options_.parameter_file, roots);
    for (std::size_t i = 0; i < inputs.templates.size(); ++i) {
      Input& input = inputs.templates[i];
      const std::size_t from = plan.reached_from[i];
      if (options_.progress) options_.progress({"expanding templates", i, inputs.templates.size()});
      if (from == i)
        expand(input, parameters.find_for(input));
      else
        out_.skipped.push_back({input.path, reached_through(inputs.templates[from].path), {}, true});
    }
    for (Skipped& file : parameters.report())
      out_.skipped.push_back(std::move(file));
    note(parameters.take_diagnostics());
    for (Input& file : parameters.take())
      out_.documents.push_back(std::move(file.document));
  }

  /// However the paths are spelled.
  const arm::ExpandOptions& place_of(const std::string& path) const {
    if (options_.placements.empty()) return options_.expand;
    const std::string file = detail::canonical_path(path);
    const arm::ExpandOptions* best = &options_.expand;
    std::size_t longest = 0;
    for (const Placement& one : options_.placements) {
      const std::string place = detail::canonical_path(one.path);
      const bool below = file == place || file.starts_with(place + "/");
      if (!below || place.size() < longest) continue;
      best = &one.expand;
      longest = place.size();
    }
    return *best;
  }

  void expand(Input& input, const Input* parameters) {
    Result<Reading<arm::Expansion>> expansion =
        arm::expand(sources_, origins_, input.document,
                    parameters == nullptr ? nullptr : &parameters->document.root, place_of(input.path));
    if (!expansion) {
      reading_.diagnostics.push_back(to_diagnostic(expansion.error()));
      out_.skipped.push_back(
          {input.path, "not expanded: " + expansion.error().message, expansion.error().hint});
      return;
    }
    note(std::move(expansion->diagnostics));
    out_.templates.push_back({input.path, parameters == nullptr ? std::string() : parameters->path,
                              std::move(input.document), std::move(expansion->value)});
  }

  /// A root that another one reached by a path it computed is no deployment of its own after all.
  void drop_reached() {
    std::deque<LoadedTemplate>& templates = out_.templates;
    std::unordered_map<std::string, std::size_t> by_path;
    for (std::size_t i = 0; i < templates.size(); ++i)
      by_path.emplace(detail::canonical_path(templates[i].path), i);
    std::vector<bool> dropped(templates.size(), false);
    for (std::size_t i = 0; i < templates.size(); ++i) {
      if (dropped[i]) continue;
      for (const doc::Document& linked : templates[i].expansion.linked) {
        const auto found = by_path.find(detail::canonical_path(sources_.name(linked.file)));
        if (found == by_path.end() || found->second == i || dropped[found->second]) continue;
        dropped[found->second] = true;
        out_.skipped.push_back({templates[found->second].path, reached_through(templates[i].path), {}, true});
      }
    }
    std::deque<LoadedTemplate> kept;
    for (std::size_t i = 0; i < templates.size(); ++i)
      if (!dropped[i]) kept.push_back(std::move(templates[i]));
    templates = std::move(kept);
  }

  void add_templates() {
    for (const LoadedTemplate& loaded : out_.templates)
      add_template(out_.estate, origins_, loaded.expansion, loaded.path, loaded.document.root.place());
  }

  void add_exports(Inputs& inputs) {
    ExportLoader loader(out_.estate, origins_, sources_);
    const auto noted_rows = [&](const std::string& path, const auto& add) {
      const std::size_t read = loader.rows_read();
      const std::size_t skipped = loader.rows_skipped();
      add();
      if (loader.rows_read() == read && loader.rows_skipped() != skipped) tell_no_row(path);
    };
    for (Input& input : inputs.exports) {
      noted_rows(input.path, [&] { loader.add(input.document.root); });
      out_.exports.push_back(input.path);
      out_.documents.push_back(std::move(input.document));
    }
    for (detail::LineInput& input : inputs.line_exports) {
      noted_rows(input.path, [&] { loader.add_rows(input.document.rows); });
      out_.exports.push_back(input.path);
      out_.arenas.push_back(std::move(input.document.arena));
    }
    add_split_exports(inputs, loader);
    std::sort(out_.exports.begin(), out_.exports.end());
    note(loader.finish());
    out_.rows_read = loader.rows_read();
    out_.rows_skipped = loader.rows_skipped();
    if (!out_.exports.empty() && out_.rows_read + out_.rows_skipped == 0)
      reading_.diagnostics.push_back({Severity::Warning,
                                      "EST0113",
                                      "the export has no rows: there is no resource of it to judge",
                                      {out_.exports.front(), 0, 0, {}},
                                      "check what its query and its rights leave out"});
  }

  /// An export that gives nothing to judge must not look green.
  void tell_no_row(const std::string& path) {
    reading_.diagnostics.push_back(
        {Severity::Error,
         "EST0114",
         "no row of the export can be used",
         {path, 0, 0, {}},
         "its rows need id and type: export whole rows, az graph query -q Resources"});
  }

  void add_split_exports(Inputs& inputs, ExportLoader& loader) {
    std::move(inputs.arenas.begin(), inputs.arenas.end(), std::back_inserter(out_.arenas));
    if (options_.rows == nullptr) return;
    std::deque<SplitExport>& exports = out_.split_exports;
    exports = std::move(inputs.split_exports);
    RowParser parser(sources_, *options_.pool);
    bool all = true;
    options_.rows->choose(exports, [&](SplitExport& split, ExportRow& row) {
      const bool done = parser.parse(split, row);
      all = all && done;
      return done;
    });
    all = parser.parse_wanted(exports) && all;
    out_.rows_failed = !all;
    note(parser.take_diagnostics());
    if (!all) return;
    for (SplitExport& split : exports) {
      const std::size_t read = loader.rows_read();
      loader.add_split(split);
      if (!split.rows.empty() && loader.rows_read() == read) tell_no_row(split.path);
      out_.exports.push_back(split.path);
    }
    for (const std::string_view type : options_.rows->types_left_out())
      out_.estate.completeness().add_exported_type(type);
    for (Arena& arena : parser.take_arenas())
      out_.arenas.push_back(std::move(arena));
  }

  void settle() {
    Completeness& completeness = out_.estate.completeness();
    for (const std::string& type : options_.complete_types)
      completeness.declare_complete(type);
    if (options_.assume_elsewhere) completeness.assume_elsewhere();
    note(out_.estate.finish(sources_));
    std::sort(out_.skipped.begin(), out_.skipped.end(),
              [](const Skipped& left, const Skipped& right) { return left.path < right.path; });
  }

  doc::Sources& sources_;
  arm::Origins& origins_;
  const LoadOptions& options_;
  Reading<Inventory> reading_;
  Inventory& out_ = reading_.value;
};

}  // namespace

Reading<Inventory> load(doc::Sources& sources, arm::Origins& origins, const std::vector<std::string>& paths,
                        const LoadOptions& options) {
  return Loader(sources, origins, options).run(paths);
}

}  // namespace redoubt::estate
