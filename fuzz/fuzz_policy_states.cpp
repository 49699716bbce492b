#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "doc/json.h"
#include "doc/json_rows.h"
#include "memory_file.h"
#include "posture/policy_states.h"

// Any bytes as rows: read in pieces of any size they are the same rows, those of a list are the items that a
// reader of the whole text finds. As policy states each is counted once, and two readings are equal.

namespace {

using namespace redoubt;

struct Rows {
  std::vector<std::string> rows;
  std::string error;
  bool operator==(const Rows&) const = default;
};

Rows rows_of(const std::string& path, std::size_t chunk, const doc::JsonLimits& limits) {
  Rows out;
  doc::JsonRowLimits row_limits{.max_row_bytes = 1 << 20, .row = limits, .chunk_bytes = chunk};
  static constexpr std::string_view kListKeys[] = {"value"};
  const Result<void> read = doc::read_json_rows(
      path, kListKeys,
      [&](const Result<doc::Value>& row, const Where& where) {
        RD_CHECK(where.line >= 1 && where.column >= 1);
        out.rows.push_back(std::to_string(where.line) + ":" + std::to_string(where.column) + " " +
                           (row ? doc::canonical_json(*row) : row.error().code));
      },
      row_limits);
  if (!read) out.error = read.error().text();
  return out;
}

std::string_view value_of(std::string_view row) { return row.substr(row.find(' ') + 1); }

/// Of a list whose items are no pages.
void check_against_whole(const std::string& text, const Rows& rows, const doc::JsonLimits& limits) {
  doc::Sources sources;
  const Result<Reading<doc::Document>> whole = doc::read_json(sources, "whole", text, limits);
  if (!whole || !whole->value.root.is_array() || !rows.error.empty()) return;
  if (text.find('/') != std::string::npos) return;  // it may have comments
  std::vector<std::string> items;
  for (const doc::Value& item : whole->value.root.items()) {
    const doc::Value* list = item.find_any_case("value");
    if (list == nullptr || !list->is_array())
      items.push_back(doc::canonical_json(item));
    else
      for (const doc::Value& one : list->items())
        items.push_back(doc::canonical_json(one));
  }
  RD_CHECK(items.size() == rows.rows.size());
  for (std::size_t i = 0; i < items.size(); ++i)
    RD_CHECK(value_of(rows.rows[i]) == items[i] || value_of(rows.rows[i]) == "DOC0101");
}

std::string states_of(const std::string& path, posture::PolicyStates::By by) {
  posture::PolicyStates states(by);
  const Result<void> read = states.read(path);
  states.finish();
  RD_CHECK(states.states().size() <= states.rows_read());
  RD_CHECK(states.diagnostics().size() <= 21);
  std::string out = std::to_string(states.rows_read()) + " " + std::to_string(states.rows_skipped());
  for (const auto& [key, state] : states.states()) {
    RD_CHECK(states.find(key) == &state);
    out += states.where(state).text() + states.text(state.version) + states.text(state.effect);
  }
  for (const Diagnostic& one : states.diagnostics())
    out += one.text() + "\n";
  return read ? out : out + read.error().text();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const MemoryFile file;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::string& path = file.fill(text);
  const doc::JsonLimits limits{.max_bytes = 1 << 20, .max_depth = 64, .max_nodes = 100'000};
  const Rows rows = rows_of(path, std::size_t{1} << 12, limits);
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{7}})
    RD_CHECK(rows_of(path, chunk, limits) == rows);
  check_against_whole(text, rows, limits);
  for (const auto by : {posture::PolicyStates::By::Assignment, posture::PolicyStates::By::Definition})
    RD_CHECK(states_of(path, by) == states_of(path, by));
  return 0;
}
