#include <fmt/format.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <algorithm>
#include <cmath>
#include <variant>

#include "core/text.h"
#include "doc/json.h"

namespace redoubt::doc {

namespace {

using Buffer = rapidjson::StringBuffer;
using Compact = rapidjson::Writer<Buffer>;
using Pretty = rapidjson::PrettyWriter<Buffer>;

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

  template <class Action>
  void with(const Action& action) {
    std::visit(
        [&](auto& writer_kind) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(writer_kind)>, std::monostate>)
            RD_CHECK(action(writer_kind));
        },
        writer);
  }
};

JsonWriter::JsonWriter(bool indent) : state_(std::make_unique<State>()) {
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
  state_->with(
      [&](auto& writer) { return writer.RawValue(json.data(), json.size(), rapidjson::kObjectType); });
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
