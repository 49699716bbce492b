#include "arm/expansion_json.h"

#include "arm/unknown_json.h"

namespace redoubt::arm {

using doc::JsonWriter;
using doc::Value;

namespace {

/// Members of a resource that the contract lists, in its order.
constexpr std::string_view kMembers[] = {"apiVersion", "location", "kind", "sku",       "identity",
                                         "tags",       "zones",    "plan", "properties"};

class Writer {
 public:
  Writer(const doc::Sources& sources, const Origins& origins) : sources_(sources), origins_(origins) {}

  void resource(const Resource& resource) {
    json_.begin_object();
    json_.key("id");
    if (resource.extension.empty())
      json_.text(resource.id);
    else
      json_.null();
    json_.key("type").text(resource.type).key("name").text(resource.name);
    if (!resource.extension.empty()) json_.key("extension").text(resource.extension);
    json_.key("scope").text(resource.scope);
    for (const std::string_view name : kMembers)
      if (const Value* found = resource.body.find_any_case(name);
          found != nullptr && !(found->is_null() && name != "properties"))
        member(name, *found);
    json_.key("existing").boolean(resource.existing);
    member("condition", resource.condition);
    json_.key("deployment").text(resource.deployment);
    if (resource.broken) json_.key("broken").boolean(true);
    const Where where = sources_.where(resource.place);
    json_.key("source").begin_object().key("file").text(where.file).key("line").integer(where.line);
    json_.key("column").integer(where.column).end_object();
    json_.end_object();
  }

  std::string document(const Expansion& expansion) {
    json_.begin_object().key("schema").text("redoubt.resources/1").key("resources").begin_array();
    for (const Resource& one : expansion.resources)
      resource(one);
    json_.end_array();
    json_.key("outputs").begin_object();
    for (const auto& [name, value] : expansion.outputs)
      member(name, value);
    json_.end_object();
    json_.key("unreadLinks").begin_array();
    for (const std::string& link : expansion.unread_links)
      json_.text(link);
    json_.end_array().end_object();
    return json_.take();
  }

 private:
  void member(std::string_view name, const Value& value) {
    json_.key(name);
    write_value(json_, value, origins_);
  }

  const doc::Sources& sources_;
  const Origins& origins_;
  JsonWriter json_{true};
};

}  // namespace

std::string expansion_json(const Expansion& expansion, const doc::Sources& sources, const Origins& origins) {
  return Writer(sources, origins).document(expansion);
}

}  // namespace redoubt::arm
