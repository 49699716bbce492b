#include <charconv>

#include "core/text.h"
#include "kql/detail/geo_shapes.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

/// Well-known text: OGC Simple Feature Access, "Well-known Text Representation for Geometry".
class WellKnownText {
 public:
  explicit WellKnownText(std::string_view text) : rest_(text) {}

  /// The GeoJSON; nothing: it is none.
  std::optional<std::string> run() {
    std::optional<std::string> out = geometry(0);
    skip();
    return rest_.empty() ? out : std::nullopt;
  }

 private:
  struct Kind {
    std::string_view word;
    std::string_view type;
    int depth;  ///< of lists around a place
  };
  static constexpr Kind kKinds[] = {{"POINT", "Point", 0},
                                    {"LINESTRING", "LineString", 1},
                                    {"POLYGON", "Polygon", 2},
                                    {"MULTIPOINT", "MultiPoint", 1},
                                    {"MULTILINESTRING", "MultiLineString", 2},
                                    {"MULTIPOLYGON", "MultiPolygon", 3}};
  static constexpr int kMaxDepth = 16;

  void skip() { rest_ = trim(rest_); }

  bool take(char wanted) {
    skip();
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string word() {
    skip();
    std::size_t size = 0;
    while (size < rest_.size() && ((rest_[size] | 0x20) >= 'a' && (rest_[size] | 0x20) <= 'z'))
      ++size;
    std::string out = unicode_upper(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return out;
  }

  std::optional<std::string> geometry(int depth) {
    const std::string name = word();
    if (name == "GEOMETRYCOLLECTION") return collection(depth);
    for (const Kind& kind : kKinds)
      if (kind.word == name) {
        const std::optional<std::string> inside =
            kind.depth == 0 ? point() : list(kind.depth, name == "MULTIPOINT");
        return inside ? std::optional(shape_json(kind.type, *inside)) : std::nullopt;
      }
    return std::nullopt;
  }

  std::optional<std::string> collection(int depth) {
    if (depth >= kMaxDepth || !take('(')) return std::nullopt;
    std::string out;
    do {
      const std::optional<std::string> one = geometry(depth + 1);
      if (!one) return std::nullopt;
      out.append(out.empty() ? "" : ",").append(*one);
    } while (take(','));
    if (!take(')')) return std::nullopt;
    return R"({"type":"GeometryCollection","geometries":[)" + out + "]}";
  }

  std::optional<std::string> point() {
    if (!take('(')) return std::nullopt;
    std::optional<std::string> out = place();
    return take(')') ? out : std::nullopt;
  }

  /// Lists in lists; `wrapped`: each place may have brackets of its own.
  std::optional<std::string> list(int depth, bool wrapped) {
    if (!take('(')) return std::nullopt;
    std::string out = "[";
    do {
      const bool own = wrapped && take('(');
      const std::optional<std::string> one = depth > 1 ? list(depth - 1, false) : place();
      if (!one || (own && !take(')'))) return std::nullopt;
      out.append(out.size() > 1 ? "," : "").append(*one);
    } while (take(','));
    if (!take(')')) return std::nullopt;
    return out + "]";
  }

  std::optional<double> number() {
    skip();
    double out = 0;
    const auto [end, problem] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), out);
    if (problem != std::errc()) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return out;
  }

  std::optional<std::string> place() {
    const std::optional<double> longitude = number();
    const std::optional<double> latitude = longitude ? number() : std::nullopt;
    if (!latitude) return std::nullopt;
    const Place out{*longitude, *latitude};
    return out.is_valid() ? std::optional(coordinates_json(out)) : std::nullopt;
  }

  std::string_view rest_;
};

std::string wkt_json(std::string_view text) { return WellKnownText(text).run().value_or("null"); }

/// Of an array of texts an array.
Result<Value> geo_from_wkt(const Call& call) {
  const Value& wkt = call[0];
  const bool array = wkt.is(Type::Dynamic) && !wkt.is_null() && json_kind(wkt.json()) == JsonKind::Array;
  if (!array) return dynamic_result(call, wkt_json(call.text(0)));
  std::string out;
  for (const std::string_view element : json_elements(wkt.json()))
    out.append(out.empty() ? "[" : ",")
        .append(json_kind(element) == JsonKind::String ? wkt_json(json_string(element)) : "null");
  return dynamic_result(call, out.empty() ? "[]" : out + "]");
}

constexpr EvaluationRow kRows[] = {{"geo_from_wkt", geo_from_wkt}};

}  // namespace

EvaluationRows geo_text_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
