#include "content/store.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <unordered_map>

#include "content/detail/open_pack.h"
#include "content/detail/pack_folder.h"
#include "content/index.h"
#include "core/text.h"

namespace redoubt::content {

namespace fs = std::filesystem;

struct Store::Pack {
  std::string folder;
  detail::OpenPack files;
  std::unordered_multimap<std::string, std::size_t> names;          // lower case -> index entry
  std::unordered_multimap<std::string, std::size_t> display_names;  // of initiatives
  bool gave_initiative = false;
};

struct Store::Found {
  Pack* pack = nullptr;
  const IndexEntry* entry = nullptr;
};

namespace {

std::string last_segment(std::string_view id) { return lower(id.substr(id.rfind('/') + 1)); }

}  // namespace

Store::Store() = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Store Store::open(const std::string& data_dir) {
  Store store;
  const std::string content = detail::content_folder(data_dir);
  for (const std::string& name : detail::pack_names(content)) {
    Result<detail::OpenPack> files = detail::OpenPack::open(content, name);
    if (!files) {
      Diagnostic diagnostic = to_diagnostic(std::move(files).error());
      diagnostic.severity = Severity::Warning;
      store.diagnostics_.push_back(std::move(diagnostic));
      continue;
    }
    auto pack = std::make_unique<Pack>();
    pack->folder = (fs::path(content) / name).string();
    pack->files = *std::move(files);
    const std::vector<IndexEntry>& index = pack->files.index();
    for (std::size_t at = 0; at < index.size(); ++at) {
      pack->names.emplace(lower(index[at].name), at);
      if (index[at].kind == RowKind::Initiative)
        pack->display_names.emplace(unicode_lower(index[at].display_name), at);
    }
    store.manifests_.push_back(pack->files.manifest());
    store.packs_.push_back(std::move(pack));
  }
  return store;
}

/// Packs that gave an initiative, then the newest first.
std::vector<Store::Pack*> Store::by_preference() const {
  std::vector<Pack*> out;
  out.reserve(packs_.size());
  for (const std::unique_ptr<Pack>& pack : packs_)
    out.push_back(pack.get());
  std::stable_sort(out.begin(), out.end(), [](const Pack* left, const Pack* right) {
    return std::pair(left->gave_initiative, left->files.manifest().added) >
           std::pair(right->gave_initiative, right->files.manifest().added);
  });
  return out;
}

/// Rows of that name, one of each content, those of preferred packs first.
std::vector<Store::Found> Store::find(std::string_view name, bool initiative) const {
  std::vector<Found> out;
  const auto note = [&](Pack* pack, std::size_t at) {
    const IndexEntry& entry = pack->files.index()[at];
    if ((entry.kind == RowKind::Initiative) != initiative) return;
    const bool known = std::any_of(out.begin(), out.end(),
                                   [&](const Found& one) { return one.entry->sha256 == entry.sha256; });
    if (!known) out.push_back({pack, &entry});
  };
  const std::vector<Pack*> packs = by_preference();
  for (Pack* pack : packs) {
    const auto [begin, end] = pack->names.equal_range(last_segment(name));
    for (auto at = begin; at != end; ++at)
      note(pack, at->second);
  }
  if (!out.empty() || !initiative) return out;
  for (Pack* pack : packs) {
    const auto [begin, end] = pack->display_names.equal_range(unicode_lower(name));
    for (auto at = begin; at != end; ++at)
      note(pack, at->second);
  }
  return out;
}

Result<void> Store::load_initiatives(const std::vector<std::string>& names, policy::Library& library,
                                     doc::Sources& sources) {
  std::vector<Found> rows;
  for (const std::string& name : names) {
    const auto known = library.find_initiative(name);
    if (known || known.error().kind != Error::Kind::NotFound) continue;
    std::vector<Found> found = find(name, true);
    const auto other = std::find_if(found.begin(), found.end(), [&](const Found& one) {
      return equal_any_case(one.entry->name, found.front().entry->name) && one.pack != found.front().pack;
    });
    if (other != found.end())
      return fail(Error::Kind::Usage, "CON0105",
                  fmt::format("several packs have the initiative {}: {}, {}", name,
                              found.front().pack->files.manifest().name, other->pack->files.manifest().name),
                  {}, "they differ; delete the folder of one, or give the file with --policy");
    for (const Found& one : found) {
      one.pack->gave_initiative = true;
      rows.push_back(one);
    }
  }
  load_rows(std::move(rows), library, sources);
  return {};
}

void Store::load_definitions(const std::vector<std::string>& names, policy::Library& library,
                             doc::Sources& sources) {
  std::vector<Found> rows;
  std::size_t doubtful = 0;
  for (const std::string& name : names) {
    if (library.find_definition(name) != nullptr) continue;
    const std::vector<Found> found = find(name, false);
    if (found.empty()) continue;
    if (found.size() > 1) ++doubtful;
    rows.push_back(found.front());
  }
  if (doubtful != 0)
    diagnostics_.push_back({Severity::Warning,
                            "CON0106",
                            fmt::format("{} definitions stand in several packs and differ", doubtful),
                            {},
                            "the pack of the initiative counts, then the one added last"});
  load_rows(std::move(rows), library, sources);
}

void Store::load_members(const policy::Initiative& initiative, policy::Library& library,
                         doc::Sources& sources) {
  std::vector<std::string> names;
  names.reserve(initiative.references.size());
  for (const policy::Reference& reference : initiative.references)
    names.push_back(reference.definition_name);
  load_definitions(names, library, sources);
}

/// Each pack's rows as one text, every row in the line it has in its file.
void Store::load_rows(std::vector<Found> rows, policy::Library& library, doc::Sources& sources) {
  std::sort(rows.begin(), rows.end(), [](const Found& left, const Found& right) {
    return std::tuple(left.pack, left.entry->kind, left.entry->offset) <
           std::tuple(right.pack, right.entry->kind, right.entry->offset);
  });
  for (auto at = rows.begin(); at != rows.end();) {
    Pack* const pack = at->pack;
    const RowKind kind = at->entry->kind;
    std::string text;
    const IndexEntry* last = nullptr;
    for (std::uint32_t line = 1; at != rows.end() && at->pack == pack && at->entry->kind == kind; ++at) {
      if (std::exchange(last, at->entry) == at->entry) continue;
      Result<std::string> row = pack->files.row(*at->entry);
      if (!row) {
        diagnostics_.push_back(to_diagnostic(std::move(row).error()));
        continue;
      }
      // A manifest's word is not enough to make gigabytes of line breaks of.
      if (at->entry->line > line && at->entry->line - line <= pack->files.index().size())
        text.append(at->entry->line - line, '\n');
      line = at->entry->line + 1;
      text += *row;
      text += '\n';
    }
    const std::string_view file = kind == RowKind::Definition ? kDefinitionsFile : kInitiativesFile;
    library.read(sources, (fs::path(pack->folder) / file).string(), std::move(text));
  }
}

std::vector<std::string> Store::alz_folders() const {
  std::vector<std::string> out;
  for (const std::unique_ptr<Pack>& pack : packs_)
    for (const std::string& library : pack->files.manifest().alz_libraries)
      out.push_back((fs::path(pack->folder) / kAlzFolder / (library == "." ? "" : library)).string());
  return out;
}

}  // namespace redoubt::content
