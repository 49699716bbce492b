#include "content/add.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "content/detail/gather.h"
#include "content/detail/pack_folder.h"
#include "content/index.h"
#include "core/hash.h"
#include "core/text.h"

namespace redoubt::content {

namespace {

constexpr std::size_t kLongestSuggestion = 64;

/// One row as Library reads it: the name is written even where only the file had it.
template <class T>
std::string row_of(const T& item) {
  doc::JsonWriter json;
  json.begin_object();
  if (!item.id.empty()) json.key("id").text(item.id);
  json.key("name").text(item.name).key("properties").value(item.properties).end_object();
  return json.take();
}

/// All items as JSON Lines in order of their names; their places are noted in the index.
template <class T>
std::string rows_of(const std::deque<T>& items, RowKind kind, std::vector<IndexEntry>& index) {
  std::vector<const T*> sorted;
  sorted.reserve(items.size());
  for (const T& item : items)
    sorted.push_back(&item);
  std::sort(sorted.begin(), sorted.end(), [](const T* left, const T* right) {
    return std::pair(lower(left->name), left->name) < std::pair(lower(right->name), right->name);
  });
  std::string out;
  std::uint32_t line = 0;
  for (const T* item : sorted) {
    const std::string row = row_of(*item);
    index.push_back({kind, ++line, out.size(), static_cast<std::uint32_t>(row.size()), sha256(row),
                     item->name, item->display_name});
    out += row;
    out += '\n';
  }
  return out;
}

Result<void> write_file(detail::NewPack& pack, Manifest& manifest, std::string path, std::string_view text) {
  RD_TRY(pack.write(path, text));
  manifest.files.push_back({std::move(path), text.size(), sha256_hex(text)});
  return {};
}

Result<void> write_pack(detail::NewPack& pack, detail::Gathered& from, Manifest& manifest) {
  std::vector<IndexEntry> index;
  const std::string definitions = rows_of(from.library.definitions(), RowKind::Definition, index);
  const std::string initiatives = rows_of(from.library.initiatives(), RowKind::Initiative, index);
  manifest.definitions = from.library.definitions().size();
  manifest.initiatives = from.library.initiatives().size();
  manifest.passed_over = from.choice.passed_over;
  manifest.unread = from.unread;
  manifest.alz_libraries = from.choice.alz_libraries;
  RD_TRY(write_file(pack, manifest, std::string(kDefinitionsFile), definitions));
  RD_TRY(write_file(pack, manifest, std::string(kInitiativesFile), initiatives));
  RD_TRY(write_file(pack, manifest, std::string(kIndexFile), write_index(index)));
  for (const auto& [path, text] : from.alz_files)
    RD_TRY(write_file(pack, manifest, fmt::format("{}/{}", kAlzFolder, path), text));
  std::sort(manifest.files.begin(), manifest.files.end(),
            [](const PackFile& left, const PackFile& right) { return left.path < right.path; });
  doc::JsonWriter json(true);
  write_json(json, manifest);
  RD_TRY(pack.write(std::string(kManifestFile), json.take() + "\n"));
  return pack.commit();
}

}  // namespace

std::string suggested_name(std::string_view path) {
  std::string text = std::filesystem::path(path).lexically_normal().string();
  while (text.ends_with('/'))
    text.pop_back();
  std::error_code error;
  if (text == "." || text == ".." || text.ends_with("/.."))
    text = std::filesystem::canonical(text, error).string();
  text = lower(std::string_view(text).substr(text.rfind('/') + 1));
  for (const std::string_view ending : {".git", ".zip", ".tgz", ".tar.gz", ".json", ".jsonl"})
    if (text.ends_with(ending)) {
      text.resize(text.size() - ending.size());
      break;
    }
  std::string out;
  for (const char c : text) {
    if (is_pack_name(std::string(1, c)) || (!out.empty() && (c == '.' || c == '_' || c == '-')))
      out += c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  out = out.substr(0, kLongestSuggestion);
  while (!out.empty() && !is_pack_name(out.substr(out.size() - 1)))
    out.pop_back();
  return out;
}

Result<Reading<Manifest>> add(const std::string& data_dir, const AddRequest& request) {
  Manifest manifest;
  manifest.name = request.name.empty() ? suggested_name(request.path) : request.name;
  if (!is_pack_name(manifest.name))
    return fail(Error::Kind::Usage, "CON0001", fmt::format("a pack can't be called so: {}", manifest.name),
                {}, "give --name: lower-case letters, digits, '.', '_' and '-', at most 64");
  manifest.added = request.now;
  manifest.origin.place = request.place.empty() ? request.path : request.place;
  manifest.origin.commit = request.commit;
  const std::string content = detail::content_folder(data_dir);
  const std::unique_ptr<detail::Tree> tree =
      RD_TRY(detail::open_tree(request.path, request.archive, request.limits, content));
  detail::Gathered gathered;
  RD_TRY(detail::gather(*tree, manifest.origin.place, request.progress, gathered));
  if (!request.commit.empty() && lower(tree->top()).find(lower(request.commit)) == std::string::npos)
    return fail(Error::Kind::InvalidInput, "CON0008",
                tree->top().empty()
                    ? "the archive has no top folder that carries the commit"
                    : fmt::format("the archive's top folder does not carry the commit: {}", tree->top()),
                Where{manifest.origin.place, 0, 0, {}}, "nothing was replaced; check URL and commit");
  manifest.origin.sha256 = tree->sha256();
  const detail::WriteLock lock = RD_TRY(detail::WriteLock::take(content));
  detail::NewPack pack = RD_TRY(detail::NewPack::make(content, manifest.name));
  RD_TRY(write_pack(pack, gathered, manifest));
  return Reading<Manifest>{std::move(manifest), std::move(gathered.diagnostics)};
}

}  // namespace redoubt::content
