#pragma once

#include <deque>
#include <string>
#include <vector>

#include "core/result.h"
#include "doc/json.h"
#include "doc/sources.h"
#include "estate/detail/walk.h"
#include "estate/load.h"
#include "estate/split_export.h"

namespace redoubt::estate::detail {

struct Input {
  std::string path;
  doc::Document document;
};

struct LineInput {
  std::string path;
  doc::LineDocument document;
};

/// Files by what is in them.
struct Inputs {
  std::deque<Input> templates;
  std::deque<Input> parameter_files;
  std::deque<Input> exports;
  std::deque<LineInput> line_exports;
  std::deque<SplitExport> split_exports;  ///< with LoadOptions::rows, those whose rows can be told apart
  std::vector<Arena> arenas;
  std::vector<Skipped> skipped;
};

/// Reads the files and tells them apart, by name where that says enough, else by content. A file that can't
/// be judged is among `skipped`; one that the user named is an error EST0102 too.
Reading<Inputs> read_inputs(doc::Sources& sources, const std::vector<FoundFile>& files,
                            const LoadOptions& options);

}  // namespace redoubt::estate::detail
