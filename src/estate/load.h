#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "arm/expand.h"
#include "arm/origins.h"
#include "core/arena.h"
#include "core/progress.h"
#include "core/result.h"
#include "core/thread_pool.h"
#include "doc/json.h"
#include "doc/sources.h"
#include "estate/estate.h"
#include "estate/split_export.h"

namespace redoubt::estate {

/// What a load accepts.
struct LoadLimits {
  std::size_t max_files = 100'000;
  doc::JsonLimits json;
};

/// Where the templates at or below a path are deployed.
struct Placement {
  std::string path;
  arm::ExpandOptions expand;
};

struct LoadOptions {
  arm::ExpandOptions expand;
  std::vector<Placement> placements;  ///< take the place of `expand`; the longest path that fits counts
  /// Used with the templates that declare all its parameters, before files found by convention. May be empty.
  std::string parameter_file;
  std::vector<std::string> complete_types;
  bool assume_elsewhere = false;
  ProgressCallback progress;
  LoadLimits limits;
  /// Which rows of exports are parsed; null: all. Then `pool` is not null.
  RowChooser* rows = nullptr;
  ThreadPool* pool = nullptr;
};

/// A file that was met and not judged by itself.
struct Skipped {
  std::string path;
  std::string reason;  ///< `Bicep source`, `parameter file, used with main.json` ...
  std::string remedy;  ///< what to do about it; empty when there is nothing to do
  bool used = false;   ///< its content was judged all the same, through another file
};

struct LoadedTemplate {
  std::string path;
  std::string parameter_file;  ///< empty: none
  doc::Document document;
  arm::Expansion expansion;
};

/// All that was found under the given paths. The estate refers into the rest, and into the Sources.
struct Inventory {
  Estate estate;
  std::deque<LoadedTemplate> templates;  ///< by path; those reached through others are not among them
  std::vector<std::string> exports;      ///< paths
  std::vector<Skipped> skipped;          ///< by path
  std::size_t rows_read = 0;             ///< of exports
  std::size_t rows_skipped = 0;
  /// With LoadOptions::rows: the exports whose rows were told apart.
  std::deque<SplitExport> split_exports;
  /// A row of these is no JSON: load without LoadOptions::rows, which says what is wrong.
  bool rows_failed = false;

  std::deque<doc::Document> documents;
  std::vector<Arena> arenas;
};

/// Loads templates and exports: files, or folders with all below them in sorted order (hidden folders and
/// node_modules left out; a folder that links lead to again is entered once).
///
/// Every template is a deployment of its own, and all are one world. One that another links by relativePath
/// is expanded through it only. Without `parameter_file`, or where it does not fit, a template takes
/// NAME.parameters.json beside it, else azuredeploy.parameters.json or main.parameters.json if it declares
/// all their parameters. What can't be read is reported and the others go on. Diagnostics: EST0101 a path
/// that is not there, EST0102 a given file that is nothing to judge, EST0103 `parameter_file` is none,
/// EST0104 it fits no template, EST0105..EST0111 (Estate, ExportLoader), EST0112 more files than the limit,
/// EST0113 exports without a row; those of doc and arm.
Reading<Inventory> load(doc::Sources& sources, arm::Origins& origins, const std::vector<std::string>& paths,
                        const LoadOptions& options);

}  // namespace redoubt::estate
