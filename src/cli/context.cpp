#include "cli/context.h"

#include <ostream>

#include "report/terminal_text.h"

namespace redoubt::cli {

void Context::note(std::string_view line) {
  if (!quiet) print(line);
}

void Context::tell(const Diagnostic& diagnostic) {
  if (!quiet || diagnostic.severity == Severity::Error) print(report::printable_line(diagnostic.text()));
}

void Context::tell(const Error& error) { print(report::printable_line(error.text())); }

void Context::print(std::string_view line) {
  progress.clear();
  console.err << report::printable(line) << '\n';
}

}  // namespace redoubt::cli
