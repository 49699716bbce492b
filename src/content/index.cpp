#include "content/index.h"

#include <fmt/format.h>

#include <charconv>

#include "core/text.h"

namespace redoubt::content {

namespace {

constexpr std::string_view kHead = "redoubt.content-index/1";
constexpr std::size_t kParts = 7;

/// Tabs and line breaks separate; names may hold them.
void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\t')
      out += "\\t";
    else if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
}

bool read_escaped(std::string_view text, std::string& out) {
  if (text.find('\\') == std::string_view::npos) {
    out = text;
    return true;
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      out += text[at];
      continue;
    }
    if (++at == text.size()) return false;
    const char c = text[at];
    if (c != '\\' && c != 't' && c != 'n') return false;
    out += c == 't' ? '\t' : c == 'n' ? '\n' : '\\';
  }
  return true;
}

/// A number as it is written here: no sign, no leading zero.
template <class T>
bool read_number(std::string_view text, T& out) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool read_hash(std::string_view text, Sha256& out) {
  if (text.size() != out.size() * 2) return false;
  for (std::size_t at = 0; at < out.size(); ++at) {
    const int high = digit(text[2 * at]);
    const int low = digit(text[2 * at + 1]);
    if (high < 0 || low < 0) return false;
    out[at] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

/// What is wrong with a line; empty when nothing is.
std::string_view read_entry(std::string_view line, IndexEntry& out) {
  std::array<std::string_view, kParts> parts;
  std::size_t count = 0;
  for (std::size_t at = 0; at <= line.size(); ++count) {
    if (count == kParts) return "it has too many parts";
    const std::size_t end = std::min(line.find('\t', at), line.size());
    parts[count] = line.substr(at, end - at);
    at = end + 1;
  }
  if (count != kParts) return "it has too few parts";
  if (parts[0] != "d" && parts[0] != "i") return "its kind is none";
  out.kind = parts[0] == "d" ? RowKind::Definition : RowKind::Initiative;
  if (!read_number(parts[1], out.line) || !read_number(parts[2], out.offset) ||
      !read_number(parts[3], out.length) || out.line == 0 || out.length == 0)
    return "a number is none";
  if (!read_hash(parts[4], out.sha256)) return "its hash is none";
  if (!read_escaped(parts[5], out.name) || !read_escaped(parts[6], out.display_name) || out.name.empty())
    return "its name is none";
  return {};
}

}  // namespace

std::string write_index(const std::vector<IndexEntry>& entries) {
  std::string out = fmt::format("{} {}\n", kHead, entries.size());
  for (const IndexEntry& entry : entries) {
    out += fmt::format("{}\t{}\t{}\t{}\t", entry.kind == RowKind::Definition ? 'd' : 'i', entry.line,
                       entry.offset, entry.length);
    out += hex({reinterpret_cast<const char*>(entry.sha256.data()), entry.sha256.size()});
    out += '\t';
    append_escaped(out, entry.name);
    out += '\t';
    append_escaped(out, entry.display_name);
    out += '\n';
  }
  return out;
}

Result<std::vector<IndexEntry>> read_index(std::string_view text, const std::string& file) {
  std::uint32_t number = 1;
  const auto wrong = [&](std::string_view why) {
    return fail(Error::Kind::InvalidInput, "CON0103", fmt::format("the index can't be used: {}", why),
                Where{file, number, 1, {}}, "add the content again");
  };
  std::size_t end = text.find('\n');
  std::uint64_t said = 0;
  if (end == std::string_view::npos || !text.starts_with(kHead) || text.size() <= kHead.size() ||
      text[kHead.size()] != ' ' || !read_number(text.substr(kHead.size() + 1, end - kHead.size() - 1), said))
    return wrong("its head is none");
  std::vector<IndexEntry> entries;
  for (std::size_t at = end + 1; at < text.size(); at = end + 1) {
    ++number;
    end = text.find('\n', at);
    if (end == std::string_view::npos) return wrong("its last line is cut off");
    IndexEntry entry;
    const std::string_view mistake = read_entry(text.substr(at, end - at), entry);
    if (!mistake.empty()) return wrong(mistake);
    entries.push_back(std::move(entry));
  }
  if (entries.size() != said) return wrong(fmt::format("it says {} rows and has {}", said, entries.size()));
  return entries;
}

}  // namespace redoubt::content
