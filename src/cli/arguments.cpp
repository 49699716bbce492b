#include "cli/arguments.h"

#include <algorithm>
#include <utility>

namespace redoubt::cli {

Arguments::Arguments(const Command& command) {
  auto add = [this](const Option& option) {
    Entry entry{std::string(option.name()), {}, false};
    if (!option.fallback.empty()) entry.values.push_back(option.fallback);
    entries_.push_back(std::move(entry));
  };
  for (const Option& option : command.options)
    add(option);
  for (const Option& option : global_options(command))
    add(option);
  for (const Positional& positional : command.positionals)
    entries_.push_back({positional.name, {}, false});
}

std::size_t Arguments::index_of(std::string_view name) const {
  auto found =
      std::find_if(entries_.begin(), entries_.end(), [name](const Entry& each) { return each.name == name; });
  RD_CHECK(found != entries_.end());
  return static_cast<std::size_t>(found - entries_.begin());
}

bool Arguments::given(std::string_view name) const { return entries_[index_of(name)].given; }

const std::string& Arguments::text(std::string_view name) const {
  static const std::string nothing;
  const Entry& found = entries_[index_of(name)];
  return found.values.empty() ? nothing : found.values.back();
}

std::span<const std::string> Arguments::values(std::string_view name) const {
  return entries_[index_of(name)].values;
}

void Arguments::set(std::string_view name, std::vector<std::string> values) {
  Entry& found = entries_[index_of(name)];
  found.values = std::move(values);
  found.given = true;
}

}  // namespace redoubt::cli
