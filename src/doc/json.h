#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/arena.h"
#include "core/result.h"
#include "doc/sources.h"
#include "doc/value.h"

namespace redoubt::doc {

/// What a reader of untrusted JSON accepts.
struct JsonLimits {
  std::size_t max_bytes = std::size_t{4'000} << 20;  ///< places have 32 bits
  std::uint32_t max_depth = 512;
  std::uint32_t max_nodes = 1'000'000'000;
};

/// A parsed file. The value lives as long as the document and the Sources it was read through.
struct Document {
  Arena arena;
  Value root;
  std::uint32_t file = 0;
};

/// Reads JSON as people write it in templates: UTF-8 with or without a byte order mark, // and /* */
/// comments, trailing commas, line breaks inside strings. Iterative: depth ends in an error, not in a crash.
///
/// Of members with equal names the last one counts; a warning DOC0104 names it. Integers within 64 bits are
/// Int, all other numbers Real.
/// Errors: DOC0101 not JSON (place of the first mistake), DOC0102 not UTF-8, DOC0103 a limit was met.
Result<Reading<Document>> read_json(Sources& sources, std::string name, std::string text,
                                    const JsonLimits& limits = {});

/// The file's content as one document; DOC0001 when it can't be read.
Result<Reading<Document>> read_json_file(Sources& sources, const std::string& path,
                                         const JsonLimits& limits = {});

/// One value after the other: a line each, as JSON Lines are; also values over several lines, and several in
/// a line. Empty lines are passed over. A line that is no JSON gives a diagnostic with its place, and the
/// others are still read.
struct LineDocument {
  Arena arena;
  std::vector<Value> rows;
  std::uint32_t file = 0;
};
Reading<LineDocument> read_json_lines(Sources& sources, std::string name, std::string text,
                                      const JsonLimits& limits = {});

/// The list or object that a text begins with; empty when it begins with none, or it is never closed.
std::string_view first_json_value(std::string_view text);

/// A literal JSON text of a program or a test: no file, no places.
Result<Value> parse_json(Arena& arena, std::string_view text, const JsonLimits& limits = {});

/// The whole file; DOC0001 when it can't be read or is over `max_bytes`.
Result<std::string> read_text_file(const std::string& path, std::size_t max_bytes = JsonLimits{}.max_bytes);

/// Writes JSON piece by piece. Keys and values must alternate as JSON wants them; a bug aborts.
class JsonWriter {
 public:
  using Sink = std::function<void(std::string_view)>;

  /// With a sink the text goes there piece by piece, and finish() gives it the last one: memory stays small
  /// however long it becomes.
  explicit JsonWriter(bool indent = false, Sink sink = {});
  ~JsonWriter();
  JsonWriter(JsonWriter&&) noexcept;
  JsonWriter& operator=(JsonWriter&&) noexcept;

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& text(std::string_view text);  ///< bytes that are no UTF-8 become U+FFFD
  JsonWriter& integer(std::int64_t value);
  JsonWriter& real(double value);  ///< shortest form that reads back, always with a point or exponent
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  JsonWriter& raw(std::string_view json);  ///< one value that is JSON already
  /// A known value; secrets as "$secret", unknowns through `unknown` (which writes exactly one value).
  JsonWriter& value(const Value& value, const std::function<void(JsonWriter&, const Value&)>& unknown = {});

  std::string take();  ///< where there is no sink
  void finish();       ///< where there is one

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Compact JSON of a known value in its own member order.
std::string to_json(const Value& value);
/// Members sorted by name at every level, no spaces: equal values give equal text (for fingerprints).
std::string canonical_json(const Value& value);

}  // namespace redoubt::doc
