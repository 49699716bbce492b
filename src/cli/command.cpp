#include "cli/command.h"

namespace redoubt::cli {

std::string_view Option::name() const {
  std::size_t comma = flags.rfind(',');
  return std::string_view(flags).substr(comma == std::string::npos ? 0 : comma + 1);
}

std::string_view Command::area() const {
  std::size_t space = name.find(' ');
  return std::string_view(name).substr(0, space == std::string::npos ? 0 : space);
}

std::vector<Option> leading_options() {
  return {
      {"-f,--format", "FORMAT", "form of the result"},
      {"-o,--output", "FILE", "write the result to FILE; it appears whole or not at all", "-"},
      {"--config", "FILE", "YAML with values of options that are not given"},
      {"-q,--quiet", "", "only errors on stderr"},
      {"-v,--verbose", "", "more about what is done, on stderr; -vv tells all"},
      {"--no-color", "", "no colours; the variable NO_COLOR does the same"},
      {"-h,--help", "", "show this help"},
  };
}

std::vector<Option> global_options(const Command& command) {
  std::vector<Option> options = leading_options();
  if (command.formats.empty()) {
    options.erase(options.begin());
  } else {
    options.front().choices = command.formats;
    options.front().fallback = command.formats.front();
  }
  return options;
}

}  // namespace redoubt::cli
