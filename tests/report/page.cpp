#include "report/page.h"

#include <gtest/gtest.h>

#include "core/text.h"

namespace redoubt::report {
namespace {

constexpr std::string_view kHostile =
    "</script><script>owned()</script><!-- {{data}} {{script}} {{policy}} \u2028 \x1b[31m &amp;\"'";

std::string page_of(const PageHead& head, const std::vector<PageRow>& rows, std::size_t max_bytes) {
  std::string out;
  PageWriter page(head, [&](std::string_view text) { out += text; }, max_bytes);
  for (const PageRow& row : rows)
    page.add(row);
  page.finish();
  return out;
}

std::size_t times(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

PageRow hostile_row() {
  PageRow row;
  row.subject = PageSubject{kHostile, kHostile, kHostile, kHostile, PageScope::kTop, 0};
  for (std::string_view* text :
       {&row.id, &row.reason, &row.path, &row.place, &row.used_at, &row.fix, &row.remarks})
    *text = kHostile;
  return row;
}

TEST(Page, TextsOfStrangersStayData) {
  const std::string hostile(kHostile);
  PageHead head{hostile, hostile, PageScore{hostile, hostile, hostile}};
  head.rules = {{hostile, hostile, hostile, {0}}};
  head.groups = {{hostile, hostile}};
  head.owners = {{hostile}};
  head.scopes = {{hostile, hostile, hostile}};
  head.notes = {{hostile, hostile}};
  const std::string page = page_of(head, {hostile_row()}, PageWriter::kMaxBytes);
  // Head, rows, end and the script of the page.
  EXPECT_EQ(times(page, "<script"), 4U);
  EXPECT_EQ(times(page, "</script>"), 4U);
  EXPECT_EQ(page.find("<!--"), std::string::npos);
  EXPECT_EQ(page.find('\x1b'), std::string::npos);
  EXPECT_EQ(page.find("\u2028"), std::string::npos);
  EXPECT_NE(page.find("<h1>&lt;/script&gt;"), std::string::npos);
  // What looks like a mark of the frame is text.
  EXPECT_NE(
      page.find(
          "<h1>&lt;/script&gt;&lt;script&gt;owned()&lt;/script&gt;&lt;!-- {{data}} {{script}} {{policy}}"),
      std::string::npos);
}

TEST(Page, NothingMayBeLoaded) {
  const std::string page = page_of({}, {}, PageWriter::kMaxBytes);
  EXPECT_NE(page.find("default-src 'none'; script-src 'sha256-"), std::string::npos);
  EXPECT_EQ(page.find("unsafe-inline"), std::string::npos);
  EXPECT_EQ(page.find("http://"), std::string::npos);
  EXPECT_EQ(page.find("https://"), std::string::npos);
}

TEST(Page, RowsStopAtTheLimitAndAreCounted) {
  const std::string empty = page_of({}, {}, PageWriter::kMaxBytes);
  const std::size_t limit = empty.size() + 100'000;
  std::vector<std::string> texts;
  texts.reserve(2'000);
  for (int i = 0; i < 2'000; ++i)
    texts.push_back(std::string(900, '<') + std::to_string(i));
  std::vector<PageRow> rows(texts.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i].reason = texts[i];
  const std::string page = page_of({}, rows, limit);
  EXPECT_GT(page.size(), empty.size() + 90'000);
  EXPECT_LT(page.size(), limit + 600'000);  // what waits to be written may grow as it is escaped
  EXPECT_EQ(page.find("\"leftOut\":0"), std::string::npos);
  EXPECT_TRUE(page.ends_with("</html>\n"));
}

TEST(Page, EqualTextsAreWrittenOnce) {
  PageRow row;
  row.reason = "the same reason";
  const std::string page = page_of({}, {row, row, row}, PageWriter::kMaxBytes);
  EXPECT_EQ(times(page, "the same reason"), 1U);
}

TEST(Page, VeryLongTextsAreCut) {
  const std::string name(1'000'000, 'x');
  PageRow row;
  row.subject = PageSubject{name, name, "type", {}};
  EXPECT_LT(page_of({name}, {row}, PageWriter::kMaxBytes).size(),
            page_of({}, {}, PageWriter::kMaxBytes).size() + 10'000);
}

TEST(Page, ScriptJsonIsTheSameJson) {
  EXPECT_EQ(script_json("\"</script>&\u2028\u2029<!--\""),
            "\"\\u003c/script\\u003e\\u0026\\u2028\\u2029\\u003c!--\"");
}

TEST(Page, HtmlTextEscapesQuotesToo) {
  EXPECT_EQ(html_text("<a b='c\"'>&"), "&lt;a b=&#39;c&quot;&#39;&gt;&amp;");
}

}  // namespace
}  // namespace redoubt::report
