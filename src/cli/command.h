#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace redoubt::cli {

class Arguments;
struct Context;

/// The exit codes of every command.
enum class Exit : std::uint8_t {
  Done = 0,
  Findings = 1,    ///< done, and something is at or above `--fail-on`
  Usage = 2,       ///< wrong usage or configuration
  Unfinished = 3,  ///< an input could not be judged at all; the others are still printed
};

struct Positional {
  std::string name;  ///< as help shows it: `TEMPLATE`
  std::string text;
  bool required = true;
  bool repeatable = false;  ///< only the last one of a command
};

struct Option {
  std::string flags;  ///< `--scope`, or `-o,--output`; the long one last, it is the option's name
  std::string value;  ///< what help calls the value: `ID`; empty for a switch
  std::string text;
  std::string fallback;  ///< the value when the option is not given
  bool repeatable = false;
  std::vector<std::string> choices;  ///< the only values allowed; empty for any

  /// `--output` of `-o,--output`.
  std::string_view name() const;
};

/// One command as data: parsing, help, completions and the reference page come from it.
struct Command {
  std::string name;     ///< `posture scan`, or one word
  std::string summary;  ///< one line without a full stop
  std::vector<std::string> examples;
  std::string description;  ///< paragraphs, separated by empty lines
  std::vector<Positional> positionals;
  std::vector<Option> options;
  std::vector<std::string> formats =
      {};  ///< of `--format`, the first one is the default; empty for commands with one form
  /// An error goes to stderr; it exits 2 when usage, a missing or an unreadable argument caused it, else 3.
  std::function<Result<Exit>(const Arguments&, Context&)> run;

  /// `posture` of `posture scan`; empty for one word.
  std::string_view area() const;
};

/// Options that every command takes; `--format` lists the formats of `command`.
std::vector<Option> global_options(const Command& command);

/// Those that may stand before the command's name, too.
std::vector<Option> leading_options();

}  // namespace redoubt::cli
