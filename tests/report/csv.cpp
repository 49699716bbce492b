#include "report/csv.h"

#include <vector>

#include "core/text.h"
#include "testing/cases.h"

namespace redoubt::report {
namespace {

/// A row of the cells between bars; `\e`, `\n`, `\r`, `\t` and `\xff` stand for bytes. Line ends are shown.
std::string render(std::string_view input) {
  std::string text(input);
  for (const auto& [shown, byte] :
       {std::pair{"\\e", "\x1b"}, {"\\n", "\n"}, {"\\r", "\r"}, {"\\t", "\t"}, {"\\xff", "\xff"}})
    text = replace_all(text, shown, byte);
  const std::vector<std::string_view> cells = split(text, '|');
  return replace_all(csv_row(cells), "\r\n", "<CRLF>");
}

[[maybe_unused]] const bool registered = testing::register_cases("Csv", "tests/report/cases/csv", render);

}  // namespace
}  // namespace redoubt::report
