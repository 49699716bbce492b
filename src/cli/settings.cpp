#include "cli/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/text.h"
#include "doc/yaml.h"

namespace redoubt::cli {

using doc::Value;

namespace {

/// Options that say what this one run is to do. A file that set them would be in the way.
constexpr std::string_view kNoSettings[] = {"--config", "--help", "--output"};

std::vector<Option> options_of(const Command& command) {
  std::vector<Option> out = command.options;
  for (Option& option : global_options(command))
    out.push_back(std::move(option));
  std::erase_if(out, [](const Option& one) {
    return std::find(std::begin(kNoSettings), std::end(kNoSettings), one.name()) != std::end(kNoSettings);
  });
  return out;
}

class SettingsReader {
 public:
  SettingsReader(const doc::Sources& sources, const Arguments& given) : sources_(sources), given_(given) {}

  Result<void> take(const Option& option, const Value& value) {
    if (value.is_null()) return {};
    if (option.value.empty()) {
      if (!value.is_bool()) return wrong(option, value, "is true or false");
      if (value.as_bool()) add(option, {});
      return {};
    }
    if (!value.is_array()) return one(option, value);
    if (!option.repeatable) return wrong(option, value, "has one value");
    for (const Value& item : value.items()) {
      RD_TRY(one(option, item));
    }
    return {};
  }

  std::vector<std::string> take_words() { return std::move(words_); }

 private:
  tl::unexpected<Error> wrong(const Option& option, const Value& value, std::string_view what) {
    return fail(Error::Kind::Usage, "CLI0012", fmt::format("{} {}", option.name().substr(2), what),
                sources_.where(value.place()));
  }

  Result<void> one(const Option& option, const Value& value) {
    std::string text;
    if (value.is_string())
      text = value.as_string();
    else if (value.is_int())
      text = fmt::format("{}", value.as_int());
    else if (value.is_real())
      text = fmt::format("{}", value.as_real());
    if (text.empty()) return wrong(option, value, "is text or a number");
    add(option, "=" + text);
    return {};
  }

  /// The command line beats the file.
  void add(const Option& option, const std::string& value) {
    if (!given_.given(option.name())) words_.push_back(std::string(option.name()) + value);
  }

  const doc::Sources& sources_;
  const Arguments& given_;
  std::vector<std::string> words_;
};

Error unknown(const doc::Member& member, const doc::Sources& sources, std::span<const Command> commands) {
  std::set<std::string> known;
  for (const Command& command : commands)
    for (const Option& option : options_of(command))
      known.emplace(option.name().substr(2));
  const std::vector<std::string_view> names(known.begin(), known.end());
  const std::optional<std::string_view> near = closest(member.name, names);
  return {Error::Kind::Usage, "CLI0012", fmt::format("no command has an option {}", member.name),
          sources.where(member.value.place()),
          near ? fmt::format("did you mean {}?", *near)
               : "names are those of options without dashes, such as fail-on"};
}

const Option* find(const std::vector<Option>& options, std::string_view name) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const Option& one) { return one.name().substr(2) == name; });
  return found == options.end() ? nullptr : &*found;
}

}  // namespace

Result<std::vector<std::string>> words_of_settings(const std::string& file, const Command& command,
                                                   const Arguments& given,
                                                   std::span<const Command> commands) {
  doc::Sources sources;
  const Result<Reading<doc::Document>> read = doc::read_yaml_file(sources, file);
  if (!read)
    return fail(Error::Kind::Usage, "CLI0011", "cannot read the settings: " + read.error().message,
                read.error().where.file.empty() ? Where{file, 0, 0, {}} : read.error().where,
                read.error().hint);
  const Value& root = read->value.root;
  if (root.is_null()) return std::vector<std::string>();
  if (!root.is_object())
    return fail(Error::Kind::Usage, "CLI0012", "settings are a mapping from options to values",
                sources.where(root.place()), "write `fail-on: high`");
  const std::vector<Option> options = options_of(command);
  SettingsReader reader(sources, given);
  for (const doc::Member& member : root.members()) {
    if (const Option* option = find(options, member.name)) {
      RD_TRY(reader.take(*option, member.value));
      continue;
    }
    const bool of_another = std::any_of(commands.begin(), commands.end(), [&](const Command& other) {
      return find(options_of(other), member.name) != nullptr;
    });
    if (!of_another) return tl::unexpected(unknown(member, sources, commands));
  }
  return reader.take_words();
}

}  // namespace redoubt::cli
