#pragma once

#include <string>
#include <string_view>

#include "cli/console.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "core/result.h"
#include "report/table.h"

namespace redoubt::cli {

/// What a command works with besides its arguments.
struct Context {
  Console& console;
  Output& output;            ///< results go here and nowhere else
  ProgressLine& progress;    ///< pass `progress.callback()` to long work
  std::string format;        ///< one of the command's formats; empty for commands with one form
  std::string config_file;   ///< empty when none was named
  report::TableStyle style;  ///< for tables and other text written to `output`
  bool wide = false;         ///< cells of answers are never cut
  bool quiet = false;
  bool verbose = false;

  /// A line on stderr unless `--quiet`.
  void note(std::string_view line);
  /// A diagnostic on stderr; with `--quiet` errors only.
  void tell(const Diagnostic& diagnostic);
  void tell(const Error& error);

 private:
  void print(std::string_view line);
};

}  // namespace redoubt::cli
