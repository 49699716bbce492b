#pragma once

#include <string>
#include <string_view>

namespace redoubt::report {

/// How one text becomes another, line by line, as `diff -u` writes it with three lines around each change;
/// empty where both are the same. `name` stands in the two lines of the head. Where the texts differ in more
/// than some thousand lines the middle is replaced as one.
std::string unified_diff(std::string_view name, std::string_view before, std::string_view after);

}  // namespace redoubt::report
