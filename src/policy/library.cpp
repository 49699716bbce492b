#include "policy/library.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/embedded.h"
#include "core/level.h"
#include "core/path_hint.h"
#include "core/text.h"
#include "policy/detail/read_references.h"

extern "C" const redoubt::EmbeddedFile policy_packs_begin[], policy_packs_end[];

namespace redoubt::policy {

using doc::Value;

namespace {

std::string text_or_empty(const Value& node, std::string_view name) {
  return std::string(node.text_of(name).value_or(std::string_view()));
}

std::string last_segment(std::string_view id) { return std::string(id.substr(id.rfind('/') + 1)); }

constexpr std::string_view kInitiativeFile = "/initiative.json";

std::span<const EmbeddedFile> embedded_files() { return {policy_packs_begin, policy_packs_end}; }

bool is_true(const Value* value) { return value != nullptr && value->is_bool() && value->as_bool(); }

/// What definitions and initiatives have in common.
template <class T>
void read_head(const Value& node, const Value& properties, T& out) {
  const Value* metadata = properties.find_any_case("metadata");
  const Value empty = Value::object({});
  const Value& meta = metadata == nullptr ? empty : *metadata;
  out.properties = properties;
  out.id = text_or_empty(node, "id");
  out.name = text_or_empty(node, "name");
  if (out.name.empty()) out.name = last_segment(out.id);
  out.display_name = text_or_empty(properties, "displayName");
  if (out.name.empty()) out.name = out.display_name;
  out.category = text_or_empty(meta, "category");
  out.version = text_or_empty(properties, "version");
  if (out.version.empty()) out.version = text_or_empty(meta, "version");
  out.policy_type = text_or_empty(properties, "policyType");
  out.deprecated = is_true(meta.find_any_case("deprecated"));
  out.place = node.place();
}

/// What the portal exports has no name: the file's stands for it.
template <class T>
void name_by_file(T& item, const doc::Sources& sources) {
  if (!item.name.empty() || !item.place) return;
  item.name = std::filesystem::path(sources.name(item.place.file)).stem().string();
}

/// Keeps `item` under its name or id; the last of a name counts.
template <class T>
void keep(T item, std::string T::* key, std::deque<T>& items,
          std::unordered_map<std::string, std::size_t>& index, std::vector<Diagnostic>& diagnostics,
          const doc::Sources& sources) {
  const auto [entry, is_new] = index.try_emplace(lower(item.*key), items.size());
  if (is_new) {
    items.push_back(std::move(item));
    return;
  }
  // A file may be read again, for other lines of it.
  const Where where = sources.where(item.place);
  if (where.text() != sources.where(items[entry->second].place).text())
    diagnostics.push_back({Severity::Warning,
                           "POL0202",
                           fmt::format("the name stands twice, the last one counts: {}", item.name),
                           where,
                           {}});
  items[entry->second] = std::move(item);
}

/// Adds the .json and .jsonl files below a folder, links to folders not followed; says which can't be read.
void find_files(const std::filesystem::path& folder, std::vector<std::string>& files,
                std::vector<Diagnostic>& diagnostics) {
  std::error_code error;
  std::filesystem::directory_iterator at(folder, error);
  for (const std::filesystem::directory_iterator end; !error && at != end; at.increment(error)) {
    std::error_code kind;
    const std::string extension = at->path().extension().string();
    if (at->is_directory(kind)) {
      if (!at->is_symlink(kind)) find_files(at->path(), files, diagnostics);
    } else if (at->is_regular_file(kind) && (extension == ".json" || extension == ".jsonl")) {
      files.push_back(at->path().string());
    }
  }
  if (error)
    diagnostics.push_back({Severity::Error, "POL0207", "the folder can't be read: " + error.message(),
                           Where{folder.string(), 0, 0, {}}, "see its permissions"});
}

/// Lines nobody asked for become empty; line numbers stay.
std::string picked_lines(std::string_view text, const Library::LineFilter& wanted) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (wanted(line)) out += line;
    out += '\n';
    at = end + 1;
  }
  return out;
}

}  // namespace

void Library::load(doc::Sources& sources, const std::string& path, const LineFilter& wanted) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    diagnostics_.push_back({Severity::Error, "POL0204", "the path is not there", Where{path, 0, 0, {}},
                            path_hint(path, "give files or folders of policy definitions")});
    return;
  }
  if (!std::filesystem::is_directory(path, error)) return load_file(sources, path, wanted);
  std::vector<std::string> files;
  find_files(path, files, diagnostics_);
  std::sort(files.begin(), files.end());
  for (const std::string& file : files)
    load_file(sources, file, wanted);
}

bool Library::load_embedded(doc::Sources& sources, std::string_view initiative) {
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.path().ends_with(kInitiativeFile)) continue;
    Library pack;
    pack.load_embedded(sources, file);
    if (!pack.find_initiative(initiative)) continue;
    const std::string_view folder = file.path().substr(0, file.path().rfind('/') + 1);
    for (const EmbeddedFile& member : embedded_files())
      if (member.path().starts_with(folder)) load_embedded(sources, member);
    return true;
  }
  return false;
}

void Library::load_embedded(doc::Sources& sources, const EmbeddedFile& file) {
  if (!whole_files_.insert(std::string(file.path())).second) return;
  Result<Reading<doc::Document>> document =
      doc::read_json(sources, std::string(file.path()), std::string(file.content()));
  RD_CHECK(document.has_value());
  documents_.push_back(std::move(document->value));
  RD_CHECK(add(documents_.back().root, sources));
}

void Library::load_file(doc::Sources& sources, const std::string& path, const LineFilter& wanted) {
  const bool lines = path.ends_with(".jsonl");
  if (!lines && !whole_files_.insert(path).second) return;
  Result<std::string> text = doc::read_text_file(path);
  if (!text) {
    diagnostics_.push_back(to_diagnostic(text.error()));
    return;
  }
  read(sources, path, std::move(*text), wanted);
}

void Library::read(doc::Sources& sources, const std::string& name, std::string text,
                   const LineFilter& wanted) {
  if (name.ends_with(".jsonl")) return load_lines(sources, name, std::move(text), wanted);
  Result<Reading<doc::Document>> document = doc::read_json(sources, name, std::move(text));
  if (!document) {
    diagnostics_.push_back(to_diagnostic(document.error()));
    return;
  }
  std::move(document->diagnostics.begin(), document->diagnostics.end(), std::back_inserter(diagnostics_));
  documents_.push_back(std::move(document->value));
  // What `az policy exemption list` prints where there is none.
  const Value& root = documents_.back().root;
  const bool empty = root.is_array() && root.size() == 0;
  if (!add(root, sources) && !empty)
    diagnostics_.push_back({Severity::Warning,
                            "POL0201",
                            "no definition, initiative, assignment or exemption of Azure Policy: passed over",
                            Where{name, 0, 0, {}},
                            {}});
}

void Library::load_lines(doc::Sources& sources, std::string name, std::string text,
                         const LineFilter& wanted) {
  if (wanted) text = picked_lines(text, wanted);
  Reading<doc::LineDocument> lines = doc::read_json_lines(sources, std::move(name), std::move(text));
  std::move(lines.diagnostics.begin(), lines.diagnostics.end(), std::back_inserter(diagnostics_));
  line_documents_.push_back(std::move(lines.value));
  std::size_t foreign = 0;
  doc::Place first;
  for (const Value& row : line_documents_.back().rows)
    if (!add(row, sources) && foreign++ == 0) first = row.place();
  if (foreign != 0)
    diagnostics_.push_back({Severity::Warning,
                            "POL0203",
                            fmt::format("{} row{} neither policy definition nor initiative, the first here",
                                        foreign, foreign == 1 ? " is" : "s are"),
                            sources.where(first),
                            {}});
}

bool Library::add(const Value& node, const doc::Sources& sources) {
  if (node.is_array()) {
    bool any = false;
    for (const Value& item : node.items())
      any = add(item, sources) || any;
    return any;
  }
  if (!node.is_object()) return false;
  if (const Value* list = node.find_any_case("value"); list != nullptr && list->is_array())
    return add(*list, sources);
  return add_row(node, sources);
}

bool Library::add_row(const Value& node, const doc::Sources& sources) {
  const Value* wrapped = node.find_any_case("definition");
  if (wrapped != nullptr && wrapped->is_object()) return add_row(*wrapped, sources);
  const Value* inner = node.find_any_case("properties");
  const Value& properties = inner != nullptr && inner->is_object() ? *inner : node;
  const bool relation = equal_any_case(text_or_empty(properties, "mode"), kRelationMode);
  if (relation || properties.find_any_case("policyRule") != nullptr) {
    add_definition(node, properties, sources);
    return true;
  }
  const Value* members = properties.find_any_case("policyDefinitions");
  if (members != nullptr) {
    if (members->is_array())
      add_initiative(node, properties, sources);
    else
      diagnostics_.push_back({Severity::Error,
                              "POL0208",
                              "policyDefinitions must be a list",
                              sources.where(members->place()),
                              {}});
  } else if (properties.find_any_case("policyAssignmentId") != nullptr) {
    add_exemption(node, properties, sources);
  } else if (properties.find_any_case("policyDefinitionId") != nullptr) {
    add_assignment(node, properties, sources);
  } else {
    return false;
  }
  return true;
}

void Library::add_definition(const Value& node, const Value& properties, const doc::Sources& sources) {
  Definition out;
  read_head(node, properties, out);
  out.description = text_or_empty(properties, "description");
  out.mode = text_or_empty(properties, "mode");
  if (const Value* metadata = properties.find_any_case("metadata")) {
    out.severity = lower(text_or_empty(*metadata, "severity"));
    if (!out.severity.empty() && find_level(out.severity).value_or(Level::None) == Level::None)
      diagnostics_.push_back(
          {Severity::Warning, "POL0209",
           fmt::format("metadata.severity is no severity, it is passed over: {}", out.severity),
           sources.where(metadata->find_any_case("severity")->place()),
           "write low, medium, high or critical"});
    out.preview = is_true(metadata->find_any_case("preview"));
  }
  name_by_file(out, sources);
  keep(std::move(out), &Definition::name, definitions_, definition_index_, diagnostics_, sources);
}

void Library::add_initiative(const Value& node, const Value& properties, const doc::Sources& sources) {
  Initiative out;
  read_head(node, properties, out);
  out.references = detail::read_references(properties, sources, diagnostics_);
  name_by_file(out, sources);
  keep(std::move(out), &Initiative::name, initiatives_, initiative_index_, diagnostics_, sources);
}

void Library::add_assignment(const Value& node, const Value& properties, const doc::Sources& sources) {
  Reading<std::optional<Assignment>> read = read_assignment(node, properties, arena_, sources);
  std::move(read.diagnostics.begin(), read.diagnostics.end(), std::back_inserter(diagnostics_));
  if (!read.value) return;
  keep(*std::move(read.value), &Assignment::id, assignments_, assignment_index_, diagnostics_, sources);
}

void Library::add_exemption(const Value& node, const Value& properties, const doc::Sources& sources) {
  Reading<std::optional<Exemption>> read = read_exemption(node, properties, sources);
  std::move(read.diagnostics.begin(), read.diagnostics.end(), std::back_inserter(diagnostics_));
  if (!read.value) return;
  keep(*std::move(read.value), &Exemption::id, exemptions_, exemption_index_, diagnostics_, sources);
}

const Definition* Library::find_definition(std::string_view name) const {
  const auto found = definition_index_.find(lower(last_segment(name)));
  return found == definition_index_.end() ? nullptr : &definitions_[found->second];
}

const Definition* Library::find_definition(const Reference& reference) const {
  return find_definition(reference.definition_name);
}

const Initiative* Library::initiative_named(std::string_view name) const {
  const auto found = initiative_index_.find(lower(last_segment(name)));
  return found == initiative_index_.end() ? nullptr : &initiatives_[found->second];
}

Result<const Initiative*> Library::find_initiative(std::string_view name) const {
  if (const Initiative* named = initiative_named(name)) return named;
  std::vector<const Initiative*> matches;
  for (const Initiative& initiative : initiatives_)
    if (equal_ignore_case(initiative.display_name, name)) matches.push_back(&initiative);
  if (matches.size() == 1) return matches.front();
  if (matches.empty())
    return fail(Error::Kind::NotFound, "POL0205", fmt::format("no initiative has the name {}", name), {},
                "give the file that holds it with --policy, or keep it with `redoubt content add`");
  std::string names;
  for (const Initiative* match : matches)
    names += (names.empty() ? "" : ", ") + match->name;
  return fail(Error::Kind::Usage, "POL0206",
              fmt::format("several initiatives are called {}: {}", name, names), {},
              "use the name instead of the display name");
}

}  // namespace redoubt::policy
