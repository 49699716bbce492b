#include "doc/json.h"

#define RAPIDJSON_HAS_STDSTRING 0
#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>

#include "core/path_hint.h"
#include "core/text.h"
#include "doc/detail/check_text.h"
#include "doc/detail/json_text.h"
#include "doc/detail/tree_builder.h"
#include "doc/detail/value_bounds.h"
#include "doc/row_text.h"

namespace redoubt::doc {

namespace {

/// Up to this size the text is copied, so that a file with line breaks inside strings can be read again.
constexpr std::size_t kMultiLineBytes = std::size_t{64} << 20;

/// Turns RapidJSON's events into a tree. Strings are decoded in place and referred to.
class Builder {
 public:
  using Stream = rapidjson::InsituStringStream;

  Builder(Stream& stream, Arena& arena, std::uint32_t file, const JsonLimits& limits)
      : stream_(stream), file_(file), tree_(arena, limits.max_depth, limits.max_nodes) {}

  bool Null() { return tree_.add(Value::null().at(before(4))); }
  bool Bool(bool value) { return tree_.add(Value::boolean(value).at(before(value ? 4 : 5))); }
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  bool RawNumber(const char*, rapidjson::SizeType length, bool) {
    // RapidJSON reads numbers through a copy of the stream: ours still stands at the number's first byte.
    const std::size_t start = stream_.Tell();
    return tree_.add(number({stream_.head_ + start, length}).at(place(start)));
  }

  bool String(const char* text, rapidjson::SizeType length, bool) {
    const auto start = static_cast<std::size_t>(text - stream_.head_) - 1;
    return tree_.add(Value::string({text, length}).at(place(start)));
  }

  bool Key(const char* text, rapidjson::SizeType length, bool) {
    tree_.key({text, length});
    return true;
  }

  // RapidJSON tells of the bracket before it takes it.
  bool StartObject() { return tree_.open(before(0)); }
  bool StartArray() { return tree_.open(before(0)); }
  bool EndArray(rapidjson::SizeType) { return tree_.close_array(); }
  bool EndObject(rapidjson::SizeType) { return tree_.close_object(); }

  const detail::TreeBuilder& tree() const { return tree_; }

 private:
  Place place(std::size_t offset) const { return {file_, static_cast<std::uint32_t>(offset)}; }
  Place before(std::size_t bytes) const { return place(stream_.Tell() - bytes); }

  static Value number(std::string_view text) {
    std::int64_t whole = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (error == std::errc() && end == text.data() + text.size()) return Value::integer(whole);
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return Value::real(value);
  }

  Stream& stream_;
  std::uint32_t file_;
  detail::TreeBuilder tree_;
};

constexpr unsigned kFlags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag |
                            rapidjson::kParseCommentsFlag | rapidjson::kParseTrailingCommasFlag |
                            rapidjson::kParseNumbersAsStringsFlag;

constexpr std::string_view kBetweenValues = " \t\r\n,";

struct Failure {
  rapidjson::ParseErrorCode code;
  std::size_t offset;
  std::optional<Error> limit;
};

struct Parsed {
  Value value;
  std::vector<detail::TreeBuilder::Duplicate> duplicates;
  std::optional<Failure> failure;
};

/// `end` points to the NUL behind the text. RapidJSON takes one inside of it for its end too.
Parsed parse(char* text, const char* end, Arena& arena, std::uint32_t file, const JsonLimits& limits,
             char* file_begin) {
  Builder::Stream stream(text);
  stream.head_ = file_begin;  // Tell() and places count from the file's first byte
  Builder builder(stream, arena, file, limits);
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, builder);
  const detail::TreeBuilder& tree = builder.tree();
  Parsed parsed{tree.root(), tree.duplicates(), std::nullopt};
  const std::size_t reached = stream.Tell();
  if (!result.IsError() && file_begin + reached != end)
    parsed.failure = Failure{rapidjson::kParseErrorDocumentRootNotSingular, reached, std::nullopt};
  if (!result.IsError()) return parsed;
  parsed.failure = Failure{result.Code(), result.Offset(), std::nullopt};
  if (tree.met_limit()) parsed.failure->limit = tree.limit_error({});
  return parsed;
}

Error to_error(const Failure& failure, Where where, std::string_view text) {
  if (failure.limit) {
    Error error = *failure.limit;
    error.where = std::move(where);
    return error;
  }
  std::string message = rapidjson::GetParseError_En(failure.code);
  if (!message.empty() && message.back() == '.') message.pop_back();
  std::string hint;
  if (failure.offset >= text.size()) hint = "the file ends too early; is it complete?";
  return {Error::Kind::InvalidInput, "DOC0101", "not JSON: " + message, std::move(where), std::move(hint)};
}

char* after_byte_order_mark(std::string& text) { return text.data() + detail::byte_order_mark(text); }

}  // namespace

Result<Reading<Document>> read_json(Sources& sources, std::string name, std::string text,
                                    const JsonLimits& limits) {
  RD_TRY(detail::check_text(name, text, limits.max_bytes));
  std::string original = text.size() <= kMultiLineBytes ? text : std::string();
  Reading<Document> reading;
  const std::uint32_t file = sources.add(std::move(name), std::move(text));
  reading.value.file = file;
  std::string* kept = &sources.text(file);
  Parsed parsed = parse(after_byte_order_mark(*kept), kept->data() + kept->size(), reading.value.arena, file,
                        limits, kept->data());
  if (parsed.failure && !parsed.failure->limit) {
    if (std::optional<detail::Rewritten> rewritten = detail::escape_line_breaks(original)) {
      sources.rewrite(file, std::move(rewritten->text), std::move(rewritten->shifts));
      reading.value.arena = Arena();
      parsed = parse(after_byte_order_mark(*kept), kept->data() + kept->size(), reading.value.arena, file,
                     limits, kept->data());
    }
  }
  if (parsed.failure) {
    const Place place{file, static_cast<std::uint32_t>(parsed.failure->offset)};
    return tl::unexpected(to_error(*parsed.failure, sources.where(place), *kept));
  }
  detail::add_duplicates(reading.diagnostics, sources, parsed.duplicates);
  reading.value.root = parsed.value;
  return reading;
}

Result<Reading<Document>> read_json_file(Sources& sources, const std::string& path,
                                         const JsonLimits& limits) {
  std::string text = RD_TRY(read_text_file(path, limits.max_bytes));
  return read_json(sources, path, std::move(text), limits);
}

Reading<LineDocument> read_json_lines(Sources& sources, std::string name, std::string text,
                                      const JsonLimits& limits) {
  Reading<LineDocument> reading;
  if (Result<void> checked = detail::check_text(name, text, limits.max_bytes); !checked) {
    reading.diagnostics.push_back(to_diagnostic(checked.error()));
    return reading;
  }
  const std::uint32_t file = sources.add(std::move(name), std::move(text));
  reading.value.file = file;
  std::string& kept = sources.text(file);
  char* end = kept.data() + kept.size();
  bool several_lines = true;
  for (char* line = after_byte_order_mark(kept); line < end;) {
    const std::string_view piece =
        detail::next_piece({line, static_cast<std::size_t>(end - line)}, several_lines);
    char* line_end = line + piece.size();
    // A comma may stand between two values.
    line += std::min(piece.find_first_not_of(kBetweenValues), piece.size());
    if (line != line_end) {
      const char saved = *line_end;
      *line_end = '\0';
      Parsed parsed = parse(line, line_end, reading.value.arena, file, limits, kept.data());
      if (parsed.failure) {
        const Place place{file, static_cast<std::uint32_t>(parsed.failure->offset)};
        reading.diagnostics.push_back(to_diagnostic(to_error(*parsed.failure, sources.where(place), kept)));
      } else {
        detail::add_duplicates(reading.diagnostics, sources, parsed.duplicates);
        reading.value.rows.push_back(parsed.value);
      }
      *line_end = saved;
    }
    line = line_end < end && *line_end == '\n' ? line_end + 1 : line_end;
  }
  return reading;
}

std::string_view first_json_value(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of("\xef\xbb\xbf \t\r\n"), text.size()));
  if (!text.starts_with('{') && !text.starts_with('[')) return {};
  const std::size_t end = detail::end_of_value(text);
  return end == std::string_view::npos ? std::string_view() : text.substr(0, end);
}

Result<Reading<Value>> read_json_row(Sources& sources, std::uint32_t file, RowSpan row, Arena& arena,
                                     const JsonLimits& limits) {
  std::string& kept = sources.text(file);
  const std::string_view text = std::string_view(kept).substr(row.offset, row.size);
  RD_TRY(detail::check_text(sources.name(file), text, limits.max_bytes));
  char* const end = kept.data() + row.offset + row.size;
  const char saved = *end;
  *end = '\0';
  const Parsed parsed = parse(kept.data() + row.offset, end, arena, file, limits, kept.data());
  *end = saved;
  if (parsed.failure) {
    const Place place{file, static_cast<std::uint32_t>(parsed.failure->offset)};
    return tl::unexpected(to_error(*parsed.failure, sources.where(place), kept));
  }
  Reading<Value> reading{parsed.value, {}};
  detail::add_duplicates(reading.diagnostics, sources, parsed.duplicates);
  return reading;
}

Result<Value> parse_json(Arena& arena, std::string_view text, const JsonLimits& limits) {
  RD_TRY(detail::check_text({}, text, limits.max_bytes));
  std::span<char> buffer = arena.copy(std::span<const char>(std::string(text).c_str(), text.size() + 1));
  Parsed parsed = parse(buffer.data(), buffer.data() + text.size(), arena, 0, limits, buffer.data());
  if (parsed.failure) return tl::unexpected(to_error(*parsed.failure, {}, text));
  return parsed.value;
}

namespace {

/// Filling a long text is half the work where its memory does not come in small pages. A hint: no harm where
/// the system does not take it.
void use_large_pages(const std::string& text) {
  static constexpr std::size_t kPage = std::size_t{2} << 20;
  const auto begin = (reinterpret_cast<std::uintptr_t>(text.data()) + kPage - 1) & ~(kPage - 1);
  const auto end = reinterpret_cast<std::uintptr_t>(text.data() + text.capacity()) & ~(kPage - 1);
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

}  // namespace

Result<std::string> read_text_file(const std::string& path, std::size_t max_bytes) {
  const auto fail_io = [&](const char* what) {
    return fail(Error::Kind::Io, "DOC0001", what, Where{path, 0, 0, {}},
                path_hint(path, "check the path and its permissions"));
  };
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return fail_io("this is a folder, not a file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream && !std::filesystem::exists(path, error)) return fail_io("there is no such file");
  if (!stream) return fail_io("the file can't be opened");
  std::string text;
  std::array<char, 1 << 16> buffer;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (!error && size <= max_bytes) {
    text.reserve(static_cast<std::size_t>(size));
    use_large_pages(text);
  }
  while (stream.read(buffer.data(), buffer.size()), stream.gcount() > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(stream.gcount()));
    if (text.size() > max_bytes)
      return fail(Error::Kind::Limit, "DOC0103", fmt::format("larger than {} bytes", max_bytes),
                  Where{path, 0, 0, {}});
  }
  if (stream.bad()) return fail_io("reading the file failed");
  return text;
}

}  // namespace redoubt::doc
