#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "doc/json.h"
#include "doc/row_text.h"

// Rows that were told apart by their brackets are the rows that a reader of the whole text finds: those of a
// list, of a page, of JSON Lines. Where the whole text is no JSON, a row or the envelope is none either.

namespace {

using namespace redoubt;

constexpr std::string_view kKeys[] = {"data", "value"};
constexpr doc::JsonLimits kLimits{.max_bytes = 1 << 20, .max_depth = 64, .max_nodes = 100'000};

struct Rows {
  bool sound = true;
  std::vector<doc::Value> values;
};

Rows rows_of(doc::Sources& sources, const std::string& text, const doc::RowText& split, Arena& arena) {
  Rows out;
  const std::uint32_t file = sources.add("split", text);
  for (const doc::RowSpan span : split.rows) {
    Result<Reading<doc::Value>> row = doc::read_json_row(sources, file, span, arena, kLimits);
    out.sound = out.sound && row;
    if (row) out.values.push_back(row->value);
  }
  out.sound = out.sound && (split.envelope.empty() || doc::parse_json(arena, split.envelope, kLimits));
  return out;
}

void check_equal(std::span<const doc::Value> left, std::span<const doc::Value> right) {
  RD_CHECK(left.size() == right.size());
  for (std::size_t i = 0; i < left.size(); ++i)
    RD_CHECK(doc::canonical_json(left[i]) == doc::canonical_json(right[i]));
}

void check_spans(const doc::RowText& split, std::string_view text) {
  std::size_t end = 0;
  for (const doc::RowSpan row : split.rows) {
    RD_CHECK(row.offset >= end && row.size >= 2 && row.offset + row.size <= text.size());
    RD_CHECK(text[row.offset] == '{');
    // What stands behind a row is overwritten while the row is read, so it belongs to no other.
    RD_CHECK(end == 0 || row.offset > end);
    end = row.offset + row.size;
  }
}

void check_against_whole(doc::Sources& sources, const std::string& text, const doc::RowText& split,
                         const Rows& rows) {
  const Result<Reading<doc::Document>> whole = doc::read_json(sources, "whole", text, kLimits);
  if (!whole) {
    if (whole.error().code == "DOC0103") return;
    const Reading<doc::LineDocument> lines = doc::read_json_lines(sources, "lines", text, kLimits);
    if (split.lines && rows.sound && !lines.has_errors()) return check_equal(rows.values, lines.value.rows);
    RD_CHECK(!rows.sound);
    return;
  }
  if (!rows.sound) return;  // line breaks in strings
  const doc::Value& root = whole->value.root;
  if (root.is_array()) return check_equal(rows.values, root.items());
  if (split.envelope.empty()) return check_equal(rows.values, std::span<const doc::Value>(&root, 1));
  const doc::Value* data = root.find_any_case("data");
  if (data == nullptr) data = root.find_any_case("value");
  RD_CHECK(data != nullptr && data->is_array());
  check_equal(rows.values, data->items());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::optional<doc::RowText> split = doc::split_rows(text, kKeys);
  if (!split) return 0;
  check_spans(*split, text);
  doc::Sources sources;
  Arena arena;
  const Rows rows = rows_of(sources, text, *split, arena);
  check_against_whole(sources, text, *split, rows);
  return 0;
}
