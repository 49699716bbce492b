#include "doc/sources.h"
#include "core/utf8.h"

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

/// Which bytes begin no character that a reader sees: those inside of one, and a mark of the byte order in
/// front. Empty where there are none.
std::vector<bool> inner_bytes(std::string_view text) {
  if (std::ranges::none_of(text, is_inner_byte)) return {};
  std::vector<bool> out(text.size());
  std::transform(text.begin(), text.end(), out.begin(), is_inner_byte);
  if (text.starts_with("\xef\xbb\xbf")) out[0] = true;
  return out;
}

}  // namespace

std::uint32_t Sources::add(std::string name, std::string text) {
  std::vector<std::uint32_t> lines = line_starts(text);
  std::vector<bool> inner = inner_bytes(text);
  const std::scoped_lock lock(mutex_);
  return static_cast<std::uint32_t>(
             files_.append(File{std::move(name), std::move(text), {}, std::move(lines), std::move(inner)})) +
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

std::uint32_t Sources::offset(Place place) const {
  const File& source = file(place.file);
  const auto shift = std::upper_bound(source.shifts.begin(), source.shifts.end(), place.offset,
                                      [](std::uint32_t at, const auto& entry) { return at < entry.first; });
  return shift == source.shifts.begin() ? place.offset : place.offset - std::prev(shift)->second;
}

Where Sources::where(Place place) const {
  if (!place) return {};
  const File& source = file(place.file);
  const std::uint32_t offset = this->offset(place);
  auto line = std::prev(std::upper_bound(source.lines.begin(), source.lines.end(), offset));
  Where where;
  where.file = source.name;
  where.line = static_cast<std::uint32_t>(line - source.lines.begin()) + 1;
  const auto inner = source.inner.begin();
  const std::size_t end = std::min<std::size_t>(offset, source.inner.size());
  const auto skipped =
      *line < end ? std::count(inner + *line, inner + static_cast<std::ptrdiff_t>(end), true) : 0;
  where.column = offset - *line - static_cast<std::uint32_t>(skipped) + 1;
  return where;
}

}  // namespace redoubt::doc
