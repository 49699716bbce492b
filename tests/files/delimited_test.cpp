#include "files/delimited.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "core/text.h"
#include "testing/cases.h"
#include "testing/escapes.h"

namespace redoubt::files {
namespace {

std::string shown(std::string_view field) {
  std::string out;
  for (const char c : field)
    out += c == '\n' ? std::string("\\n") : c == '\r' ? std::string("\\r") : std::string(1, c);
  return "[" + out + "]";
}

struct Form {
  char delimiter;
  bool lines;
};

/// `line: [field][field]`, or the record's mistake; at the end the error.
std::string records_of(const std::string& text, Form form, std::size_t piece,
                       const DelimitedLimits& limits = {}) {
  std::istringstream stream(text);
  const auto input = TextInput::of_stream(stream, "t", {.piece_bytes = piece});
  std::string out;
  const TakeRecord take = [&](const Record& record) -> Result<void> {
    out += fmt::format("{}:", record.line);
    if (record.mistake.empty())
      for (const std::string_view field : record.fields)
        out += " " + shown(field);
    else
      out += fmt::format(" {}", record.mistake);
    out += "\n";
    return {};
  };
  const Result<void> done =
      form.lines ? read_lines(*input, take, limits) : read_delimited(*input, form.delimiter, take, limits);
  return done ? out : out + done.error().text() + "\n";
}

/// The first line says how it is read: `comma`, `tab` or `lines`. Pieces of any size must give the same.
std::string render(std::string_view input) {
  const std::size_t line = input.find('\n');
  const std::string_view word = input.substr(0, line);
  const std::string text = testing::unescape(input.substr(std::min(line + 1, input.size())));
  const Form form{word == "tab" ? '\t' : ',', word == "lines"};
  const std::string whole = records_of(text, form, std::max<std::size_t>(text.size(), 1));
  for (std::size_t piece = 4; piece < 12; ++piece)
    EXPECT_EQ(records_of(text, form, piece), whole) << piece;
  return whole;
}

[[maybe_unused]] const bool registered =
    testing::register_cases("Delimited", "tests/files/cases/delimited", render);

TEST(DelimitedLimits, RecordsAndFields) {
  const DelimitedLimits limits{.max_record_bytes = 8, .max_fields = 2};
  EXPECT_EQ(records_of("a,b\n", {',', false}, 100, limits), "1: [a] [b]\n");
  EXPECT_EQ(records_of("a,b,c\nd\n", {',', false}, 100, limits), "1: too many fields\n2: [d]\n");
  EXPECT_NE(records_of("\"0123456789\n", {',', false}, 100, limits).find("FIL0003"), std::string::npos);
}

TEST(DelimitedLimits, AnErrorOfTheTakerEndsIt) {
  std::istringstream stream("a\nb\n");
  const auto input = TextInput::of_stream(stream, "t");
  int seen = 0;
  const Result<void> done = read_lines(*input, [&](const Record&) -> Result<void> {
    ++seen;
    return fail(Error::Kind::InvalidInput, "T0001", "enough");
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "T0001");
  EXPECT_EQ(seen, 1);
}

}  // namespace
}  // namespace redoubt::files
