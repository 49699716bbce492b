#include "cli/parse.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <iterator>
#include <string_view>
#include <vector>

#include "core/text.h"

namespace redoubt::cli {

namespace {

std::vector<Option> all_options(const Command& command) {
  std::vector<Option> options = command.options;
  std::vector<Option> global = global_options(command);
  options.insert(options.end(), std::make_move_iterator(global.begin()),
                 std::make_move_iterator(global.end()));
  return options;
}

tl::unexpected<Error> usage(const Command& command, std::string_view code, std::string message,
                            std::string hint = {}) {
  if (hint.empty()) hint = fmt::format("see redoubt {} --help", command.name);
  return fail(Error::Kind::Usage, code, std::move(message), {}, std::move(hint));
}

/// What CLI11 made of the words.
struct Parsed {
  CLI::App app;
  std::deque<std::vector<std::string>> values;  // one per option with a value; CLI11 keeps pointers to them
};

void declare(Parsed& parsed, const std::vector<Option>& options) {
  parsed.app.set_help_flag();
  parsed.app.allow_extras();
  for (const Option& option : options) {
    std::vector<std::string>& values = parsed.values.emplace_back();
    if (option.value.empty())
      parsed.app.add_flag(option.flags);
    else
      parsed.app.add_option(option.flags, values)
          ->expected(1)
          ->allow_extra_args(false)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
}

Result<void> read_words(const Command& command, Parsed& parsed, std::span<const std::string> words) {
  auto end = std::find(words.begin(), words.end(), "--");
  for (auto word = words.begin(); word != end; ++word)
    if (word->starts_with("--") && word->ends_with('='))
      return usage(command, "CLI0003", "an option has an empty value: " + *word);
  try {
    parsed.app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::ArgumentMismatch& error) {
    std::string_view message = error.what();
    return usage(command, "CLI0003", fmt::format("{} needs a value", message.substr(0, message.find(':'))));
  } catch (const CLI::ParseError& error) {
    return usage(command, "CLI0003", error.what());
  }
  return {};
}

Result<void> take_option(const Command& command, const CLI::App& app, const Option& option,
                         Arguments& arguments) {
  const CLI::Option* parsed = app.get_option(std::string(option.name()));
  if (parsed->count() == 0) return {};
  std::vector<std::string> values = parsed->results();
  if (!option.value.empty() && !option.repeatable && values.size() > 1)
    return usage(command, "CLI0003", fmt::format("{} is given {} times", option.name(), values.size()));
  for (const std::string& value : values) {
    if (option.choices.empty() ||
        std::find(option.choices.begin(), option.choices.end(), value) != option.choices.end())
      continue;
    std::vector<std::string_view> choices(option.choices.begin(), option.choices.end());
    std::optional<std::string_view> meant = closest(value, choices);
    return usage(command, "CLI0004",
                 fmt::format("{} is one of {}, not {}", option.name(), join(choices, ", "), value),
                 meant ? fmt::format("did you mean {}?", *meant) : "");
  }
  arguments.set(option.name(), std::move(values));
  return {};
}

/// The words that are no options; an option that the command has not is an error.
Result<std::vector<std::string>> positional_words(const Command& command, const Parsed& parsed,
                                                  const std::vector<Option>& options) {
  std::vector<std::string> words;
  bool only_positionals = false;
  for (std::string& word : parsed.app.remaining()) {
    if (!only_positionals && word == "--") {
      only_positionals = true;
      continue;
    }
    if (!only_positionals && word.size() > 1 && word.starts_with('-')) {
      std::string flag = word.substr(0, word.find('='));
      std::vector<std::string_view> flags;
      flags.reserve(options.size());
      for (const Option& option : options)
        flags.push_back(option.name());
      std::optional<std::string_view> meant = closest(flag, flags);
      return usage(command, "CLI0002", fmt::format("redoubt {} has no option {}", command.name, flag),
                   meant ? fmt::format("did you mean {}?", *meant) : "");
    }
    words.push_back(std::move(word));
  }
  return words;
}

Result<void> take_positionals(const Command& command, std::span<const std::string> words,
                              Arguments& arguments) {
  for (const Positional& positional : command.positionals) {
    std::size_t count = positional.repeatable ? words.size() : std::min<std::size_t>(1, words.size());
    if (count == 0 && positional.required)
      return usage(command, "CLI0005", "missing argument: " + positional.name);
    if (count == 0) continue;
    arguments.set(positional.name, {words.begin(), words.begin() + static_cast<std::ptrdiff_t>(count)});
    words = words.subspan(count);
  }
  if (!words.empty()) return usage(command, "CLI0006", "one argument too many: " + words.front());
  return {};
}

}  // namespace

Result<Arguments> parse(const Command& command, std::span<const std::string> words) {
  std::vector<Option> options = all_options(command);
  Arguments arguments(command);
  Parsed parsed;
  declare(parsed, options);
  RD_TRY(read_words(command, parsed, words));
  if (parsed.app.count("--help") != 0) {
    arguments.set("--help", {"true"});
    return arguments;
  }
  std::vector<std::string> positionals = RD_TRY(positional_words(command, parsed, options));
  for (const Option& option : options)
    RD_TRY(take_option(command, parsed.app, option, arguments));
  RD_TRY(take_positionals(command, positionals, arguments));
  return arguments;
}

}  // namespace redoubt::cli
