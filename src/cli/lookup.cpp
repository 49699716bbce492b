#include "cli/lookup.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/text.h"

namespace redoubt::cli {

namespace {

bool takes_next_word(std::string_view word) {
  for (const Option& option : leading_options())
    for (std::string_view flag : split(option.flags, ','))
      if (flag == word) return !option.value.empty();
  return false;
}

/// Without a command nobody else looks at the options.
Result<void> check_options(std::span<const std::string> words) {
  std::vector<Option> options = leading_options();
  std::vector<std::string_view> flags = {"--version"};
  for (const Option& option : options)
    for (std::string_view flag : split(option.flags, ','))
      flags.push_back(flag);
  for (const std::string& word : words) {
    std::string_view flag = std::string_view(word).substr(0, word.find('='));
    if (!word.starts_with('-') || std::find(flags.begin(), flags.end(), flag) != flags.end()) continue;
    std::optional<std::string_view> meant = closest(flag, flags);
    return fail(Error::Kind::Usage, "CLI0002", fmt::format("redoubt has no option {}", flag), {},
                meant ? fmt::format("did you mean {}?", *meant) : "see redoubt --help");
  }
  return {};
}

/// How many words in front of the command's name are options and their values.
std::size_t leading_words(std::span<const std::string> words) {
  std::size_t count = 0;
  while (count < words.size() && words[count].starts_with('-'))
    count += takes_next_word(words[count]) ? 2 : 1;
  return std::min(count, words.size());
}

const Command* find(std::span<const Command> commands, std::string_view name) {
  auto found = std::find_if(commands.begin(), commands.end(),
                            [name](const Command& each) { return each.name == name; });
  return found == commands.end() ? nullptr : &*found;
}

bool is_area(std::span<const Command> commands, std::string_view word) {
  return std::any_of(commands.begin(), commands.end(),
                     [word](const Command& each) { return each.area() == word; });
}

/// A verb without its area (`scan`) means the command that has it, otherwise the closest name counts.
std::string suggestion(std::span<const Command> commands, std::string_view said,
                       std::string_view first_word) {
  std::vector<std::string_view> names;
  std::vector<std::string_view> areas;
  for (const Command& command : commands) {
    if (command.name.ends_with(fmt::format(" {}", first_word))) return command.name;
    names.push_back(command.name);
    areas.push_back(command.area().empty() ? command.name : command.area());
  }
  if (std::optional<std::string_view> match = closest(said, names)) return std::string(*match);
  return std::string(closest(first_word, areas).value_or(""));
}

/// Of an area that is said right: what it does with a query, where it takes one.
std::string query_hint(std::span<const Command> commands, std::string_view area) {
  for (const Command& command : commands)
    if (command.area() == area && !command.positionals.empty() && command.positionals.front().name == "QUERY")
      return fmt::format("redoubt {} 'QUERY' runs a query", command.name);
  return {};
}

tl::unexpected<Error> unknown_command(std::span<const Command> commands, const std::string& said,
                                      std::span<const std::string> words) {
  std::string meant = suggestion(commands, said, words.front());
  if (std::string hint = query_hint(commands, meant); !hint.empty())
    return fail(Error::Kind::Usage, "CLI0001", "unknown command: " + said, {}, std::move(hint));
  return fail(
      Error::Kind::Usage, "CLI0001", "unknown command: " + said, {},
      meant.empty() ? "redoubt --help lists the commands" : fmt::format("did you mean redoubt {}?", meant));
}

}  // namespace

Result<Lookup> look_up(std::span<const Command> commands, std::span<const std::string> words) {
  std::size_t leading = leading_words(words);
  std::span<const std::string> named = words.subspan(leading);
  bool verb_said = named.size() > 1 && !named[1].starts_with('-');
  std::size_t name_words = verb_said ? 2 : std::min<std::size_t>(1, named.size());
  std::string name = name_words == 0 ? "" : verb_said ? named[0] + " " + named[1] : named[0];

  Lookup lookup;
  lookup.command = find(commands, name);
  if (lookup.command == nullptr && verb_said) {
    lookup.command = find(commands, named[0]);
    name_words = 1;
  }
  if (lookup.command == nullptr) {
    if (!name.empty() && (verb_said || !is_area(commands, name)))
      return unknown_command(commands, name, named);
    RD_TRY(check_options(words));
    lookup.area = name;
    return lookup;
  }
  lookup.words.assign(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(leading));
  lookup.words.insert(lookup.words.end(), named.begin() + static_cast<std::ptrdiff_t>(name_words),
                      named.end());
  return lookup;
}

}  // namespace redoubt::cli
