#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace redoubt::testing {

/// Gives the output of one case for its input; compared with what the file expects.
using Render = std::function<std::string(std::string_view input)>;

/// Judges one line of a JSON Lines file: empty when the case holds, otherwise what differs.
using Run = std::function<std::string(std::string_view line)>;

/// Makes every `*.case` file below `folder` (relative to the source root) a test of its own, named by its
/// path below the folder.
///
/// A case file is the input, a line of four or more dashes, and the expected output; the line break before
/// the dashes and those at the end do not count. RD_UPDATE_CASES=1 rewrites the expected part instead of
/// comparing. A folder without cases is one failing test. Call it while static objects are initialised.
bool register_cases(std::string_view suite, std::string_view folder, Render render);

/// Makes every line of JSON Lines files a test of its own, named by the line's `id`.
///
/// `pattern` is a folder (all its *.jsonl, at any depth), one file, or a path whose last part holds `*`.
/// Lines without `id` are named by file and line; what stands twice gets `_again_2` behind its name.
bool register_json_cases(std::string_view suite, std::string_view pattern, Run run);

/// Makes GoogleTest know what was registered; main() calls it once, after the command line was read.
void add_registered_cases();

}  // namespace redoubt::testing
