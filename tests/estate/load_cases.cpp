#include <fmt/format.h>

#include <functional>
#include <map>
#include <sstream>

#include "core/text.h"
#include "estate/load.h"
#include "temporary_folder.h"
#include "testing/cases.h"

namespace redoubt::estate {
namespace {

using Words = std::vector<std::string_view>;

std::string line_of(const Resource& resource) {
  std::string flags;
  if (resource.existing) flags += " existing";
  if (resource.from_export) flags += " export";
  if (!resource.open.is_null()) flags += " open";
  return fmt::format("{} {} in {}/{}{}\n", resource.type, resource.name, resource.subscription,
                     resource.resource_group, flags);
}

std::string id_lines(const auto& resources) {
  std::string out;
  for (const Resource* resource : resources)
    out += fmt::format("  {}\n", resource->id);
  return out.empty() ? "  none\n" : out;
}

/// One case: its files in a folder, and what was loaded from there.
class Session {
 public:
  std::string run(std::string_view input) {
    write_files(input);
    std::string out;
    for (const std::string_view line : split(input, '\n'))
      if (line.starts_with("> ")) out += answer(line.substr(2));
    return replace_all(out, folder_.path().string() + "/", "");
  }

 private:
  void write_files(std::string_view input) {
    std::string name;
    std::string text;
    const auto flush = [&] {
      if (!name.empty()) folder_.write(name, text);
      text.clear();
    };
    for (const std::string_view line : split(input, '\n')) {
      if (line.starts_with("=== ") || line.starts_with("> ")) {
        flush();
        name = line.starts_with("=== ") ? line.substr(4) : std::string_view();
      } else {
        text.append(line).append("\n");
      }
    }
    flush();
  }

  std::string answer(std::string_view command) {
    const Words words = split(command, ' ');
    if (words[0] == "load") return load_paths(words);
    const auto word = [&](std::size_t i) { return i < words.size() ? words[i] : std::string_view(); };
    const Estate& estate = loaded_.value.estate;
    const std::map<std::string_view, std::function<std::string()>> answers{
        {"bodies", [&] { return bodies(); }},
        {"find",
         [&] {
           const Resource* found = estate.find(word(1));
           return found == nullptr ? std::string("  none\n") : "  " + line_of(*found);
         }},
        {"type", [&] { return id_lines(estate.of_type(word(1))); }},
        {"in", [&] { return id_lines(estate.of_type_in(word(1), word(2), word(3))); }},
        {"inside", [&] { return id_lines(estate.inside(word(1), word(2))); }},
        {"children", [&] { return id_lines(estate.children(word(1))); }},
        {"extensions", [&] { return id_lines(estate.extensions(word(1))); }},
        {"below", [&] { return id_lines(estate.below(word(1), word(2))); }},
        {"incomplete",
         [&] {
           const std::string why = estate.completeness().why_incomplete(word(1));
           return fmt::format("  {}\n", why.empty() ? "complete" : why);
         }},
    };
    const auto found = answers.find(words[0]);
    return fmt::format("> {}\n{}", command, found == answers.end() ? "  no such command\n" : found->second());
  }

  std::string bodies() const {
    std::string out;
    for (const Resource* resource : loaded_.value.estate.resources())
      out += fmt::format("  {}\n", arm::to_json(resource->body, origins_));
    return out;
  }

  std::string load_paths(const Words& words) {
    LoadOptions options;
    std::vector<std::string> paths;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::string_view word = words[i];
      if (!word.starts_with("--")) {
        paths.push_back(path_of(word));
        continue;
      }
      if (word == "--elsewhere") {
        options.assume_elsewhere = true;
        continue;
      }
      const std::string_view value = words.at(++i);
      if (word == "--parameters") options.parameter_file = path_of(value);
      if (word == "--scope") options.expand.scope = arm::Scope::parse(value);
      if (word == "--complete") options.complete_types.emplace_back(value);
      if (word == "--max-files") options.limits.max_files = std::stoul(std::string(value));
    }
    loaded_ = load(sources_, origins_, paths, options);
    return describe();
  }

  std::string path_of(std::string_view word) const {
    return word == "." ? folder_.path().string() : (folder_.path() / word).string();
  }

  std::string describe() const {
    const Inventory& inventory = loaded_.value;
    std::string out;
    for (const Resource* resource : inventory.estate.resources())
      out += line_of(*resource);
    for (const LoadedTemplate& loaded : inventory.templates)
      out += fmt::format("template {}{}\n", loaded.path,
                         loaded.parameter_file.empty() ? "" : " with " + loaded.parameter_file);
    for (const std::string& path : inventory.exports)
      out += fmt::format("export {}\n", path);
    if (inventory.rows_read + inventory.rows_skipped != 0)
      out += fmt::format("rows {}, skipped {}\n", inventory.rows_read, inventory.rows_skipped);
    for (const Skipped& skipped : inventory.skipped)
      out += fmt::format("skipped {}: {}{}\n", skipped.path, skipped.reason,
                         skipped.remedy.empty() ? "" : "; " + skipped.remedy);
    for (const Diagnostic& diagnostic : loaded_.diagnostics)
      out += diagnostic.text() + "\n";
    return out;
  }

  testing::TemporaryFolder folder_;
  doc::Sources sources_;
  arm::Origins origins_;
  Reading<Inventory> loaded_;
};

std::string render(std::string_view input) { return Session().run(input); }

[[maybe_unused]] const bool registered =
    redoubt::testing::register_cases("EstateExport", "tests/estate/cases/export", render) &&
    redoubt::testing::register_cases("EstateFolder", "tests/estate/cases/folder", render) &&
    redoubt::testing::register_cases("EstateTemplate", "tests/estate/cases/template", render);

}  // namespace
}  // namespace redoubt::estate
