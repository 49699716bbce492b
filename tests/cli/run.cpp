#include "cli/run.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "cli/commands.h"
#include "cli/lookup.h"
#include "cli/parse.h"
#include "cli/reference.h"
#include "core/text.h"
#include "table.h"
#include "testing/cases.h"
#include "testing/paths.h"

namespace redoubt::cli {
namespace {

/// First line: the words after `redoubt`; the others are stdin.
std::string render(std::string_view input) {
  std::size_t line_end = std::min(input.find('\n'), input.size());
  std::string rest(input.substr(std::min(line_end + 1, input.size())));
  std::istringstream in(replace_all(rest, "\\xff", "\xff"));
  std::ostringstream out;
  std::ostringstream err;
  Console console{.in = in, .out = out, .err = err};
  std::vector<std::string> words = words_of(input.substr(0, line_end));
  std::vector<Command> commands = table_of_tests();
  Exit exit = run(words, commands, console);
  return fmt::format("exit {}\n{}{}{}", static_cast<int>(exit), out.str(),
                     err.str().empty() ? "" : "stderr:\n", err.str());
}

[[maybe_unused]] const bool registered =
    testing::register_cases("CommandLine", "tests/cli/cases/run", render);

TEST(CommandTable, EveryCommandTeaches) {
  for (const Command& command : all_commands()) {
    SCOPED_TRACE(command.name);
    EXPECT_FALSE(command.summary.empty());
    EXPECT_FALSE(command.summary.ends_with('.'));
    EXPECT_FALSE(command.examples.empty());
    EXPECT_TRUE(command.run != nullptr);
    for (const Option& option : command.options) {
      EXPECT_TRUE(option.name().starts_with("--")) << option.flags;
      EXPECT_FALSE(option.text.empty()) << option.flags;
    }
  }
}

/// The first place of a sign that does not stand in quotes.
std::size_t find_unquoted(std::string_view text, std::string_view sign, std::size_t start) {
  char quote = '\0';
  for (std::size_t at = start; at < text.size(); ++at) {
    if (quote == '\0' && text.substr(at).starts_with(sign)) return at;
    if (quote == '\0' && (text[at] == '\'' || text[at] == '"'))
      quote = text[at];
    else if (text[at] == quote)
      quote = '\0';
  }
  return std::string_view::npos;
}

/// The words of an example that are Redoubt's: up to a pipe or a redirection, inside `<( )`.
std::vector<std::string> own_words(const std::string& example) {
  std::size_t start = example.find("redoubt ") + 8;
  std::size_t end = example.find("<(") < start ? example.find(')') : std::string::npos;
  for (std::string_view sign : {" | ", " > ", " < ", " && "})
    end = std::min(end, find_unquoted(example, sign, start));
  return words_of(std::string_view(example).substr(start, end - start));
}

TEST(CommandTable, EveryExampleIsUnderstood) {
  std::vector<Command> commands = all_commands();
  for (const Command& command : commands)
    for (const std::string& example : command.examples) {
      SCOPED_TRACE(example);
      Result<Lookup> lookup = look_up(commands, own_words(example));
      ASSERT_TRUE(lookup) << lookup.error().text();
      EXPECT_EQ(lookup->command, &command);
      Result<Arguments> arguments = parse(command, lookup->words);
      EXPECT_TRUE(arguments) << arguments.error().text();
    }
}

TEST(CommandTable, ReferencePageIsCurrent) {
  EXPECT_EQ(testing::read_file(testing::source_root() / "docs/reference/cli.md"),
            command_reference(all_commands()))
      << "write it anew: redoubt docs cli -o docs/reference/cli.md";
}

}  // namespace
}  // namespace redoubt::cli
