#include "content/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "content/detail/open_pack.h"
#include "content/detail/pack_folder.h"
#include "core/hash.h"
#include "core/text.h"

namespace redoubt::content {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kAgain = "add the content again";

class PackCheck {
 public:
  PackCheck(std::string content, std::string name, std::vector<Diagnostic>& diagnostics)
      : content_(std::move(content)), diagnostics_(diagnostics) {
    out_.pack = std::move(name);
    folder_ = (fs::path(content_) / out_.pack).string();
    std::error_code error;
    if (!fs::exists(folder_, error)) folder_ = (fs::path(content_) / detail::aside_name(out_.pack)).string();
  }

  Verified run(const ProgressCallback& progress) {
    Result<detail::OpenPack> pack = detail::OpenPack::open(content_, out_.pack);
    if (!pack) {
      out_.sound = false;
      diagnostics_.push_back(to_diagnostic(std::move(pack).error()));
      return out_;
    }
    const Manifest& manifest = pack->manifest();
    if (manifest.name != out_.pack)
      say(Severity::Error, "CON0205", fmt::format("the manifest calls the pack {}", manifest.name),
          place(kManifestFile), kAgain);
    if (manifest.unread != 0)
      say(Severity::Warning, "CON0206",
          fmt::format("files of the source could not be read when it was added: {}", manifest.unread),
          place(kManifestFile), "repair the source and add it again");
    for (const PackFile& file : manifest.files) {
      if (progress)
        progress({"verifying", ++out_.files, manifest.files.size()});
      else
        ++out_.files;
      check_file(file);
    }
    check_strangers(manifest);
    check_index(*pack);
    return out_;
  }

 private:
  std::string place(std::string_view file) const { return (fs::path(folder_) / file).string(); }

  void say(Severity severity, std::string_view code, std::string message, std::string file,
           std::string_view hint, std::uint32_t line = 0) {
    out_.sound = out_.sound && severity != Severity::Error;
    diagnostics_.push_back({severity, std::string(code), std::move(message),
                            Where{std::move(file), line, line == 0 ? 0U : 1U, {}}, std::string(hint)});
  }

  void check_file(const PackFile& file) {
    const std::string path = place(file.path);
    std::error_code error;
    if (!fs::is_regular_file(fs::symlink_status(path, error)))
      return say(Severity::Error, "CON0201", "a file of the pack is not there", path, kAgain);
    Result<std::string> text = doc::read_text_file(path);
    if (!text) return say(Severity::Error, "CON0201", text.error().message, path, kAgain);
    if (text->size() != file.bytes)
      say(Severity::Error, "CON0202",
          fmt::format("the file has {} bytes, the manifest says {}", text->size(), file.bytes), path, kAgain);
    else if (sha256_hex(*text) != file.sha256)
      say(Severity::Error, "CON0202", "the file is not what was added: its hash differs", path, kAgain);
    if (file.path == kDefinitionsFile || file.path == kInitiativesFile) rows_[file.path] = *std::move(text);
  }

  void check_strangers(const Manifest& manifest) {
    std::set<std::string> known = {std::string(kManifestFile)};
    for (const PackFile& file : manifest.files)
      known.insert(file.path);
    for (const std::string_view needed : {kDefinitionsFile, kInitiativesFile, kIndexFile})
      if (known.count(std::string(needed)) == 0)
        say(Severity::Error, "CON0201", "the manifest does not list a file of every pack", place(needed),
            kAgain);
    std::set<std::string> strangers;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
      const std::string path = at->path().lexically_relative(folder_).generic_string();
      if (!fs::is_directory(at->symlink_status(error)) && known.count(path) == 0) strangers.insert(path);
    }
    for (const std::string& path : strangers)
      say(Severity::Warning, "CON0203", "the file is not part of the pack", place(path), "remove it");
  }

  void check_index(const detail::OpenPack& pack) {
    std::map<RowKind, std::set<std::uint64_t>> starts;
    for (const IndexEntry& entry : pack.index()) {
      ++out_.rows;
      starts[entry.kind].insert(entry.offset);
      check_row(pack, entry);
    }
    check_count(RowKind::Definition, starts[RowKind::Definition].size(), pack.manifest().definitions);
    check_count(RowKind::Initiative, starts[RowKind::Initiative].size(), pack.manifest().initiatives);
  }

  void check_row(const detail::OpenPack& pack, const IndexEntry& entry) {
    const std::string_view file = entry.kind == RowKind::Definition ? kDefinitionsFile : kInitiativesFile;
    const auto wrong = [&](std::string_view why) {
      say(Severity::Error, "CON0204", fmt::format("the index is wrong about {}: {}", entry.name, why),
          place(file), kAgain, entry.line);
    };
    const Result<std::string> row = pack.row(entry);
    if (!row) return wrong("the row is not what it says");
    const std::string& all = rows_[std::string(file)];
    const std::uint64_t end = entry.offset + entry.length;
    if (end >= all.size() || all[end] != '\n' || (entry.offset != 0 && all[entry.offset - 1] != '\n'))
      return wrong("the row begins or ends inside a line");
    Arena arena;
    const Result<doc::Value> value = doc::parse_json(arena, *row);
    if (!value || !value->is_object()) return wrong("the row is no JSON object");
    const doc::Value* properties = value->find("properties");
    if (value->text_of("name") != entry.name || properties == nullptr ||
        properties->find_any_case(entry.kind == RowKind::Definition ? "policyRule" : "policyDefinitions") ==
            nullptr)
      wrong("the row is another one");
  }

  void check_count(RowKind kind, std::size_t indexed, std::uint64_t said) {
    const bool definitions = kind == RowKind::Definition;
    const std::string& text = rows_[std::string(definitions ? kDefinitionsFile : kInitiativesFile)];
    const auto lines = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    if (indexed == said && lines == said) return;
    say(Severity::Error, "CON0205",
        fmt::format("the manifest counts {} {}, the index {}, the file has {} lines", said,
                    definitions ? "definitions" : "initiatives", indexed, lines),
        place(kManifestFile), kAgain);
  }

  std::string content_;
  std::string folder_;
  std::vector<Diagnostic>& diagnostics_;
  std::map<std::string, std::string> rows_;  // text by file
  Verified out_;
};

}  // namespace

Result<Reading<std::vector<Verified>>> verify(const std::string& data_dir, const std::string& name,
                                              const ProgressCallback& progress) {
  const std::string content = detail::content_folder(data_dir);
  const std::vector<std::string> names = detail::pack_names(content);
  if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    const auto near = closest(name, candidates);
    return fail(Error::Kind::NotFound, "CON0101", fmt::format("no pack is called {}", name),
                Where{content, 0, 0, {}},
                near ? fmt::format("did you mean {}?", *near) : "`redoubt content list` shows them");
  }
  Reading<std::vector<Verified>> out;
  for (const std::string& one : names)
    if (name.empty() || one == name)
      out.value.push_back(PackCheck(content, one, out.diagnostics).run(progress));
  return out;
}

}  // namespace redoubt::content
