#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/utf8.h"
#include "kql/analysis.h"
#include "kql/pattern.h"
#include "kql/rewrite.h"
#include "query/sql/catalog.h"
#include "query/sql/explain.h"
#include "store/event_schema.h"
#include "store/sql_text.h"

// What is quoted for SQL is read as one literal of the same bytes. A query whose names and texts are the
// input becomes SQL in which nothing of them stands outside of quotes: it has no comments and no second
// statement, and every quoted name in it is one of the table.

namespace {

using namespace redoubt;

/// Reads quoted things as ClickHouse's lexer and readQuotedString do. Source: ClickHouse, "Syntax", "String",
/// "Identifiers".
class Reader {
 public:
  explicit Reader(std::string_view sql) : sql_(sql) {}

  bool at_end() const { return at_ == sql_.size(); }
  char next() const { return sql_[at_]; }
  void skip() { ++at_; }
  bool starts_with(std::string_view text) const { return sql_.substr(at_).starts_with(text); }

  /// The bytes of what begins with a quote; nothing: it does not end.
  std::optional<std::string> quoted() {
    const char quote = sql_[at_++];
    std::string out;
    while (!at_end()) {
      const char c = sql_[at_++];
      if (c == '\\' && !at_end()) {
        if (!escaped(out)) return std::nullopt;
      } else if (c != quote) {
        out += c;
      } else if (!at_end() && next() == quote) {
        out += sql_[at_++];
      } else {
        return out;
      }
    }
    return std::nullopt;
  }

 private:
  /// False: an escape with another meaning, which nothing that is quoted needs.
  bool escaped(std::string& out) {
    const char c = sql_[at_++];
    if (c == '0') return out += '\0', true;
    if (c != '\\' && c != '\'' && c != '`') return plain(c, out);
    return out += c, true;
  }
  /// Patterns and formats that the SQL of queries is made with.
  static bool plain(char c, std::string& out) {
    constexpr std::string_view kLetters = "bfnrtvae";
    constexpr std::string_view kBytes = "\b\f\n\r\t\v\a\x1b";
    const std::size_t found = kLetters.find(c);
    if (found == std::string_view::npos) return c != 'x' && c != 'N' && (out += '\\', out += c, true);
    return out += kBytes[found], true;
  }

  std::string_view sql_;
  std::size_t at_ = 0;
};

void check_quotes(const std::string& text) {
  for (const std::string& sql : {store::sql_text(text), store::sql_name(text)}) {
    Reader reader(sql);
    const std::optional<std::string> back = reader.quoted();
    RD_CHECK(back && *back == text && reader.at_end());
  }
}

std::string kql_text(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20U) {
      out += "\\u00";
      out += kHex[code >> 4U];
      out += kHex[code & 15U];
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

/// A table of events with these columns.
class OneTable : public query::sql::Catalog {
 public:
  OneTable(std::string table, std::vector<std::string> columns)
      : table_(std::move(table)), columns_(std::move(columns)) {}

  std::optional<query::sql::StoredTable> find(std::string_view name) const override {
    if (name != table_) return std::nullopt;
    query::sql::StoredTable out{store::stored_from(table_), {}};
    for (const std::string& column : columns_)
      out.columns[column] = {.name = store::sql_name(store::stored_column(column)),
                             .type = column == columns_.front() ? kql::Type::String : kql::Type::Dynamic,
                             .nullable = false};
    return out;
  }
  std::set<std::string> names() const {
    std::set<std::string> out = {"events", store::stored_table(table_)};
    for (const std::string& column : columns_)
      out.insert(store::stored_column(column));
    return out;
  }

 private:
  std::string table_;
  std::vector<std::string> columns_;
};

void check_statement(std::string_view sql, const std::set<std::string>& names) {
  Reader reader(sql);
  while (!reader.at_end()) {
    const char c = reader.next();
    if (c == '\'' || c == '`') {
      const std::optional<std::string> text = reader.quoted();
      RD_CHECK(text.has_value());
      RD_CHECK(c == '\'' || names.contains(*text));
      continue;
    }
    RD_CHECK(c != '"' && c != ';' && c != '#' && c != '\0' && static_cast<unsigned char>(c) < 0x80U);
    RD_CHECK(!reader.starts_with("--") && !reader.starts_with("/*") && !reader.starts_with("{"));
    reader.skip();
  }
}

/// Lines of the explanation that are SQL: it names what is worked out in memory, too.
void check_query(const std::string& query, const kql::Schemas& schemas, const OneTable& table) {
  kql::PatternCache patterns;
  const kql::EvaluationContext evaluation{.now = {}, .limits = {}, .patterns = &patterns};
  kql::Analysis analysis = kql::analyze(query, schemas);
  if (!analysis.ok()) return;
  kql::rewrite(analysis, {.context = &evaluation});
  query::sql::SqlShare share;
  const Result<std::string> sql = query::sql::explain(analysis, table, evaluation, &share);
  if (sql && share.operators_in_memory == 0) check_statement(*sql, table.names());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4'096) return 0;
  const std::string input(reinterpret_cast<const char*>(data), size);
  check_quotes(input);
  std::string valid;
  append_valid_utf8(valid, input);
  if (valid != input || input.empty()) return 0;
  const std::size_t half = input.find('\n');
  const std::string name = input.substr(0, half);
  const std::string text = half == std::string::npos ? name : input.substr(half + 1);
  if (name.empty() || name == "d") return 0;
  const OneTable table(name, {name, "d"});
  kql::Schemas schemas;
  schemas.add_table(name, {{name, kql::Type::String}, {"d", kql::Type::Dynamic}});
  const std::string from = "[" + kql_text(name) + "]";
  const std::string value = kql_text(text);
  check_query(from + " | where " + from + " == " + value, schemas, table);
  check_query(from + " | where " + from + " has " + value + " or " + from + " in (" + value + ", 'x')",
              schemas, table);
  check_query(from + " | project [" + value + "] = strcat(" + from + ", " + value +
                  ") | summarize count() by [" + value + "]",
              schemas, table);
  check_query(
      from + " | where tostring(d[" + value + "]) startswith " + value + " and d[" + value + "] == " + value,
      schemas, table);
  check_query(from + " | where " + from + " matches regex " + value, schemas, table);
  return 0;
}
