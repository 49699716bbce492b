#include "posture/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/text.h"
#include "core/utf8.h"
#include "doc/json.h"
#include "doc/yaml.h"
#include "posture/scan.h"

namespace redoubt::posture {

using doc::Value;

namespace {

constexpr std::string_view kSchema = "redoubt.baseline/1";
constexpr std::string_view kForm = "write a list `accepted` of {finding, reason, owner, expires}";

struct EntryKey {
  std::string_view name;
  std::string BaselineEntry::* member;
};
constexpr EntryKey kKeys[] = {{"finding", &BaselineEntry::finding},   {"policy", &BaselineEntry::policy},
                              {"resource", &BaselineEntry::resource}, {"path", &BaselineEntry::path},
                              {"reason", &BaselineEntry::reason},     {"owner", &BaselineEntry::owner},
                              {"expires", &BaselineEntry::expires}};

class BaselineReader {
 public:
  BaselineReader(const doc::Sources& sources, Reading<Baseline>& out) : sources_(sources), out_(out) {}

  void read(const Value& root) {
    const Value* list = &root;
    if (root.is_object()) {
      const std::optional<std::string_view> schema = root.text_of("schema");
      if (schema && *schema != kSchema)
        tell("POS0040", fmt::format("the schema is not {}: {}", kSchema, *schema), root);
      list = root.find("accepted");
      if (list == nullptr) return tell("POS0040", "a baseline has a list `accepted`", root, kForm);
      if (list->is_null()) return;
    }
    if (!list->is_array()) return tell("POS0040", "a baseline is a list of entries", *list, kForm);
    for (const Value& node : list->items())
      entry(node);
  }

 private:
  void tell(std::string_view code, std::string message, const Value& node, std::string_view hint = {}) {
    out_.diagnostics.push_back({Severity::Error, std::string(code), std::move(message),
                                sources_.where(node.place()), std::string(hint)});
  }

  void entry(const Value& node) {
    if (!node.is_object()) return tell("POS0040", "an entry is no mapping", node, kForm);
    BaselineEntry entry;
    entry.where = sources_.where(node.place());
    for (const doc::Member& member : node.members()) {
      const auto* key = std::find_if(std::begin(kKeys), std::end(kKeys),
                                     [&](const EntryKey& one) { return one.name == member.name; });
      if (key == std::end(kKeys))
        tell("POS0040", fmt::format("an entry has no key {}", member.name), member.value,
             "its keys: finding, policy, resource, path, reason, owner, expires");
      else if (member.value.is_string())
        entry.*(key->member) = trim(member.value.as_string());
      else if (!member.value.is_null())
        tell("POS0040",
             fmt::format("{} must be text, not {}", member.name, doc::name_of(member.value.kind())),
             member.value);
    }
    const auto need = [&](bool there, std::string_view what, std::string_view hint) {
      if (!there) tell("POS0041", fmt::format("an entry has no {}", what), node, hint);
    };
    need(!entry.reason.empty(), "reason", "say why it is accepted");
    need(!entry.owner.empty(), "owner", "say who answers for it");
    need(!entry.finding.empty() || (!entry.policy.empty() && !entry.resource.empty()),
         "finding, nor policy and resource", "`posture scan -f json` gives ids");
    if (!entry.expires.empty()) {
      const Result<Instant> expiry = read_expiry(entry.expires);
      if (expiry)
        entry.expires_at = *expiry;
      else
        tell("POS0042", expiry.error().message, node, expiry.error().hint);
    }
    out_.value.add(std::move(entry));
  }

  const doc::Sources& sources_;
  Reading<Baseline>& out_;
};

/// As JSON, and with characters escaped that YAML takes for line breaks or does not allow: both read it
/// alike.
std::string quoted(std::string_view text) {
  doc::JsonWriter json;
  json.text(text);
  const std::string plain = json.take();
  std::string out;
  for (std::size_t at = 0; at < plain.size();) {
    const Utf8Character next = decode_utf8(plain, at);
    const char32_t c = next.code;
    if ((c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff || c == 0xfffe || c == 0xffff)
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      out += plain.substr(at, next.bytes);
    at += next.bytes;
  }
  return out;
}

std::string entry_yaml(const BaselineEntry& entry, std::string_view indent) {
  std::string out;
  for (const EntryKey& key : kKeys) {
    const std::string& text = entry.*(key.member);
    if (text.empty()) continue;
    out += fmt::format("{}{} {}: {}\n", indent, out.empty() ? "-" : " ", key.name, quoted(text));
  }
  return out;
}

/// The blanks before the last line that begins an entry.
std::string last_indent(std::string_view text) {
  std::string out = "  ";
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t dash = line.find_first_not_of(' ');
    if (dash != std::string_view::npos && line.substr(dash).starts_with("- ")) out.assign(dash, ' ');
  }
  return out;
}

/// Whether a text reads as exactly these entries.
bool reads_as(std::string text, const Baseline& wanted) {
  doc::Sources sources;
  const Result<Reading<doc::Document>> document = doc::read_yaml(sources, "baseline", std::move(text));
  if (!document) return false;
  const Reading<Baseline> read = Baseline::read(document->value.root, sources);
  if (read.has_errors() || read.value.entries().size() != wanted.entries().size()) return false;
  return std::equal(wanted.entries().begin(), wanted.entries().end(), read.value.entries().begin(),
                    [](const BaselineEntry& left, const BaselineEntry& right) {
                      return std::all_of(std::begin(kKeys), std::end(kKeys), [&](const EntryKey& key) {
                        return left.*(key.member) == right.*(key.member);
                      });
                    });
}

std::string json_text(const Baseline& baseline) {
  doc::JsonWriter json(true);
  json.begin_object().key("schema").text(kSchema).key("accepted").begin_array();
  for (const BaselineEntry& entry : baseline.entries()) {
    json.begin_object();
    for (const EntryKey& key : kKeys)
      if (const std::string& text = entry.*(key.member); !text.empty()) json.key(key.name).raw(quoted(text));
    json.end_object();
  }
  json.end_array().end_object();
  return json.take() + "\n";
}

}  // namespace

Result<Instant> read_expiry(std::string_view text) {
  const Result<ZonedTime> time = parse_time(text);
  if (!time)
    return fail(Error::Kind::InvalidInput, "POS0042", fmt::format("expires is no date: {}", text), {},
                "write 2026-12-31; it holds to the end of that day");
  constexpr std::size_t kDateLength = 10;
  if (text.size() > kDateLength) return time->instant;
  return add_days(time->instant, 1);
}

Reading<Baseline> Baseline::read(const Value& root, const doc::Sources& sources) {
  Reading<Baseline> out;
  BaselineReader(sources, out).read(root);
  return out;
}

void Baseline::add(BaselineEntry entry) {
  const std::size_t number = entries_.size();
  if (!entry.finding.empty())
    by_finding_[lower(entry.finding)].push_back(number);
  else
    by_policy_[lower(entry.policy)].push_back(number);
  entries_.push_back(std::move(entry));
}

std::optional<std::size_t> Baseline::find(const Finding& finding, Instant now) const {
  std::optional<std::size_t> expired;
  const auto first = [&](const auto& map, const std::string& key, const auto& fits) {
    const auto numbers = map.find(key);
    if (numbers == map.end()) return std::optional<std::size_t>();
    for (const std::size_t number : numbers->second) {
      if (!fits(entries_[number])) continue;
      if (!entries_[number].expired(now)) return std::optional(number);
      if (!expired) expired = number;
    }
    return std::optional<std::size_t>();
  };
  const auto by_id = first(by_finding_, finding.id, [](const BaselineEntry&) { return true; });
  if (by_id || finding.resource == nullptr) return by_id ? by_id : expired;
  const auto fits = [&](const BaselineEntry& entry) {
    const bool path = entry.path.empty() || entry.path == finding.path;
    return path && (equal_any_case(entry.resource, finding.resource->id) ||
                    equal_any_case(entry.resource, finding.resource->name));
  };
  for (const std::string* name :
       {&finding.policy->definition->name, &finding.policy->definition->display_name})
    if (const auto found = first(by_policy_, lower(*name), fits)) return found;
  return expired;
}

std::string baseline_text(const Baseline& baseline, bool json, std::size_t kept, std::string_view before) {
  if (json) return json_text(baseline);
  if (!before.empty()) {
    std::string text(before);
    if (!text.ends_with('\n')) text += '\n';
    const std::string indent = last_indent(text);
    for (std::size_t i = kept; i < baseline.entries().size(); ++i)
      text += entry_yaml(baseline.entries()[i], indent);
    if (reads_as(text, baseline)) return text;
  }
  std::string out =
      fmt::format("schema: {}\naccepted:{}\n", kSchema, baseline.entries().empty() ? " []" : "");
  for (const BaselineEntry& entry : baseline.entries())
    out += entry_yaml(entry, "  ");
  return out;
}

}  // namespace redoubt::posture
