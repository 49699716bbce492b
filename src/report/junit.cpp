#include "report/junit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/utf8.h"

namespace redoubt::report {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::string_view entity(char32_t code) {
  switch (code) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\n':
      return "&#10;";
    case '\t':
      return "&#9;";
    default:
      return {};
  }
}

bool allowed_in_xml(const Utf8Character& character) {
  return character.valid && character.code >= 0x20 && character.code != 0xFFFE && character.code != 0xFFFF;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t offset = 0; offset < text.size();) {
    const Utf8Character character = decode_utf8(text, offset);
    if (std::string_view name = entity(character.code); !name.empty())
      out += name;
    else if (!allowed_in_xml(character))
      out += kReplacement;
    else
      out += text.substr(offset, character.bytes);
    offset += character.bytes;
  }
  return out;
}

std::ptrdiff_t count(const JunitSuite& suite, JunitOutcome outcome) {
  return std::count_if(suite.cases.begin(), suite.cases.end(),
                       [outcome](const JunitCase& each) { return each.outcome == outcome; });
}

void append_case(std::string& out, const JunitCase& each) {
  static constexpr std::array<std::string_view, 4> kElements = {"", "failure", "error", "skipped"};
  out +=
      fmt::format("    <testcase name=\"{}\" classname=\"{}\"", escaped(each.name), escaped(each.class_name));
  if (each.outcome == JunitOutcome::Passed) {
    out += "/>\n";
    return;
  }
  std::string_view element = kElements[static_cast<std::size_t>(each.outcome)];
  out += fmt::format(">\n      <{0} message=\"{1}\">{2}</{0}>\n    </testcase>\n", element,
                     escaped(each.message), escaped(each.details));
}

}  // namespace

JunitWriter::JunitWriter(std::function<void(std::string_view)> write) : write_(std::move(write)) {
  write_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
}

void JunitWriter::add(const JunitSuite& suite) {
  std::string out =
      fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
                  escaped(suite.name), suite.cases.size(), count(suite, JunitOutcome::Failed),
                  count(suite, JunitOutcome::Error), count(suite, JunitOutcome::Skipped));
  for (const JunitCase& each : suite.cases)
    append_case(out, each);
  write_(out + "  </testsuite>\n");
}

void JunitWriter::finish() { write_("</testsuites>\n"); }

std::string to_junit(const std::vector<JunitSuite>& suites) {
  std::string out;
  JunitWriter writer([&](std::string_view text) { out += text; });
  for (const JunitSuite& suite : suites)
    writer.add(suite);
  writer.finish();
  return out;
}

}  // namespace redoubt::report
