#include "posture/zone_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "core/text.h"
#include "doc/yaml.h"

namespace redoubt::posture {

using doc::Member;
using doc::Value;

namespace {

/// Where a member's value goes.
using Take = std::function<void(const Value&)>;

/// One member that a mapping may have.
struct Key {
  std::string_view name;
  Take take;
  bool required = false;
};

constexpr std::string_view kExports = "exports";

bool is_there(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

class ZoneReader {
 public:
  ZoneReader(const doc::Sources& sources, const std::string& path, Reading<ZoneFile>& out)
      : sources_(sources),
        folder_(std::filesystem::path(path).parent_path()),
        out_(out.value),
        diagnostics_(out.diagnostics) {}

  void read(const Value& root) {
    mapping(root, "the zone file",
            {{"name", text(out_.name)},
             {"tenant", text(out_.tenant)},
             {"location", text(out_.location)},
             {"alz", [this](const Value& node) { alz(node); }},
             {"managementGroups", each([this](const Value& node) { group(node); })},
             {"subscriptions", each([this](const Value& node) { subscription(node); })},
             {"owners", each([this](const Value& node) { owner(node); })},
             {"policies", paths("policies", out_.sources.policies)},
             {"assignments", paths("assignments", out_.sources.assignments)},
             {"exemptions", paths("exemptions", out_.sources.assignments)},
             {"templates", each([this](const Value& node) { templates(node); })},
             {"exports", paths(kExports, out_.exports)},
             {"completeTypes", texts(out_.complete_types)}});
  }

 private:
  void tell(std::string_view code, std::string message, const Value& node, std::string hint = {}) {
    diagnostics_.push_back({Severity::Error, std::string(code), std::move(message),
                            sources_.where(node.place()), std::move(hint)});
  }

  /// The members of a mapping, each to its place; what has none is named with what was probably meant.
  void mapping(const Value& node, std::string_view what, const std::vector<Key>& keys) {
    if (!node.is_object()) {
      tell("ZON0003", fmt::format("{} must be a mapping, not {}", what, doc::name_of(node.kind())), node);
      return;
    }
    for (const Member& member : node.members()) {
      const auto key =
          std::find_if(keys.begin(), keys.end(), [&](const Key& one) { return one.name == member.name; });
      if (key != keys.end()) {
        if (!member.value.is_null()) key->take(member.value);
        continue;
      }
      std::vector<std::string_view> names;
      names.reserve(keys.size());
      for (const Key& one : keys)
        names.push_back(one.name);
      const std::optional<std::string_view> near = closest(member.name, names);
      tell("ZON0002", fmt::format("{} has no key {}", what, member.name), member.value,
           near ? fmt::format("did you mean {}?", *near) : "its keys: " + join(names, ", "));
    }
    for (const Key& key : keys) {
      const Value* found = node.find(key.name);
      if (key.required && (found == nullptr || found->is_null()))
        tell("ZON0004", fmt::format("{} has no {}", what, key.name), node);
    }
  }

  Take text(std::string& out) {
    return [this, &out](const Value& node) {
      if (node.is_string())
        out = node.as_string();
      else if (node.is_int() || node.is_bool())
        out = doc::to_json(node);
      else
        tell("ZON0003", fmt::format("this must be text, not {}", doc::name_of(node.kind())), node);
    };
  }

  Take texts(std::vector<std::string>& out) {
    return each([this, &out](const Value& node) {
      std::string one;
      text(one)(node);
      if (!one.empty()) out.push_back(std::move(one));
    });
  }

  /// Paths are meant from the zone file's folder.
  Take path(std::string& out) {
    return [this, &out](const Value& node) {
      text(out)(node);
      if (!out.empty() && std::filesystem::path(out).is_relative())
        out = (folder_ / out).lexically_normal().string();
    };
  }

  Take paths(std::string_view key, std::vector<std::string>& out) {
    return each([this, key, &out](const Value& node) {
      std::string one;
      path(one)(node);
      if (one.empty()) return;
      out_.paths.push_back({key, one, node.place()});
      out.push_back(std::move(one));
    });
  }

  Take each(Take take) {
    return [this, take = std::move(take)](const Value& node) {
      if (!node.is_array()) {
        tell("ZON0003", fmt::format("this must be a list, not {}", doc::name_of(node.kind())), node);
        return;
      }
      for (const Value& item : node.items())
        take(item);
    };
  }

  void alz(const Value& node) {
    mapping(node, "alz",
            {{"folders", paths("folders of alz", out_.sources.alz), true},
             {"architecture", text(out_.sources.architecture)},
             {"values", [this](const Value& values) { alz_values(values); }}});
  }

  void alz_values(const Value& node) {
    if (!node.is_object()) {
      tell("ZON0003", fmt::format("values must be a mapping, not {}", doc::name_of(node.kind())), node);
      return;
    }
    for (const Member& member : node.members())
      out_.sources.values[std::string(member.name)] =
          member.value.is_string() ? std::string(member.value.as_string()) : doc::to_json(member.value);
  }

  /// Keys that groups and subscriptions have in common with owners.
  void keep_owner(const std::string& scope, std::string owner, std::string environment, doc::Place place) {
    if (!owner.empty() || !environment.empty())
      out_.owners.push_back({scope, std::move(owner), std::move(environment), place});
  }

  void group(const Value& node) { scope(node, "a management group", "parent", out_.sources.groups); }

  void subscription(const Value& node) {
    scope(node, "a subscription", "managementGroup", out_.sources.subscriptions);
  }

  void scope(const Value& node, std::string_view what, std::string_view parent, std::vector<ZoneScope>& out) {
    ZoneScope one;
    std::string owner;
    std::string environment;
    mapping(node, what,
            {{"id", text(one.id), true},
             {"displayName", text(one.display_name)},
             {parent, text(one.parent)},
             {"owner", text(owner)},
             {"environment", text(environment)}});
    if (one.id.empty()) return;
    one.place = node.place();
    keep_owner(one.id, std::move(owner), std::move(environment), node.place());
    out.push_back(std::move(one));
  }

  void owner(const Value& node) {
    ZoneOwner one;
    mapping(node, "an owner",
            {{"scope", text(one.scope), true},
             {"owner", text(one.owner), true},
             {"environment", text(one.environment)}});
    if (!one.scope.empty()) keep_owner(one.scope, one.owner, one.environment, node.place());
  }

  void templates(const Value& node) {
    ZoneTemplates one;
    one.place = node.place();
    if (node.is_string())
      path(one.path)(node);
    else
      mapping(node, "templates",
              {{"path", path(one.path), true},
               {"scope", text(one.scope), true},
               {"location", text(one.location)}});
    if (!one.path.empty()) out_.templates.push_back(std::move(one));
  }

  const doc::Sources& sources_;
  std::filesystem::path folder_;
  ZoneFile& out_;
  std::vector<Diagnostic>& diagnostics_;
};

}  // namespace

Diagnostic missing_path(std::string_view what, const std::string& path, Where where) {
  const std::filesystem::path asked = std::filesystem::path(path).lexically_normal();
  const std::filesystem::path folder =
      asked.has_filename() ? asked.parent_path() : asked.parent_path().parent_path();
  const std::string name = (asked.has_filename() ? asked : asked.parent_path()).filename().string();
  std::error_code error;
  std::vector<std::string> names;
  for (std::filesystem::directory_iterator at(folder.empty() ? "." : folder, error), end; !error && at != end;
       at.increment(error))
    names.push_back(at->path().filename().string());
  std::sort(names.begin(), names.end());
  const auto near = closest(name, std::vector<std::string_view>(names.begin(), names.end()));
  return {Severity::Error, "POS0018", fmt::format("the {} are not there: {}", what, path), std::move(where),
          near ? fmt::format("did you mean {}?", *near) : "paths are meant from the zone file's folder"};
}

std::vector<Diagnostic> ZoneFile::missing_sources(const doc::Sources& texts) const {
  std::vector<Diagnostic> out;
  for (const ZonePath& one : paths)
    if (one.key != kExports && !is_there(one.path))
      out.push_back(missing_path(one.key, one.path, texts.where(one.place)));
  return out;
}

ZoneSources ZoneFile::present_sources() const {
  ZoneSources out = sources;
  for (std::vector<std::string>* list : {&out.policies, &out.assignments, &out.alz})
    std::erase_if(*list, [](const std::string& one) { return !is_there(one); });
  return out;
}

Result<Reading<ZoneFile>> read_zone_file(doc::Sources& sources, const std::string& path) {
  Reading<doc::Document> document = RD_TRY(doc::read_yaml_file(sources, path));
  Reading<ZoneFile> out;
  out.diagnostics = std::move(document.diagnostics);
  out.value.path = path;
  if (!document.value.root.is_object())
    return fail(Error::Kind::InvalidInput, "ZON0001", "a zone file must be a mapping", Where{path, 1, 1, {}},
                "see docs/zone-files.md");
  ZoneReader(sources, path, out).read(document.value.root);
  return out;
}

}  // namespace redoubt::posture
