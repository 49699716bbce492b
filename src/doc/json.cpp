#include "doc/json.h"

#define RAPIDJSON_HAS_STDSTRING 0
#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <unordered_map>

#include "core/text.h"
#include "doc/detail/json_text.h"

namespace redoubt::doc {

namespace {

/// Up to this size the text is copied, so that a file with line breaks inside strings can be read again.
constexpr std::size_t kMultiLineBytes = std::size_t{64} << 20;

/// Builds the tree from RapidJSON's events. Strings are decoded in place and referred to.
class Builder {
 public:
  using Stream = rapidjson::InsituStringStream;

  Builder(Stream& stream, Arena& arena, std::uint32_t file, const JsonLimits& limits)
      : stream_(stream), arena_(arena), file_(file), limits_(limits) {}

  bool Null() { return push(Value::null().at(before(4))); }
  bool Bool(bool value) { return push(Value::boolean(value).at(before(value ? 4 : 5))); }
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  bool RawNumber(const char*, rapidjson::SizeType length, bool) {
    // RapidJSON reads numbers through a copy of the stream: ours still stands at the number's first byte.
    const std::size_t start = stream_.Tell();
    return push(number({stream_.head_ + start, length}).at(place(start)));
  }

  bool String(const char* text, rapidjson::SizeType length, bool) {
    return push(Value::string({text, length}).at(place(static_cast<std::size_t>(text - stream_.head_) - 1)));
  }

  bool Key(const char* text, rapidjson::SizeType length, bool) {
    frames_.back().key = {text, length};
    return true;
  }

  bool StartObject() { return start(); }
  bool StartArray() { return start(); }

  bool EndArray(rapidjson::SizeType) {
    const Frame frame = pop();
    items_.clear();
    for (std::size_t i = frame.start; i < open_.size(); ++i)
      items_.push_back(open_[i].value);
    open_.resize(frame.start);
    return push(make_array(arena_, items_).at(frame.place));
  }

  bool EndObject(rapidjson::SizeType) {
    const Frame frame = pop();
    drop_duplicates(frame);
    Value object = make_object(arena_, std::span<const Member>(open_).subspan(frame.start)).at(frame.place);
    open_.resize(frame.start);
    return push(object);
  }

  Value root() const { return root_; }
  std::string_view limit() const { return limit_; }
  const std::vector<std::pair<Place, std::string_view>>& duplicates() const { return duplicates_; }

 private:
  struct Frame {
    std::size_t start;
    Place place;
    std::string_view key;
  };

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

  bool start() {
    if (frames_.size() >= limits_.max_depth) {
      limit_ = "depth";
      return false;
    }
    // RapidJSON tells of the bracket before it takes it.
    frames_.push_back({open_.size(), before(0), {}});
    return true;
  }

  Frame pop() {
    Frame frame = frames_.back();
    frames_.pop_back();
    return frame;
  }

  bool push(const Value& value) {
    if (++nodes_ > limits_.max_nodes) {
      limit_ = "nodes";
      return false;
    }
    if (frames_.empty())
      root_ = value;
    else
      open_.push_back({frames_.back().key, value});
    return true;
  }

  /// The last of equal names wins and stands where the first stood.
  void drop_duplicates(const Frame& frame) {
    const std::size_t count = open_.size() - frame.start;
    if (count > kPairwise) return drop_duplicates_hashed(frame);
    std::size_t kept = frame.start;
    for (std::size_t i = frame.start; i < open_.size(); ++i) {
      std::size_t first = frame.start;
      while (first < kept && open_[first].name != open_[i].name)
        ++first;
      keep(i, first, kept);
    }
    open_.resize(kept);
  }

  void drop_duplicates_hashed(const Frame& frame) {
    std::unordered_map<std::string_view, std::size_t> seen;
    std::size_t kept = frame.start;
    for (std::size_t i = frame.start; i < open_.size(); ++i) {
      std::size_t first = seen.try_emplace(open_[i].name, kept).first->second;
      keep(i, first, kept);
    }
    open_.resize(kept);
  }

  void keep(std::size_t from, std::size_t first, std::size_t& kept) {
    if (first == kept) {
      open_[kept++] = open_[from];
      return;
    }
    if (duplicates_.size() < kMaxDuplicates)
      duplicates_.emplace_back(open_[from].value.place(), open_[from].name);
    open_[first].value = open_[from].value;
  }

  static constexpr std::size_t kPairwise = 16;
  static constexpr std::size_t kMaxDuplicates = 100;

  Stream& stream_;
  Arena& arena_;
  std::uint32_t file_;
  const JsonLimits& limits_;
  std::vector<Frame> frames_;
  std::vector<Member> open_;
  std::vector<Value> items_;
  std::vector<std::pair<Place, std::string_view>> duplicates_;
  Value root_;
  std::uint32_t nodes_ = 0;
  std::string_view limit_;
};

constexpr unsigned kFlags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag |
                            rapidjson::kParseCommentsFlag | rapidjson::kParseTrailingCommasFlag |
                            rapidjson::kParseNumbersAsStringsFlag;

struct Failure {
  rapidjson::ParseErrorCode code;
  std::size_t offset;
  std::string_view limit;
};

struct Parsed {
  Value value;
  std::vector<std::pair<Place, std::string_view>> duplicates;
  std::optional<Failure> failure;
};

/// `text` ends in NUL and is `base` bytes into the file.
Parsed parse(char* text, Arena& arena, std::uint32_t file, const JsonLimits& limits, char* file_begin) {
  Builder::Stream stream(text);
  stream.head_ = file_begin;  // Tell() and places count from the file's first byte
  Builder builder(stream, arena, file, limits);
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, builder);
  Parsed parsed{builder.root(), builder.duplicates(), std::nullopt};
  if (result.IsError()) parsed.failure = Failure{result.Code(), result.Offset(), builder.limit()};
  return parsed;
}

Error to_error(const Failure& failure, Where where, std::string_view text, const JsonLimits& limits) {
  if (failure.limit == "depth")
    return {Error::Kind::Limit, "DOC0103", fmt::format("nested deeper than {} levels", limits.max_depth),
            std::move(where), "is this file damaged or generated by mistake?"};
  if (!failure.limit.empty())
    return {Error::Kind::Limit,
            "DOC0103",
            fmt::format("more than {} values", limits.max_nodes),
            std::move(where),
            {}};
  std::string message = rapidjson::GetParseError_En(failure.code);
  if (!message.empty() && message.back() == '.') message.pop_back();
  std::string hint;
  if (failure.offset >= text.size()) hint = "the file ends too early; is it complete?";
  return {Error::Kind::InvalidInput, "DOC0101", "not JSON: " + message, std::move(where), std::move(hint)};
}

Result<void> check_text(std::string_view name, std::string_view text, const JsonLimits& limits) {
  Where where{std::string(name), 0, 0, {}};
  if (text.size() > limits.max_bytes)
    return fail(Error::Kind::Limit, "DOC0103", fmt::format("larger than {} bytes", limits.max_bytes), where);
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    return fail(Error::Kind::InvalidInput, "DOC0102", "the file is UTF-16, not UTF-8", where,
                "save it as UTF-8");
  const std::size_t bad = first_invalid_utf8(text);
  if (bad == std::string_view::npos) return {};
  const std::string_view before = text.substr(0, bad);
  where.line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  where.column = static_cast<std::uint32_t>(bad - (before.rfind('\n') + 1)) + 1;
  return fail(Error::Kind::InvalidInput, "DOC0102", "not UTF-8", where, "save the file as UTF-8");
}

void add_duplicates(std::vector<Diagnostic>& diagnostics, const Sources& sources, const Parsed& parsed) {
  for (const auto& [place, name] : parsed.duplicates)
    diagnostics.push_back(
        {Severity::Warning,
         "DOC0104",
         fmt::format("the member stands twice in this object, the last one counts: {}", name),
         sources.where(place),
         {}});
}

char* after_byte_order_mark(std::string& text) {
  return text.data() + (std::string_view(text).starts_with("\xef\xbb\xbf") ? 3 : 0);
}

}  // namespace

Result<Reading<Document>> read_json(Sources& sources, std::string name, std::string text,
                                    const JsonLimits& limits) {
  RD_TRY(check_text(name, text, limits));
  std::string original = text.size() <= kMultiLineBytes ? text : std::string();
  Reading<Document> reading;
  const std::uint32_t file = sources.add(std::move(name), std::move(text));
  reading.value.file = file;
  std::string* kept = &sources.text(file);
  Parsed parsed = parse(after_byte_order_mark(*kept), reading.value.arena, file, limits, kept->data());
  if (parsed.failure && parsed.failure->limit.empty()) {
    if (std::optional<detail::Rewritten> rewritten = detail::escape_line_breaks(original)) {
      sources.rewrite(file, std::move(rewritten->text), std::move(rewritten->shifts));
      reading.value.arena = Arena();
      parsed = parse(after_byte_order_mark(*kept), reading.value.arena, file, limits, kept->data());
    }
  }
  if (parsed.failure) {
    const Place place{file, static_cast<std::uint32_t>(parsed.failure->offset)};
    return tl::unexpected(to_error(*parsed.failure, sources.where(place), *kept, limits));
  }
  add_duplicates(reading.diagnostics, sources, parsed);
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
  if (Result<void> checked = check_text(name, text, limits); !checked) {
    reading.diagnostics.push_back(to_diagnostic(checked.error()));
    return reading;
  }
  const std::uint32_t file = sources.add(std::move(name), std::move(text));
  reading.value.file = file;
  std::string& kept = sources.text(file);
  char* end = kept.data() + kept.size();
  for (char* line = after_byte_order_mark(kept); line < end;) {
    char* line_end = std::find(line, end, '\n');
    if (!trim({line, static_cast<std::size_t>(line_end - line)}).empty()) {
      const char saved = *line_end;
      *line_end = '\0';
      Parsed parsed = parse(line, reading.value.arena, file, limits, kept.data());
      if (parsed.failure) {
        const Place place{file, static_cast<std::uint32_t>(parsed.failure->offset)};
        reading.diagnostics.push_back(
            to_diagnostic(to_error(*parsed.failure, sources.where(place), kept, limits)));
      } else {
        add_duplicates(reading.diagnostics, sources, parsed);
        reading.value.rows.push_back(parsed.value);
      }
      *line_end = saved;
    }
    line = line_end + 1;
  }
  return reading;
}

Result<Value> parse_json(Arena& arena, std::string_view text, const JsonLimits& limits) {
  RD_TRY(check_text({}, text, limits));
  std::span<char> buffer = arena.copy(std::span<const char>(std::string(text).c_str(), text.size() + 1));
  Parsed parsed = parse(buffer.data(), arena, 0, limits, buffer.data());
  if (parsed.failure) return tl::unexpected(to_error(*parsed.failure, {}, text, limits));
  return parsed.value;
}

Result<std::string> read_text_file(const std::string& path, std::size_t max_bytes) {
  const auto fail_io = [&](const char* what) {
    return fail(Error::Kind::Io, "DOC0001", what, Where{path, 0, 0, {}},
                "check the path and its permissions");
  };
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return fail_io("this is a folder, not a file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return fail_io("the file can't be opened");
  std::string text;
  std::array<char, 1 << 16> buffer;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (!error && size <= max_bytes) text.reserve(static_cast<std::size_t>(size));
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
