#include "report/csv.h"

#include <gtest/gtest.h>

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

TEST(CsvRecord, KeepsControlsForPrograms) {
  const std::vector<CsvCell> cells = {{"a\tb\x1b[31m"}, {"c\rd"}, {"=1"}, {"-1", true}};
  EXPECT_EQ(csv_record(cells, CsvControls::Kept), "a\tb\x1b[31m,\"c\rd\",'=1,-1\r\n");
  EXPECT_EQ(csv_record(cells, CsvControls::WrittenOut), "a b\\x1b[31m,c\\x0dd,'=1,-1\r\n");
}

}  // namespace
}  // namespace redoubt::report
