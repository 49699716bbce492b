#include "arm/unknown_json.h"

#include <fmt/format.h>

#include <vector>

namespace redoubt::arm {

using doc::Member;
using doc::UnknownType;
using doc::Value;

void write_value(doc::JsonWriter& json, const Value& value, const Origins& origins) {
  json.value(value, [&](doc::JsonWriter& out, const Value& unknown) {
    const Origin& origin = origins.at(unknown.unknown_id());
    out.begin_object().key("$unknown").begin_object();
    out.key("type").text(doc::name_of(unknown.unknown_type()));
    out.key("origin").text(origin.text);
    out.key("secret").boolean(origin.secret || unknown.secret());
    out.end_object().end_object();
  });
}

namespace {

Result<Value> read_unknown(const Value& description, Origins& origins) {
  const auto wrong = [](std::string_view what) {
    return fail(Error::Kind::InvalidInput, "ARM0110", fmt::format("$unknown: {}", what), {},
                R"(write {"$unknown":{"type":"string","origin":"text","secret":false}})");
  };
  if (!description.is_object()) return wrong("not an object");
  const auto type = doc::unknown_type(description.text_of("type").value_or("any"));
  if (!type) return wrong("the type is none of string, int, bool, array, object, any");
  const std::optional<std::string_view> origin = description.text_of("origin");
  if (!origin) return wrong("there is no origin");
  const Value* secret = description.find("secret");
  // A value of a known type can't be null (semantics 2.3, item 1).
  return origins.unknown(*type, *origin, secret != nullptr && secret->is_bool() && secret->as_bool(),
                         *type != UnknownType::Any);
}

}  // namespace

Result<Value> read_unknowns(const Value& value, Origins& origins, Arena& arena) {
  if (value.is_array()) {
    std::vector<Value> items;
    for (const Value& item : value.items()) {
      const Value read = RD_TRY(read_unknowns(item, origins, arena));
      items.push_back(read);
    }
    return doc::make_array(arena, items).at(value.place());
  }
  if (!value.is_object()) return value;
  if (value.size() == 1 && value.members()[0].name == "$unknown") {
    const Value unknown = RD_TRY(read_unknown(value.members()[0].value, origins));
    return unknown.at(value.place());
  }
  std::vector<Member> members;
  for (const Member& member : value.members()) {
    const Value read = RD_TRY(read_unknowns(member.value, origins, arena));
    members.push_back({member.name, read});
  }
  return doc::make_object(arena, members).at(value.place());
}

}  // namespace redoubt::arm
