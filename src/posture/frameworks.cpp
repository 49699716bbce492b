#include "posture/frameworks.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/embedded.h"
#include "core/text.h"
#include "doc/json.h"

extern "C" const redoubt::EmbeddedFile framework_files_begin[], framework_files_end[];

namespace redoubt::posture {

using doc::Value;

namespace {

// What is in the program was held against its form by tests: anything else is a bug.

std::string text(const Value& node, std::string_view name) {
  return std::string(node.text_of(name).value_or(std::string_view()));
}

bool flag(const Value& node, std::string_view name) {
  const Value* found = node.find(name);
  return found != nullptr && found->is_bool() && found->as_bool();
}

/// Groups that do not list their members have those that name them as their parent.
void find_members(Framework& framework, const std::vector<const Value*>& listed) {
  for (std::size_t i = 0; i < framework.controls.size(); ++i) {
    Control& group = framework.controls[i];
    if (!group.group) continue;
    if (listed[i] != nullptr) {
      for (const Value& member : listed[i]->items()) {
        const std::optional<std::size_t> number = framework.find(member.as_string());
        RD_CHECK(number.has_value());
        group.members.push_back(*number);
      }
      continue;
    }
    for (std::size_t j = 0; j < framework.controls.size(); ++j)
      if (framework.controls[j].parent == group.id) group.members.push_back(j);
  }
}

Framework read_framework(const Value& root) {
  Framework out;
  out.id = text(root, "id");
  out.title = text(root, "title");
  out.version = text(root, "version");
  if (const Value* parts = root.find("parts"))
    for (const Value& part : parts->items())
      out.parts.push_back({text(part, "title"), text(part, "prefix")});
  std::vector<const Value*> listed;
  for (const Value& node : root.find("controls")->items()) {
    Control control{text(node, "id"), text(node, "label"), text(node, "title"), text(node, "parent"), {}};
    control.group = flag(node, "group");
    control.withdrawn = flag(node, "withdrawn");
    control.manual = flag(node, "manual");
    for (const std::string* name : {&control.id, &control.label})
      if (!name->empty()) out.by_name.emplace(lower(*name), out.controls.size());
    out.controls.push_back(std::move(control));
    listed.push_back(node.find("members"));
  }
  find_members(out, listed);
  return out;
}

/// `ISO 27001` and `iso-27001` are one name.
std::string bare(std::string_view name) {
  std::string out;
  for (const char c : lower(name))
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  return out;
}

}  // namespace

std::optional<std::size_t> Framework::find(std::string_view name) const {
  const auto found = by_name.find(lower(trim(name)));
  return found == by_name.end() ? std::nullopt : std::optional(found->second);
}

std::string Framework::suggestion(std::string_view name) const {
  std::vector<std::string_view> names;
  names.reserve(controls.size());
  for (const Control& control : controls)
    names.push_back(control.shown());
  const std::optional<std::string_view> near = closest(name, names);
  return near ? fmt::format("did you mean {}?", *near)
              : fmt::format("`redoubt posture compliance --framework {} --all` lists them", id);
}

Frameworks::Frameworks() {
  for (const EmbeddedFile* file = framework_files_begin; file != framework_files_end; ++file) {
    Arena arena;
    const Result<Value> root = doc::parse_json(arena, file->content());
    RD_CHECK(root.has_value());
    all_.push_back(read_framework(*root));
  }
  std::sort(all_.begin(), all_.end(),
            [](const Framework& left, const Framework& right) { return left.id < right.id; });
}

Result<std::size_t> Frameworks::find(std::string_view name) const {
  std::vector<std::string_view> ids;
  const std::string wanted = bare(name);
  for (std::size_t i = 0; i < all_.size(); ++i) {
    const Framework& one = all_[i];
    // With its version is how tables name it.
    if (wanted == bare(one.id) || wanted == bare(one.title) || wanted == bare(one.title + one.version))
      return i;
    ids.push_back(all_[i].id);
  }
  const std::optional<std::string_view> near = closest(name, ids);
  return fail(Error::Kind::Usage, "POS0060", fmt::format("no framework is called so: {}", name), {},
              near ? fmt::format("did you mean {}?", *near) : "there are " + join(ids, ", "));
}

}  // namespace redoubt::posture
