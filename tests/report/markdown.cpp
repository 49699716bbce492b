#include "report/markdown.h"

#include "core/text.h"
#include "testing/cases.h"

namespace redoubt::report {
namespace {

/// Text, code in the line, and a block, each between bars; `\e` and `\n` stand for bytes, `<zwsp>` for
/// U+200B.
std::string render(std::string_view input) {
  const std::string text = replace_all(replace_all(input, "\\e", "\x1b"), "\\n", "\n");
  return replace_all(
      "|" + markdown_text(text) + "|\n|" + markdown_code(text) + "|\n" + markdown_block(text, "sh"), "\u200b",
      "<zwsp>");
}

[[maybe_unused]] const bool registered =
    testing::register_cases("Markdown", "tests/report/cases/markdown", render);

}  // namespace
}  // namespace redoubt::report
