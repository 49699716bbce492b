#include <algorithm>
#include <unordered_map>

#include "core/text.h"
#include "core/utf8.h"
#include "kql/detail/characters.h"
#include "kql/detail/evaluation.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

/// The members that an element becomes, in the order in which their names come first; what comes again under
/// a name makes an array of it.
class Members {
 public:
  void add(std::string name, std::string json) {
    const auto [at, fresh] = places_.try_emplace(name, members_.size());
    if (fresh) members_.push_back({.name = std::move(name), .values = {}});
    members_[at->second].values.push_back(std::move(json));
  }

  bool empty() const { return members_.empty(); }
  /// Text and nothing else.
  const std::string* only_text() const {
    const bool alone = members_.size() == 1 && members_[0].name == kText && members_[0].values.size() == 1;
    return alone ? &members_[0].values[0] : nullptr;
  }

  std::string json() const {
    std::string out = "{";
    for (const Member& member : members_) {
      if (out.size() > 1) out += ',';
      append_json_of_text(out, member.name);
      out += ':';
      out += member.values.size() == 1
                 ? member.values[0]
                 : json_array(std::vector<std::string_view>(member.values.begin(), member.values.end()));
    }
    return out + "}";
  }

  static constexpr std::string_view kText = "#text";

 private:
  struct Member {
    std::string name;
    std::vector<std::string> values;
  };
  std::vector<Member> members_;
  std::unordered_map<std::string, std::size_t> places_;
};

/// The character that a reference stands for: `#65`, `#x41`, or one of the five names.
std::optional<char32_t> referenced(std::string_view name) {
  static constexpr std::pair<std::string_view, char32_t> kNames[] = {
      {"amp", '&'}, {"apos", '\''}, {"gt", '>'}, {"lt", '<'}, {"quot", '"'}};
  for (const auto& [known, code] : kNames)
    if (name == known) return code;
  static constexpr std::size_t kMostDigits = 9;
  if (!name.starts_with('#') || name.size() < 2 || name.size() > kMostDigits) return std::nullopt;
  const std::string_view digits = name.substr(1);
  const bool hex = digits.front() == 'x';
  if (!std::all_of(digits.begin() + (hex ? 1 : 0), digits.end(), hex ? is_hex_digit : is_digit))
    return std::nullopt;
  const std::optional<std::int64_t> code = read_long(hex ? "0" + std::string(digits) : std::string(digits));
  if (!code || *code == 0 || *code > 0x10FFFF || (*code >= 0xD800 && *code < 0xE000)) return std::nullopt;
  return static_cast<char32_t>(*code);
}

/// A text without references; nothing where one is none.
std::optional<std::string> plain(std::string_view text) {
  std::string out;
  while (true) {
    const std::size_t at = text.find('&');
    out += text.substr(0, at);
    if (at == std::string_view::npos) return out;
    const std::size_t end = text.find(';', at);
    if (end == std::string_view::npos) return std::nullopt;
    const std::optional<char32_t> code = referenced(text.substr(at + 1, end - at - 1));
    if (!code) return std::nullopt;
    append_utf8(out, *code);
    text.remove_prefix(end + 1);
  }
}

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// An element that is not closed yet.
struct Open {
  std::string name;
  Members members;
};

/// Reads a document of XML 1.0, well formed as far as its elements go; declarations of types are passed over.
class XmlReader {
 public:
  XmlReader(std::string_view text, std::size_t max_depth) : text_(text), max_depth_(max_depth) {}

  /// `{"root": ...}`; nothing: it is no document, or too deep.
  std::optional<std::string> read() {
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
    while (!text_.empty())
      if (!(text_.front() == '<' ? take_markup() : take_text())) return std::nullopt;
    return open_.empty() ? std::move(root_) : std::nullopt;
  }

 private:
  bool take_until(std::string_view end) {
    const std::size_t at = text_.find(end);
    if (at == std::string_view::npos) return false;
    text_.remove_prefix(at + end.size());
    return true;
  }

  void skip_blanks() {
    const std::size_t at = text_.find_first_not_of(" \t\r\n");
    text_.remove_prefix(std::min(at, text_.size()));
  }

  std::string_view take_name() {
    const std::size_t at = std::min(text_.find_first_of(" \t\r\n/>=<\"'&"), text_.size());
    const std::string_view out = text_.substr(0, at);
    text_.remove_prefix(at);
    const bool good = !out.empty() && !is_digit(out.front()) && out.front() != '-' && out.front() != '.';
    return good ? out : std::string_view();
  }

  /// Only elements, attributes and texts count.
  bool take_markup() {
    if (text_.starts_with("<!--")) return take_until("-->");
    if (text_.starts_with("<![CDATA[")) return !open_.empty() && take_until("]]>");
    if (text_.starts_with("<?")) return take_until("?>");
    if (text_.starts_with("<!")) return open_.empty() && !root_ && take_declaration();
    return text_.starts_with("</") ? take_end() : take_start();
  }

  /// `<!DOCTYPE ... [ ... ]>`
  bool take_declaration() {
    const std::size_t at = text_.find_first_of("[>");
    if (at == std::string_view::npos) return false;
    const bool inner = text_[at] == '[';
    text_.remove_prefix(at);
    return inner ? take_until("]") && take_until(">") : take_until(">");
  }

  bool take_text() {
    const std::size_t end = std::min(text_.find('<'), text_.size());
    const std::string_view raw = trim(text_.substr(0, end));
    text_.remove_prefix(end);
    if (raw.empty()) return true;
    const std::optional<std::string> out = open_.empty() ? std::nullopt : plain(raw);
    if (out) open_.back().members.add(std::string(Members::kText), json_of_text(*out));
    return out.has_value();
  }

  bool take_start() {
    text_.remove_prefix(1);
    const std::string_view name = take_name();
    if (name.empty() || (open_.empty() && root_) || open_.size() >= max_depth_) return false;
    open_.push_back({.name = std::string(name), .members = {}});
    while (true) {
      const std::size_t before = text_.size();
      skip_blanks();
      if (text_.starts_with('>')) return text_.remove_prefix(1), true;
      if (text_.starts_with("/>")) return text_.remove_prefix(2), close(), true;
      if (text_.size() == before || !take_attribute()) return false;
    }
  }

  bool take_attribute() {
    const std::string_view name = take_name();
    skip_blanks();
    if (name.empty() || !text_.starts_with('=')) return false;
    text_.remove_prefix(1);
    skip_blanks();
    const char quote = text_.empty() ? '\0' : text_.front();
    const std::size_t end = quote == '"' || quote == '\'' ? text_.find(quote, 1) : std::string_view::npos;
    if (end == std::string_view::npos) return false;
    const std::string_view raw = text_.substr(1, end - 1);
    const std::optional<std::string> out =
        raw.find('<') == std::string_view::npos ? plain(raw) : std::nullopt;
    text_.remove_prefix(end + 1);
    if (out) open_.back().members.add("@" + std::string(name), json_of_text(*out));
    return out.has_value();
  }

  bool take_end() {
    text_.remove_prefix(2);
    const std::string_view name = take_name();
    skip_blanks();
    if (open_.empty() || name != open_.back().name || !text_.starts_with('>')) return false;
    text_.remove_prefix(1);
    close();
    return true;
  }

  /// An element with nothing in it is null, one with text alone that text.
  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    const std::string* const text = done.members.only_text();
    std::string json = done.members.empty() ? "null" : text != nullptr ? *text : done.members.json();
    if (!open_.empty()) return open_.back().members.add(std::move(done.name), std::move(json));
    Members root;
    root.add(std::move(done.name), std::move(json));
    root_ = root.json();
  }

  std::string_view text_;
  std::size_t max_depth_;
  std::vector<Open> open_;
  std::optional<std::string> root_;
};

/// Source: "parse_xml()", "Returns": null for what is no XML, and for more than 1 MB.
Result<Value> parse_xml(const Call& call) {
  static constexpr std::size_t kMostBytes = 1'048'576;
  const std::string text = call.text(0);
  if (text.size() > kMostBytes || !valid_utf8(text)) return Value::null(Type::Dynamic);
  std::optional<std::string> json = XmlReader(text, call.context.limits.max_depth - 1).read();
  return json ? dynamic_result(call, *std::move(json)) : Value::null(Type::Dynamic);
}

constexpr EvaluationRow kRows[] = {{"parse_xml", parse_xml}};

}  // namespace

EvaluationRows xml_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
