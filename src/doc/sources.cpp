#include "doc/sources.h"

#include <algorithm>
#include <cstring>

namespace redoubt::doc {

namespace {

std::vector<std::uint32_t> line_starts(std::string_view text) {
  std::vector<std::uint32_t> lines = {0};
  const char* begin = text.data();
  const char* end = begin + text.size();
  for (const char* at = begin; at != end;) {
    const void* found = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
    if (found == nullptr) break;
    at = static_cast<const char*>(found) + 1;
    lines.push_back(static_cast<std::uint32_t>(at - begin));
  }
  return lines;
}

}  // namespace

std::uint32_t Sources::add(std::string name, std::string text) {
  std::vector<std::uint32_t> lines = line_starts(text);
  const std::scoped_lock lock(mutex_);
  return static_cast<std::uint32_t>(
             files_.append(File{std::move(name), std::move(text), {}, std::move(lines)})) +
         1;
}

const Sources::File& Sources::file(std::uint32_t id) const {
  RD_CHECK(id != 0);
  return files_.at(id - 1);
}

std::string& Sources::text(std::uint32_t file) {
  RD_CHECK(file != 0);
  return files_.at(file - 1).text;
}

const std::string& Sources::name(std::uint32_t file_id) const { return file(file_id).name; }

void Sources::rewrite(std::uint32_t file, std::string text, Shifts shifts) {
  RD_CHECK(file != 0);
  files_.at(file - 1).text = std::move(text);
  files_.at(file - 1).shifts = std::move(shifts);
}

Where Sources::where(Place place) const {
  if (!place) return {};
  const File& source = file(place.file);
  std::uint32_t offset = place.offset;
  auto shift = std::upper_bound(source.shifts.begin(), source.shifts.end(), offset,
                                [](std::uint32_t at, const auto& entry) { return at < entry.first; });
  if (shift != source.shifts.begin()) offset -= std::prev(shift)->second;
  auto line = std::prev(std::upper_bound(source.lines.begin(), source.lines.end(), offset));
  Where where;
  where.file = source.name;
  where.line = static_cast<std::uint32_t>(line - source.lines.begin()) + 1;
  where.column = offset - *line + 1;
  return where;
}

}  // namespace redoubt::doc
