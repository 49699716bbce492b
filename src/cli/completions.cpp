#include <fmt/format.h>

#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "cli/reference.h"
#include "core/text.h"

namespace redoubt::cli {

namespace {

constexpr std::string_view kHead = R"(# bash completion for redoubt, made by `redoubt completions bash`
_redoubt() {
  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
  local command="${COMP_WORDS[1]}" words="" verbs=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ")";

constexpr std::string_view kVerbs = R"( --help --version" -- "$current"))
    return
  fi
  case "$command" in
)";

constexpr std::string_view kChoices = R"(  esac
  if [ -n "$verbs" ]; then
    if [ "$COMP_CWORD" -eq 2 ]; then
      COMPREPLY=($(compgen -W "$verbs" -- "$current"))
      return
    fi
    command="$command ${COMP_WORDS[2]}"
  fi
  case "$command $previous" in
)";

constexpr std::string_view kOptions = R"(  esac
  case "$command" in
)";

constexpr std::string_view kTail = R"(  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _redoubt redoubt
)";

/// `-f,--format` as a pattern of bash's case: `"posture scan -f"|"posture scan --format"`.
std::string pattern(const Command& command, const Option& option) {
  std::string out;
  for (std::string_view flag : split(option.flags, ','))
    out += fmt::format("{}\"{} {}\"", out.empty() ? "" : "|", command.name, flag);
  return out;
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

std::vector<Option> options_of(const Command& command) {
  std::vector<Option> options = command.options;
  for (Option& option : global_options(command))
    options.push_back(std::move(option));
  return options;
}

std::string choice_lines(std::span<const Command> commands) {
  std::string out;
  for (const Command& command : commands)
    for (const Option& option : options_of(command))
      if (!option.choices.empty())
        out += fmt::format("    {}) COMPREPLY=($(compgen -W \"{}\" -- \"$current\")); return ;;\n",
                           pattern(command, option), joined(option.choices));
  return out;
}

std::string option_lines(std::span<const Command> commands) {
  std::string out;
  for (const Command& command : commands) {
    std::vector<std::string> flags;
    for (const Option& option : options_of(command))
      flags.emplace_back(option.name());
    out += fmt::format("    \"{}\") words=\"{}\" ;;\n", command.name, joined(flags));
  }
  return out;
}

}  // namespace

std::string bash_completions(std::span<const Command> commands) {
  std::set<std::string> first_words;
  std::map<std::string, std::vector<std::string>> verbs;
  for (const Command& command : commands) {
    std::string area(command.area());
    first_words.insert(area.empty() ? command.name : area);
    if (!area.empty()) verbs[area].push_back(command.name.substr(area.size() + 1));
  }
  std::string out = fmt::format("{}{}{}", kHead, fmt::join(first_words, " "), kVerbs);
  for (const auto& [area, names] : verbs)
    out += fmt::format("    {}) verbs=\"{}\" ;;\n", area, joined(names));
  out += kChoices;
  out += choice_lines(commands);
  out += kOptions;
  out += option_lines(commands);
  out += kTail;
  return out;
}

}  // namespace redoubt::cli
