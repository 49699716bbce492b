#include "cli/run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <vector>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/help.h"
#include "cli/lookup.h"
#include "cli/parse.h"
#include "cli/settings.h"
#include "core/log.h"
#include "report/color.h"
#include "report/terminal_text.h"
#include "report/tool.h"

namespace redoubt::cli {

namespace {

constexpr std::size_t kHelpWidth = 100;

std::size_t help_width(const Console& console) {
  return console.out_width == 0 ? kHelpWidth : std::min(console.out_width, kHelpWidth);
}

/// By Error::Kind: InvalidInput, NotFound, Limit, Usage, Io, Unsupported, Unavailable.
Exit exit_for(const Error& error) {
  static constexpr std::array<Exit, 7> kExits = {Exit::Unfinished, Exit::Usage, Exit::Unfinished,
                                                 Exit::Usage,      Exit::Usage, Exit::Unfinished,
                                                 Exit::Unfinished};
  return kExits[static_cast<std::size_t>(error.kind)];
}

Exit failed(const Error& error, Console& console) {
  console.err << report::printable(error.text()) << '\n';
  return exit_for(error);
}

void set_log_level(const Arguments& arguments) {
  if (arguments.given("--quiet"))
    log::set_level(log::Level::Error);
  else if (arguments.given("--verbose"))
    log::set_level(arguments.values("--verbose").size() > 1 ? log::Level::Debug : log::Level::Info);
}

Context make_context(const Command& command, const Arguments& arguments, Console& console, Output& output,
                     ProgressLine& progress) {
  Context context{.console = console, .output = output, .progress = progress};
  if (!command.formats.empty()) context.format = arguments.text("--format");
  context.config_file = arguments.text("--config");
  context.quiet = arguments.given("--quiet");
  context.verbose = arguments.given("--verbose");
  if (output.is_standard()) {
    context.style.width = console.out_width;
    context.style.color = console.out_shows_color && !arguments.given("--no-color");
  }
  return context;
}

/// Whether there is something to put in place of an earlier result: a command that failed may have none.
bool has_result(Exit exit, const Output& output) {
  if (output.is_standard()) return true;
  const bool failed = exit == Exit::Usage || exit == Exit::Unfinished;
  return !output.is_abandoned() && (!failed || output.has_written());
}

Result<Exit> run_command(const Command& command, std::span<const std::string> words,
                         std::span<const Command> commands, Console& console) {
  Arguments arguments = RD_TRY(parse(command, words));
  if (arguments.given("--help")) {
    console.out << command_help(command, help_width(console));
    return Exit::Done;
  }
  if (arguments.given("--config")) {
    std::vector<std::string> all =
        RD_TRY(words_of_settings(arguments.text("--config"), command, arguments, commands));
    all.insert(all.end(), words.begin(), words.end());
    arguments = RD_TRY(parse(command, all));
  }
  set_log_level(arguments);
  std::unique_ptr<Output> output = RD_TRY(Output::open(arguments.text("--output"), console.out));
  ProgressLine progress(console.err, console.err_is_terminal && !arguments.given("--quiet"));
  output->before_writing([&progress] { progress.clear(); });
  Context context = make_context(command, arguments, console, *output, progress);
  Result<Exit> exit = command.run(arguments, context);
  progress.clear();
  if (!exit || !has_result(*exit, *output)) return exit;
  Result<void> written = output->commit();
  if (written) return exit;
  failed(written.error(), console);
  return Exit::Unfinished;
}

}  // namespace

namespace {

/// `help`, in front of all or behind an area: `kql help`.
std::vector<std::string>::iterator help_word(std::vector<std::string>& said,
                                             std::span<const Command> commands) {
  const auto is_help = [&](std::size_t at) { return at < said.size() && said[at] == "help"; };
  if (is_help(0)) return said.begin();
  const bool behind_area =
      is_help(1) && std::any_of(commands.begin(), commands.end(),
                                [&](const Command& one) { return one.area() == said.front(); });
  return behind_area ? said.begin() + 1 : said.end();
}

}  // namespace

Exit run(std::span<const std::string> words, std::span<const Command> commands, Console& console) {
  if (!words.empty() && words.front() == "--version") {
    console.out << fmt::format("redoubt {}\n", report::kToolVersion);
    return Exit::Done;
  }
  std::vector<std::string> said(words.begin(), words.end());
  if (const auto help = help_word(said, commands); help != said.end()) {
    said.erase(help);
    said.emplace_back("--help");
  }
  Result<Lookup> lookup = look_up(commands, said);
  if (!lookup) return failed(lookup.error(), console);
  if (lookup->command != nullptr) {
    Result<Exit> exit = run_command(*lookup->command, lookup->words, commands, console);
    return exit ? *exit : failed(exit.error(), console);
  }
  console.out << (lookup->area.empty() ? overview_help(commands, help_width(console))
                                       : area_help(commands, lookup->area, help_width(console)));
  return Exit::Done;
}

int run(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  Console console{.in = std::cin,
                  .out = std::cout,
                  .err = std::cerr,
                  .in_is_terminal = isatty(STDIN_FILENO) != 0,
                  .out_shows_color = report::terminal_shows_color(STDOUT_FILENO),
                  .err_is_terminal = isatty(STDERR_FILENO) != 0,
                  .out_width = report::terminal_width(STDOUT_FILENO)};
  std::vector<Command> commands = all_commands();
  return static_cast<int>(run(words, commands, console));
}

}  // namespace redoubt::cli
