#include <fmt/format.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <variant>

#include "core/text.h"
#include "doc/json.h"

namespace redoubt::doc {

namespace {

using Buffer = rapidjson::StringBuffer;

/// RapidJSON's writer, which also takes text that needs no escaping, and JSON that is ready, in one piece; by
/// itself it goes byte by byte.
class Compact : public rapidjson::Writer<Buffer> {
 public:
  using Writer::Writer;
  bool whole(std::string_view json, rapidjson::Type type) {
    Prefix(type);
    std::memcpy(os_->Push(json.size()), json.data(), json.size());
    return EndValue(true);
  }
  bool plain_text(std::string_view text) {
    Prefix(rapidjson::kStringType);
    char* const out = os_->Push(text.size() + 2);
    out[0] = '"';
    std::memcpy(out + 1, text.data(), text.size());
    out[text.size() + 1] = '"';
    return EndValue(true);
  }
};

class Pretty : public rapidjson::PrettyWriter<Buffer> {
 public:
  using PrettyWriter::PrettyWriter;
  bool whole(std::string_view json, rapidjson::Type type) { return RawValue(json.data(), json.size(), type); }
  bool plain_text(std::string_view text) {
    return String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  }
};

/// ASCII that stands in JSON as it is. Looks at eight bytes at a time: the high bit of a byte of `found` is
/// set for what is below space, a quote, a backslash or no ASCII (and for some bytes after such a one).
bool needs_no_escape(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHigh = 0x8080808080808080U;
  std::uint64_t found = 0;
  const auto look_at = [&](const char* bytes, std::size_t count) {
    std::uint64_t block = kOnes * ' ';
    std::memcpy(&block, bytes, count);
    const std::uint64_t quotes = block ^ (kOnes * '"');
    const std::uint64_t slashes = block ^ (kOnes * '\\');
    found |= (block - kOnes * ' ') | (quotes - kOnes) | (slashes - kOnes) | block;
  };
  std::size_t i = 0;
  for (; i + sizeof(std::uint64_t) <= text.size(); i += sizeof(std::uint64_t))
    look_at(text.data() + i, sizeof(std::uint64_t));
  look_at(text.data() + i, text.size() - i);
  return (found & kHigh) == 0;
}

std::string replace_invalid(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t bad = std::min(first_invalid_utf8(text), text.size());
    out += text.substr(0, bad);
    if (bad < text.size()) out += "\xef\xbf\xbd";
    text.remove_prefix(std::min(bad + 1, text.size()));
  }
  return out;
}

}  // namespace

struct JsonWriter::State {
  Buffer buffer;
  std::variant<std::monostate, Compact, Pretty> writer;
  Sink sink;

  /// RapidJSON only ever appends.
  void flush(std::size_t least) {
    if (sink == nullptr || buffer.GetSize() < least) return;
    sink({buffer.GetString(), buffer.GetSize()});
    buffer.Clear();
  }

  template <class Action>
  void with(const Action& action) {
    std::visit(
        [&](auto& writer_kind) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(writer_kind)>, std::monostate>)
            RD_CHECK(action(writer_kind));
        },
        writer);
    static constexpr std::size_t kPiece = 64UL * 1024;
    flush(kPiece);
  }
};

JsonWriter::JsonWriter(bool indent, Sink sink) : state_(std::make_unique<State>()) {
  state_->sink = std::move(sink);
  if (indent)
    state_->writer.emplace<Pretty>(state_->buffer).SetIndent(' ', 2);
  else
    state_->writer.emplace<Compact>(state_->buffer);
}

JsonWriter::~JsonWriter() = default;
JsonWriter::JsonWriter(JsonWriter&&) noexcept = default;
JsonWriter& JsonWriter::operator=(JsonWriter&&) noexcept = default;

JsonWriter& JsonWriter::begin_object() {
  state_->with([](auto& writer) { return writer.StartObject(); });
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  state_->with([](auto& writer) { return writer.EndObject(); });
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  state_->with([](auto& writer) { return writer.StartArray(); });
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  state_->with([](auto& writer) { return writer.EndArray(); });
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) { return text(name); }

JsonWriter& JsonWriter::text(std::string_view text) {
  const auto write = [&](std::string_view valid) {
    state_->with([&](auto& writer) {
      return writer.String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()));
    });
  };
  if (text.data() == nullptr)
    write("");
  else if (needs_no_escape(text))
    state_->with([&](auto& writer) { return writer.plain_text(text); });
  else if (valid_utf8(text))
    write(text);
  else
    write(replace_invalid(text));
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  state_->with([&](auto& writer) { return writer.Int64(value); });
  return *this;
}

JsonWriter& JsonWriter::real(double value) {
  if (!std::isfinite(value)) return text(fmt::format("{}", value));
  std::string digits = fmt::format("{}", value);
  if (digits.find_first_of(".e") == std::string::npos) digits += ".0";
  state_->with(
      [&](auto& writer) { return writer.RawValue(digits.data(), digits.size(), rapidjson::kNumberType); });
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  state_->with([&](auto& writer) { return writer.whole(json, rapidjson::kObjectType); });
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  state_->with([&](auto& writer) { return writer.Bool(value); });
  return *this;
}

JsonWriter& JsonWriter::null() {
  state_->with([](auto& writer) { return writer.Null(); });
  return *this;
}

JsonWriter& JsonWriter::value(const Value& value,
                              const std::function<void(JsonWriter&, const Value&)>& unknown) {
  if (value.is_unknown()) {
    RD_CHECK(unknown != nullptr);
    unknown(*this, value);
    return *this;
  }
  if (value.secret()) return text("$secret");
  switch (value.kind()) {
    case Kind::Null:
      return null();
    case Kind::Bool:
      return boolean(value.as_bool());
    case Kind::Int:
      return integer(value.as_int());
    case Kind::Real:
      return real(value.as_real());
    case Kind::String:
      return text(value.as_string());
    case Kind::Array:
      begin_array();
      for (const Value& item : value.items())
        this->value(item, unknown);
      return end_array();
    case Kind::Object:
      begin_object();
      for (const Member& member : value.members())
        key(member.name).value(member.value, unknown);
      return end_object();
    case Kind::Unknown:
      break;
  }
  return *this;
}

void JsonWriter::finish() { state_->flush(1); }

std::string JsonWriter::take() { return {state_->buffer.GetString(), state_->buffer.GetSize()}; }

std::string to_json(const Value& value) {
  JsonWriter writer;
  writer.value(value);
  return writer.take();
}

namespace {

void write_sorted(JsonWriter& writer, const Value& value) {
  if (value.is_array()) {
    writer.begin_array();
    for (const Value& item : value.items())
      write_sorted(writer, item);
    writer.end_array();
  } else if (value.is_object()) {
    std::vector<const Member*> members;
    for (const Member& member : value.members())
      members.push_back(&member);
    std::sort(members.begin(), members.end(),
              [](const Member* left, const Member* right) { return left->name < right->name; });
    writer.begin_object();
    for (const Member* member : members) {
      writer.key(member->name);
      write_sorted(writer, member->value);
    }
    writer.end_object();
  } else {
    writer.value(value, [](JsonWriter& out, const Value& node) {
      out.text(fmt::format("$unknown{}", node.unknown_id()));
    });
  }
}

}  // namespace

std::string canonical_json(const Value& value) {
  JsonWriter writer;
  write_sorted(writer, value);
  return writer.take();
}

}  // namespace redoubt::doc
