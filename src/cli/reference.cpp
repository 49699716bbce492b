#include "cli/reference.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "cli/help.h"
#include "core/text.h"

namespace redoubt::cli {

namespace {

std::string table_cell(std::string_view text) {
  return replace_all(replace_all(replace_all(text, "|", "\\|"), "<", "&lt;"), "\n", " ");
}

std::string option_table(const std::vector<Option>& options) {
  std::string out = "| option | meaning |\n| --- | --- |\n";
  for (const Option& option : options)
    out += fmt::format("| `{}` | {} |\n", flags_text(option), table_cell(option_text(option)));
  return out;
}

std::string command_section(const Command& command) {
  std::string out = fmt::format("\n## redoubt {}\n\n{}.\n", command.name, command.summary);
  if (!command.examples.empty()) {
    out += "\n```sh\n";
    for (const std::string& example : command.examples)
      out += example + "\n";
    out += "```\n";
  }
  out += fmt::format("\nUsage: `{}`\n", usage_line(command));
  if (!command.description.empty()) out += fmt::format("\n{}\n", command.description);
  if (!command.positionals.empty()) {
    out += "\n| argument | meaning |\n| --- | --- |\n";
    for (const Positional& positional : command.positionals)
      out += fmt::format("| `{}` | {} |\n", positional.name, table_cell(positional.text));
  }
  if (!command.options.empty()) out += "\n" + option_table(command.options);
  if (!command.formats.empty()) {
    std::vector<std::string_view> formats(command.formats.begin(), command.formats.end());
    out += fmt::format("\nFormats: {}.\n", join(formats, ", "));
  }
  return out;
}

}  // namespace

std::string command_reference(std::span<const Command> commands) {
  std::string out =
      "<!-- made by `redoubt docs cli`; change the command table in src/cli instead -->\n# Commands\n\n"
      "Results go to stdout, all else to stderr. `-` is stdin for --cases and stdout for -o. ";
  out += exit_code_text() + "\n\nEvery command takes these, `-f` where it lists formats:\n\n" +
         option_table(leading_options());
  for (const Command& command : commands)
    out += command_section(command);
  return out;
}

}  // namespace redoubt::cli
