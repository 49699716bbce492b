#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "core/text.h"
#include "report/terminal_text.h"

namespace redoubt::cli {

namespace {

constexpr std::string_view kPurpose =
    "Redoubt: security of AI landing zones, judged by the policies you already have, offline";

using Entries = std::vector<std::pair<std::string, std::string>>;

/// Terms on the left, their texts wrapped on the right.
std::string definition_list(std::string_view title, const Entries& entries, std::size_t width) {
  constexpr std::size_t kWidestTerm = 30;
  if (entries.empty()) return {};
  std::size_t term_width = 0;
  for (const auto& [term, text] : entries)
    if (term.size() <= kWidestTerm) term_width = std::max(term_width, term.size());
  std::size_t text_width = width > term_width + 24 ? width - term_width - 4 : 20;
  std::string out = fmt::format("\n{}:\n", title);
  for (const auto& [term, text] : entries) {
    std::string left = term;
    if (left.size() > term_width) {
      out += fmt::format("  {}\n", left);
      left.clear();
    }
    for (const std::string& line : report::wrap(text, text_width)) {
      out += fmt::format("  {:<{}}  {}\n", left, term_width, line);
      left.clear();
    }
  }
  return out;
}

std::string example_list(const std::vector<std::string>& examples) {
  if (examples.empty()) return {};
  std::string out = "\nExamples:\n";
  for (const std::string& example : examples)
    out += fmt::format("  {}\n", example);
  return out;
}

Entries command_entries(std::span<const Command> commands, std::string_view area = {}) {
  Entries entries;
  for (const Command& command : commands)
    if (area.empty() || command.area() == area) entries.emplace_back(command.name, command.summary);
  return entries;
}

Entries option_entries(const std::vector<Option>& options) {
  Entries entries;
  for (const Option& option : options)
    entries.emplace_back(flags_text(option), option_text(option));
  return entries;
}

}  // namespace

std::string usage_line(const Command& command) {
  std::string out = "redoubt " + command.name;
  for (const Positional& positional : command.positionals) {
    std::string_view dots = positional.repeatable ? "..." : "";
    out += positional.required ? fmt::format(" {}{}", positional.name, dots)
                               : fmt::format(" [{}{}]", positional.name, dots);
  }
  return out + " [options]";
}

std::string flags_text(const Option& option) {
  std::string out = replace_all(option.flags, ",", ", ");
  return option.value.empty() ? out : out + " " + option.value;
}

std::string option_text(const Option& option) {
  std::string out = option.text;
  if (option.repeatable) out += "; may be given several times";
  if (!option.choices.empty()) {
    std::vector<std::string_view> choices(option.choices.begin(), option.choices.end());
    out += fmt::format(": {}", join(choices, ", "));
  }
  if (!option.fallback.empty()) out += fmt::format(" (default: {})", option.fallback);
  return out;
}

std::string exit_code_text() {
  return "Exit codes: 0 done; 1 done, and something is at or above --fail-on; 2 wrong usage or "
         "configuration; 3 could "
         "not finish.";
}

std::string overview_help(std::span<const Command> commands, std::size_t width) {
  // The first commands, and those that most begin with.
  constexpr std::size_t kFirstExamples = 5;
  static constexpr std::string_view kBeginWith[] = {"logs load", "kql run"};
  std::vector<std::string> examples;
  for (const Command& command : commands)
    if (!command.examples.empty() && (examples.size() < kFirstExamples ||
                                      std::ranges::find(kBeginWith, command.name) != std::end(kBeginWith)))
      examples.push_back(command.examples.front());
  std::string out = fmt::format("{}\n", kPurpose);
  out += example_list(examples);
  out += "\nUsage: redoubt COMMAND [arguments] [options]\n";
  out += definition_list("Commands", command_entries(commands), width);
  out += definition_list("Options of every command", option_entries(leading_options()), width);
  out += "\n";
  for (const std::string& line : report::wrap(exit_code_text(), width))
    out += line + "\n";
  out += "\nredoubt COMMAND --help tells more about each; redoubt --version names the version.\n";
  return out;
}

std::string area_help(std::span<const Command> commands, std::string_view area, std::size_t width) {
  std::vector<std::string> examples;
  for (const Command& command : commands)
    if (command.area() == area)
      examples.insert(examples.end(), command.examples.begin(), command.examples.end());
  std::string out = fmt::format("redoubt {}\n", area);
  out += example_list(examples);
  out += definition_list("Commands", command_entries(commands, area), width);
  out += fmt::format("\nredoubt {} COMMAND --help tells more about each.\n", area);
  return out;
}

std::string command_help(const Command& command, std::size_t width) {
  Entries positionals;
  for (const Positional& positional : command.positionals)
    positionals.emplace_back(positional.name, positional.text);
  std::string out = fmt::format("redoubt {}: {}\n", command.name, command.summary);
  out += example_list(command.examples);
  out += fmt::format("\nUsage: {}\n", usage_line(command));
  if (!command.description.empty()) {
    out += "\n";
    for (const std::string& line : report::wrap(command.description, width))
      out += line + "\n";
  }
  out += definition_list("Arguments", positionals, width);
  out += definition_list("Options", option_entries(command.options), width);
  out += definition_list("Options of every command", option_entries(global_options(command)), width);
  return out;
}

}  // namespace redoubt::cli
