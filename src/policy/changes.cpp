#include "policy/detail/changes.h"

#include <fmt/format.h>

#include "policy/detail/explain.h"

namespace redoubt::policy::detail {

using doc::Value;

namespace {

class ChangeMaker {
 public:
  ChangeMaker(Scene& scene, Changes& out) : scene_(scene), out_(out) {}

  Result<void> apply(const Operation& operation) {
    if (operation.has_condition) {
      const Value condition = RD_TRY(value_of(scene_, operation.condition));
      if (condition.is_unknown()) {
        add_unknowns_of(scene_, condition, operation.field.text, out_.unknown);
        return {};
      }
      const std::string text = scalar_text(condition).value_or("");
      if (!wildcard_match(text, "true", false)) return {};
    }
    const Field field = RD_TRY(resolve_field(scene_, operation.field));
    Value value;
    if (operation.kind != Operation::Kind::Remove) value = RD_TRY(value_of(scene_, operation.value));
    const AliasPattern* pattern = nullptr;
    std::span<const Step> path = path_of(scene_, field, pattern);
    const Step plain[] = {{field.text, false}};
    if (path.empty()) path = plain;
    if (path.back().star && operation.kind != Operation::Kind::Remove)
      member(operation, path.first(path.size() - 1), value);
    else
      property(operation, path, value);
    return {};
  }

 private:
  std::string_view adding(const Operation& operation) const {
    return operation.kind == Operation::Kind::Append ? "append" : "add";
  }

  /// `x` or `x[*].y`: the property itself, in every member where there are stars.
  void property(const Operation& operation, std::span<const Step> path, const Value& value) {
    visit_path(scene_, *scene_.root, path, [&](const Slot& slot) {
      if (slot.kind == Slot::Kind::OpenArray ||
          (slot.kind == Slot::Kind::Present && slot.value.is_unknown())) {
        add_unknowns_of(scene_, slot.value, operation.field.text, out_.unknown);
        return true;
      }
      const std::string at = path_text(path, slot.indexes);
      if (slot.kind == Slot::Kind::Missing) {
        if (operation.kind != Operation::Kind::Remove)
          out_.list.push_back({std::string(adding(operation)), at, std::nullopt, value});
        return true;
      }
      if (operation.kind == Operation::Kind::Remove) {
        out_.list.push_back({"remove", at, slot.value, std::nullopt});
      } else if (!equal(slot.value, value)) {
        if (operation.kind == Operation::Kind::AddOrReplace)
          out_.list.push_back({"replace", at, slot.value, value});
        if (operation.kind == Operation::Kind::Append) {
          out_.list.push_back({"append", at, slot.value, value});
          out_.conflict = true;
        }
      }
      return true;
    });
  }

  /// `x[*]`: a member of the array.
  void member(const Operation& operation, std::span<const Step> path, const Value& value) {
    visit_path(scene_, *scene_.root, path, [&](const Slot& slot) {
      const std::string at = path_text(path, slot.indexes);
      if (slot.kind == Slot::Kind::OpenArray ||
          (slot.kind == Slot::Kind::Present && slot.value.is_unknown())) {
        add_unknowns_of(scene_, slot.value, operation.field.text, out_.unknown);
        return true;
      }
      const bool there = slot.kind == Slot::Kind::Present && slot.value.is_array();
      if (operation.kind != Operation::Kind::AddOrReplace || !there) {
        const std::size_t next = there ? slot.value.size() : 0;
        out_.list.push_back(
            {std::string(adding(operation)), fmt::format("{}[{}]", at, next), std::nullopt, value});
        return true;
      }
      if (slot.value.size() == 1 && equal(slot.value.items()[0], value)) return true;
      out_.list.push_back(
          {"replace", at, slot.value, doc::make_array(scene_.arena, std::span<const Value>(&value, 1))});
      return true;
    });
  }

  Scene& scene_;
  Changes& out_;
};

}  // namespace

Result<Changes> work_out_changes(Scene& scene) {
  Changes out;
  ChangeMaker maker(scene, out);
  for (const Operation& operation : scene.rule.operations)
    RD_TRY(maker.apply(operation));
  return out;
}

}  // namespace redoubt::policy::detail
