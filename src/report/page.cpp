#include "report/page.h"

#include <fmt/format.h>

#include "core/embedded.h"
#include "core/hash.h"
#include "core/text.h"
#include "core/utf8.h"
#include "doc/json.h"
#include "report/terminal_text.h"
#include "report/tool.h"

extern "C" {
extern const char page_frame_begin[], page_frame_end[];
extern const redoubt::EmbeddedFile page_styles_begin[], page_styles_end[];
extern const redoubt::EmbeddedFile page_scripts_begin[], page_scripts_end[];
}

namespace redoubt::report {

using doc::JsonWriter;

namespace {

/// Longer texts are cut. Nobody reads more, and a name may be a megabyte.
constexpr std::size_t kMaxText = 1'200;
constexpr std::size_t kMaxName = 200;
/// Rows in one element of the page.
constexpr std::size_t kBlockBytes = std::size_t{256} << 10;

std::string joined(const EmbeddedFile* begin, const EmbeddedFile* end) {
  std::string out;
  for (const EmbeddedFile* file = begin; file != end; ++file)
    out += file->content();
  return out;
}

std::string source_hash(std::string_view text) {
  const Sha256 hash = sha256(text);
  return fmt::format("'sha256-{}'", base64_encode({reinterpret_cast<const char*>(hash.data()), hash.size()}));
}

/// What a reader sees of a stranger's text; lines stay.
std::string shown(std::string_view text) { return printable(clipped(text, kMaxText)); }

std::string shown_name(std::string_view text) { return printable(clipped(text, kMaxName)); }

template <class Numbers>
void numbers(JsonWriter& json, std::string_view key, const Numbers& list) {
  json.key(key).begin_array();
  for (const auto number : list)
    json.integer(static_cast<std::int64_t>(number));
  json.end_array();
}

void write_rules(JsonWriter& json, const PageHead& head) {
  json.key("rules").begin_array();
  for (const PageRule& rule : head.rules) {
    json.begin_object().key("name").text(shown_name(rule.name)).key("title").text(shown_name(rule.title));
    json.key("text").text(shown(rule.description)).key("level").integer(static_cast<int>(rule.level));
    numbers(json, "groups", rule.groups);
    numbers(json, "counts", rule.counts);
    json.end_object();
  }
  json.end_array();
}

void write_scopes(JsonWriter& json, const PageHead& head) {
  json.key("scopes").begin_array();
  for (const PageScope& scope : head.scopes) {
    json.begin_object().key("id").text(shown(scope.id)).key("title").text(shown_name(scope.title));
    json.key("kind").text(scope.kind).key("parent").integer(scope.parent);
    numbers(json, "levels", scope.levels);
    json.key("unknown").integer(static_cast<std::int64_t>(scope.unknown)).end_object();
  }
  json.end_array();
}

std::string head_json(const PageHead& head) {
  JsonWriter json;
  json.begin_object().key("title").text(shown_name(head.title));
  json.key("made").text(head.made).key("tool").text(fmt::format("{} {}", kToolName, kToolVersion));
  if (head.score) {
    json.key("score").begin_object().key("title").text(head.score->title);
    json.key("number").text(head.score->number).key("text").text(head.score->text).end_object();
  }
  json.key("subjects").integer(static_cast<std::int64_t>(head.subjects));
  json.key("judgedWith").integer(static_cast<std::int64_t>(head.judged_with));
  json.key("total").integer(static_cast<std::int64_t>(head.total));
  json.key("listedEach").integer(static_cast<std::int64_t>(head.listed_each));
  numbers(json, "counts", head.counts);
  numbers(json, "levels", head.levels);
  numbers(json, "first", head.first);
  write_rules(json, head);
  json.key("groups").begin_array();
  for (const PageGroup& group : head.groups)
    json.begin_object()
        .key("title")
        .text(shown_name(group.title))
        .key("of")
        .text(shown_name(group.of))
        .end_object();
  json.end_array().key("owners").begin_array();
  for (const PageOwner& owner : head.owners) {
    json.begin_object().key("name").text(shown(owner.name));
    numbers(json, "counts", owner.counts);
    json.end_object();
  }
  json.end_array();
  write_scopes(json, head);
  json.key("notes").begin_array();
  for (const PageNote& note : head.notes)
    json.begin_object().key("what").text(shown(note.what)).key("why").text(shown(note.why)).end_object();
  json.end_array().end_object();
  return json.take();
}

std::string json_text(std::string_view text) {
  JsonWriter json;
  json.text(text);
  return json.take();
}

std::string data_element(std::string_view name, std::string_view json) {
  return fmt::format("<script type=\"application/json\" data-part=\"{}\">{}</script>\n", name,
                     script_json(json));
}

/// The page without data; `{{data}}` stands where that goes.
std::string frame(const PageHead& head) {
  const std::string style = joined(page_styles_begin, page_styles_end);
  const std::string script = joined(page_scripts_begin, page_scripts_end);
  const std::string policy = fmt::format(
      "default-src 'none'; script-src {}; style-src {}; img-src data:; base-uri 'none'; form-action 'none'",
      source_hash(script), source_hash(style));
  // The title comes last: whatever a stranger's text holds is not looked at for the marks of the others.
  std::string out = replace_all(
      {page_frame_begin, static_cast<std::size_t>(page_frame_end - page_frame_begin)}, "{{policy}}", policy);
  out = replace_all(out, "{{style}}", style);
  out = replace_all(out, "{{script}}", script);
  const std::size_t data = out.find("{{data}}");
  return replace_all(out.substr(0, data), "{{title}}", html_text(shown_name(head.title))) + out.substr(data);
}

void append_item(std::string& list, std::string_view json) {
  if (!list.empty()) list += ',';
  list += json;
}

}  // namespace

std::string script_json(std::string_view json) {
  static constexpr std::pair<std::string_view, std::string_view> kEscapes[] = {
      {"<", "\\u003c"}, {">", "\\u003e"}, {"&", "\\u0026"}, {"\u2028", "\\u2028"}, {"\u2029", "\\u2029"}};
  std::string out(json);
  for (const auto& [text, escape] : kEscapes)
    if (out.find(text) != std::string::npos) out = replace_all(out, text, escape);
  return out;
}

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

PageWriter::PageWriter(const PageHead& head, std::function<void(std::string_view)> write,
                       std::size_t max_bytes)
    : write_(std::move(write)), max_bytes_(max_bytes) {
  static constexpr std::string_view kMark = "{{data}}";
  const std::string page = frame(head);
  const std::size_t data = page.find(kMark);
  put(std::string_view(page).substr(0, data));
  put(data_element("head", head_json(head)));
  tail_ = page.substr(data + kMark.size());
  text({});  // number 0 is no text
}

void PageWriter::put(std::string_view text) {
  written_ += text.size();
  write_(text);
}

std::uint32_t PageWriter::text(std::string_view text) {
  std::string readable = shown(text);
  const auto [found, added] =
      texts_.try_emplace(std::move(readable), static_cast<std::uint32_t>(texts_.size()));
  if (added) append_item(new_texts_, json_text(found->first));
  return found->second;
}

std::uint32_t PageWriter::subject(const PageSubject& subject) {
  const auto [found, added] =
      subjects_.try_emplace(std::string(subject.id), static_cast<std::uint32_t>(subjects_.size()));
  if (added)
    append_item(new_subjects_, fmt::format("[{},{},{},{},{},{}]", json_text(shown(subject.id)),
                                           json_text(shown_name(subject.name)), text(subject.type),
                                           text(subject.environment), subject.scope, subject.owner));
  return found->second;
}

void PageWriter::add(const PageRow& row) {
  const std::size_t waiting = new_texts_.size() + new_subjects_.size() + new_rows_.size();
  if (written_ + waiting + tail_.size() > max_bytes_) {
    ++left_out_;
    return;
  }
  ++rows_;
  append_item(new_rows_, fmt::format("[{},{},{},{},{},{},{},{},{},{},{}]", row.rule,
                                     row.subject ? static_cast<std::int64_t>(subject(*row.subject)) : -1,
                                     static_cast<int>(row.state), static_cast<int>(row.level),
                                     json_text(shown(row.id)), text(row.reason), text(row.path),
                                     text(row.place), text(row.used_at), text(row.fix), text(row.remarks)));
  if (waiting > kBlockBytes) flush();
}

void PageWriter::flush() {
  if (new_rows_.empty()) return;
  put(data_element("rows", fmt::format(R"({{"texts":[{}],"subjects":[{}],"rows":[{}]}})", new_texts_,
                                       new_subjects_, new_rows_)));
  new_texts_.clear();
  new_subjects_.clear();
  new_rows_.clear();
}

void PageWriter::finish() {
  flush();
  put(data_element("end", fmt::format(R"({{"listed":{},"leftOut":{}}})", rows_, left_out_)));
  put(tail_);
}

}  // namespace redoubt::report
