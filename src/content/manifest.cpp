#include "content/manifest.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace redoubt::content {

using doc::Value;

namespace {

constexpr std::string_view kSchema = "redoubt.content/1";
constexpr std::size_t kLongestName = 64;

tl::unexpected<Error> wrong(const std::string& file, std::string_view why) {
  return fail(Error::Kind::InvalidInput, "CON0102", fmt::format("the manifest can't be used: {}", why),
              Where{file, 0, 0, {}}, "add the content again");
}

std::string text_or_empty(const Value* node, std::string_view name) {
  return node == nullptr ? std::string() : std::string(node->text_of(name).value_or(std::string_view()));
}

std::uint64_t count_of(const Value* node, std::string_view name) {
  const Value* value = node == nullptr ? nullptr : node->find(name);
  return value == nullptr || !value->is_int() || value->as_int() < 0
             ? 0
             : static_cast<std::uint64_t>(value->as_int());
}

/// Whether a path stays below the folder it is relative to.
bool stays_below(std::string_view path) {
  if (path.empty() || path.front() == '/') return false;
  const std::vector<std::string_view> parts = split(path, '/');
  return std::none_of(parts.begin(), parts.end(),
                      [](std::string_view part) { return part.empty() || part == ".."; });
}

bool is_hash(std::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

bool is_pack_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= kLongestName && letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || c == '.' || c == '_' || c == '-'; });
}

void write_json(doc::JsonWriter& json, const Manifest& manifest) {
  const auto number = [&](std::string_view key, std::uint64_t value) {
    json.key(key).integer(static_cast<std::int64_t>(value));
  };
  json.begin_object().key("schema").text(kSchema).key("name").text(manifest.name);
  json.key("source").begin_object().key("place").text(manifest.origin.place);
  if (!manifest.origin.commit.empty()) json.key("commit").text(manifest.origin.commit);
  if (!manifest.origin.sha256.empty()) json.key("sha256").text(manifest.origin.sha256);
  json.end_object().key("added").text(to_text(manifest.added));
  json.key("counts").begin_object();
  number("definitions", manifest.definitions);
  number("initiatives", manifest.initiatives);
  number("passedOver", manifest.passed_over);
  number("unread", manifest.unread);
  json.end_object().key("alzLibraries").begin_array();
  for (const std::string& library : manifest.alz_libraries)
    json.text(library);
  json.end_array().key("files").begin_array();
  for (const PackFile& file : manifest.files) {
    json.begin_object().key("path").text(file.path);
    number("bytes", file.bytes);
    json.key("sha256").text(file.sha256).end_object();
  }
  json.end_array().end_object();
}

Result<Manifest> read_manifest(std::string_view text, const std::string& file) {
  Arena arena;
  const Result<Value> root = doc::parse_json(arena, text);
  if (!root) return wrong(file, root.error().message);
  if (text_or_empty(&*root, "schema") != kSchema) return wrong(file, "its schema is not redoubt.content/1");
  Manifest out;
  out.name = text_or_empty(&*root, "name");
  if (!is_pack_name(out.name)) return wrong(file, "its name is none");
  const Value* source = root->find("source");
  out.origin = {text_or_empty(source, "place"), text_or_empty(source, "commit"),
                text_or_empty(source, "sha256")};
  const Result<ZonedTime> added = parse_time(text_or_empty(&*root, "added"));
  if (!added) return wrong(file, "its time is none");
  out.added = added->instant;
  const Value* counts = root->find("counts");
  out.definitions = count_of(counts, "definitions");
  out.initiatives = count_of(counts, "initiatives");
  out.passed_over = count_of(counts, "passedOver");
  out.unread = count_of(counts, "unread");
  if (const Value* libraries = root->find("alzLibraries"); libraries != nullptr && libraries->is_array())
    for (const Value& library : libraries->items()) {
      if (!library.is_string() || !stays_below(library.as_string()))
        return wrong(file, "a library is outside of the pack");
      out.alz_libraries.emplace_back(library.as_string());
    }
  const Value* files = root->find("files");
  if (files == nullptr || !files->is_array()) return wrong(file, "it lists no files");
  for (const Value& item : files->items()) {
    PackFile one{text_or_empty(&item, "path"), count_of(&item, "bytes"), text_or_empty(&item, "sha256")};
    if (!stays_below(one.path)) return wrong(file, "a file is outside of the pack");
    if (!is_hash(one.sha256)) return wrong(file, "a hash is none");
    out.files.push_back(std::move(one));
  }
  return out;
}

}  // namespace redoubt::content
