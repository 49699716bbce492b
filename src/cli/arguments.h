#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace redoubt::cli {

/// What the user gave a command. Names are those of its table (`--scope`, `TEMPLATE`); any other is a bug.
class Arguments {
 public:
  /// Nothing given yet: every option has its fallback.
  explicit Arguments(const Command& command);

  /// True when the user gave it (at least once).
  bool given(std::string_view name) const;
  /// The one value: given, else the fallback, else empty.
  const std::string& text(std::string_view name) const;
  /// All values in the order given; the fallback when there is one and nothing was given.
  std::span<const std::string> values(std::string_view name) const;

  void set(std::string_view name, std::vector<std::string> values);

 private:
  struct Entry {
    std::string name;
    std::vector<std::string> values;
    bool given = false;
  };
  std::size_t index_of(std::string_view name) const;

  std::vector<Entry> entries_;
};

}  // namespace redoubt::cli
