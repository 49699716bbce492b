#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/hash.h"
#include "core/text.h"
#include "doc/json.h"
#include "posture/compliance_output.h"
#include "report/tool.h"

namespace redoubt::posture {

using doc::JsonWriter;

namespace {

constexpr std::string_view kOscalVersion = "1.1.3";
/// A name, not a place: tools want a URL.
constexpr std::string_view kNamespace = "https://redoubt.invalid/ns/oscal";
/// 5a1f7f0e-6f0c-4c52-9f43-7d3f3f0b7a11, chosen once: UUIDs of equal names stay equal.
constexpr std::string_view kUuidNamespace =
    "\x5a\x1f\x7f\x0e\x6f\x0c\x4c\x52\x9f\x43\x7d\x3f\x3f\x0b\x7a\x11";

std::string uuid(std::initializer_list<std::string_view> parts) {
  std::string name;
  for (const std::string_view part : parts)
    name.append(part).push_back('\n');
  return name_uuid(kUuidNamespace, name);
}

/// OSCAL's token: a letter or `_`, then letters, digits, `.`, `-`, `_`.
std::string token(std::string_view id) {
  const auto letter = [](char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || c == '_'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  std::string out = !id.empty() && letter(id.front()) ? "" : "_";
  for (const char c : id)
    out += letter(c) || digit(c) || c == '.' || c == '-' ? c : '_';
  return out;
}

/// A string of OSCAL is not empty and neither begins nor ends with a blank.
std::string filled(std::string_view text) {
  const std::string_view trimmed = trim(text);
  return std::string(trimmed.empty() ? "(none)" : replace_all(trimmed, "\n", " "));
}

void write_prop(JsonWriter& json, std::string_view name, std::string_view value) {
  json.begin_object().key("name").text(name).key("ns").text(kNamespace).key("value").text(filled(value));
  json.end_object();
}

/// Decided, so that a finding can say satisfied or not: OSCAL has no third word.
bool is_decided(ControlState state) {
  return state == ControlState::Failed || state == ControlState::Passed || state == ControlState::Attested;
}

/// One framework's result. Observations come first: findings refer to them.
class ResultWriter {
 public:
  ResultWriter(JsonWriter& json, const FrameworkResult& result, const std::string& at)
      : json_(json), result_(result), at_(at) {
    for (const ControlResult& control : result.controls)
      for (const ControlCheck& check : control.checks)
        if (check.evidence != nullptr) checks_.emplace(check.evidence->name, check.evidence);
  }

  void write() {
    const Framework& framework = *result_.framework;
    json_.begin_object().key("uuid").text(uuid({"result", framework.id, at_}));
    json_.key("title").text(fmt::format("{} {}", framework.title, framework.version));
    json_.key("description")
        .text("Controls judged by checks of templates and inventories, and by attestations.");
    json_.key("start").text(at_).key("end").text(at_);
    inventory();
    reviewed();
    observations();
    findings();
    json_.end_object();
  }

 private:
  std::string subject(const CheckFinding& finding) const {
    return uuid({"resource", result_.framework->id, lower(finding.resource_id)});
  }
  std::string observation(const CheckEvidence& check) const {
    return uuid({"check", result_.framework->id, lower(check.name), at_});
  }
  std::string observation(const Attestation& one) const {
    return uuid({"attestation", result_.framework->id, result_.framework->controls[one.control].id,
                 one.author, one.statement});
  }

  /// The resources that findings are about.
  void inventory() {
    std::map<std::string, const CheckFinding*> resources;
    for (const auto& [name, check] : checks_)
      for (const CheckFinding& finding : check->findings)
        if (!finding.resource_id.empty()) resources.emplace(lower(finding.resource_id), &finding);
    if (resources.empty()) return;
    json_.key("local-definitions").begin_object().key("inventory-items").begin_array();
    for (const auto& [id, finding] : resources) {
      json_.begin_object().key("uuid").text(subject(*finding));
      json_.key("description").text(fmt::format("{} {}", finding->resource_type, finding->resource_name));
      json_.key("props").begin_array();
      write_prop(json_, "resource-id", finding->resource_id);
      json_.end_array().end_object();
    }
    json_.end_array().end_object();
  }

  /// Every control, by its state.
  void reviewed() {
    json_.key("reviewed-controls").begin_object().key("control-selections").begin_array();
    for (std::size_t i = 0; i < kControlStates; ++i) {
      const auto state = static_cast<ControlState>(i);
      const auto fits = [&](const ControlResult& one) { return one.state == state && !one.control->group; };
      if (std::none_of(result_.controls.begin(), result_.controls.end(), fits)) continue;
      json_.begin_object().key("props").begin_array();
      write_prop(json_, "state", name_of(state));
      json_.end_array().key("include-controls").begin_array();
      for (const ControlResult& one : result_.controls)
        if (fits(one)) json_.begin_object().key("control-id").text(token(one.control->id)).end_object();
      json_.end_array().end_object();
    }
    json_.end_array().end_object();
  }

  void observations() {
    const bool attested = std::any_of(result_.controls.begin(), result_.controls.end(),
                                      [](const ControlResult& one) { return !one.attestations.empty(); });
    if (checks_.empty() && !attested) return;
    json_.key("observations").begin_array();
    for (const auto& [name, check] : checks_)
      write_check(*check);
    for (const ControlResult& control : result_.controls)
      for (const Attestation* one : control.attestations)
        write_attestation(*one);
    json_.end_array();
  }

  void write_check(const CheckEvidence& check) {
    json_.begin_object().key("uuid").text(observation(check));
    json_.key("title")
        .text(filled(check.display_name))
        .key("description")
        .text(fmt::format("{}: {} compliant, {} noncompliant, {} unknown", check.name, check.counts.compliant,
                          check.counts.noncompliant, check.counts.unknown + check.counts.error));
    json_.key("props").begin_array();
    write_prop(json_, "policy", check.name);
    json_.end_array().key("methods").begin_array().text("TEST").end_array();
    std::set<std::string> subjects;
    for (const CheckFinding& finding : check.findings)
      if (!finding.resource_id.empty()) subjects.insert(subject(finding));
    if (!subjects.empty()) {
      json_.key("subjects").begin_array();
      for (const std::string& one : subjects)
        json_.begin_object().key("subject-uuid").text(one).key("type").text("inventory-item").end_object();
      json_.end_array();
    }
    if (!check.findings.empty()) {
      json_.key("relevant-evidence").begin_array();
      for (const CheckFinding& finding : check.findings)
        write_evidence(finding);
      json_.end_array();
    }
    json_.key("collected").text(at_).end_object();
  }

  void write_evidence(const CheckFinding& finding) {
    json_.begin_object()
        .key("description")
        .text(filled(fmt::format("{}: {} {}", finding.state, finding.resource_name, finding.reason)));
    json_.key("props").begin_array();
    write_prop(json_, "finding", finding.id);
    write_prop(json_, "resource-id", finding.resource_id);
    if (const std::string place = finding.location.text(); !place.empty()) write_prop(json_, "place", place);
    json_.end_array().end_object();
  }

  void write_attestation(const Attestation& one) {
    json_.begin_object().key("uuid").text(observation(one)).key("title").text("Attestation");
    json_.key("description").text(one.statement).key("methods").begin_array().text("EXAMINE").end_array();
    json_.key("origins").begin_array().begin_object().key("actors").begin_array();
    json_.begin_object().key("type").text("party").key("actor-uuid").text(uuid({"party", one.author}));
    json_.end_object().end_array().end_object().end_array();
    if (!one.evidence.empty()) {
      json_.key("relevant-evidence").begin_array().begin_object();
      json_.key("description").text(filled(one.evidence)).end_object().end_array();
    }
    json_.key("collected").text(at_).key("expires").text(to_text(one.expires_at)).end_object();
  }

  void findings() {
    const auto decided = [](const ControlResult& one) {
      return is_decided(one.state) && !one.control->group;
    };
    if (std::none_of(result_.controls.begin(), result_.controls.end(), decided)) return;
    json_.key("findings").begin_array();
    for (const ControlResult& one : result_.controls)
      if (decided(one)) write_finding(one);
    json_.end_array();
  }

  void write_finding(const ControlResult& one) {
    const Control& control = *one.control;
    const bool failed = one.state == ControlState::Failed;
    json_.begin_object().key("uuid").text(uuid({"finding", result_.framework->id, control.id, at_}));
    json_.key("title").text(fmt::format("{} {}", control.shown(), control.title));
    json_.key("description").text(fmt::format("The control is {}.", name_of(one.state)));
    json_.key("target")
        .begin_object()
        .key("type")
        .text("objective-id")
        .key("target-id")
        .text(token(control.id));
    json_.key("status").begin_object().key("state").text(failed ? "not-satisfied" : "satisfied");
    json_.key("reason").text(failed ? "fail" : one.state == ControlState::Passed ? "pass" : "other");
    if (!one.reason.empty()) json_.key("remarks").text(one.reason);
    json_.end_object().end_object();
    std::set<std::string> related;
    for (const ControlCheck& check : one.checks)
      if (check.evidence != nullptr) related.insert(observation(*check.evidence));
    for (const Attestation* attestation : one.attestations)
      related.insert(observation(*attestation));
    json_.key("related-observations").begin_array();
    for (const std::string& id : related)
      json_.begin_object().key("observation-uuid").text(id).end_object();
    json_.end_array().end_object();
  }

  JsonWriter& json_;
  const FrameworkResult& result_;
  const std::string& at_;
  std::map<std::string, const CheckEvidence*> checks_;
};

void write_metadata(JsonWriter& json, const Compliance& compliance, const std::string& at) {
  json.key("metadata").begin_object().key("title").text("Compliance of an AI landing zone");
  json.key("last-modified").text(at).key("version").text(at).key("oscal-version").text(kOscalVersion);
  std::set<std::string> authors;
  for (const FrameworkResult& framework : compliance.frameworks)
    for (const ControlResult& control : framework.controls)
      for (const Attestation* one : control.attestations)
        authors.insert(one->author);
  if (!authors.empty()) {
    json.key("parties").begin_array();
    for (const std::string& author : authors) {
      json.begin_object().key("uuid").text(uuid({"party", author})).key("type").text("person");
      json.key("name").text(filled(author)).end_object();
    }
    json.end_array();
  }
  json.end_object();
}

/// There is no assessment plan beside the command line; OSCAL wants one named.
void write_back_matter(JsonWriter& json, const std::string& plan) {
  json.key("back-matter").begin_object().key("resources").begin_array();
  json.begin_object().key("uuid").text(plan).key("title").text("Assessment plan");
  json.key("description")
      .text("The checks and mappings of `redoubt posture compliance`; there is no plan document.");
  json.end_object().end_array().end_object();
}

}  // namespace

void write_compliance_oscal(const Compliance& compliance, Instant now, const Write& write) {
  const std::string at = to_text(now);
  const std::string plan = uuid({"plan"});
  std::string names;
  for (const FrameworkResult& one : compliance.frameworks)
    names += one.framework->id + " ";
  JsonWriter json(true, write);
  json.begin_object().key("assessment-results").begin_object().key("uuid").text(uuid({"results", names, at}));
  write_metadata(json, compliance, at);
  json.key("import-ap").begin_object().key("href").text("#" + plan).end_object();
  json.key("results").begin_array();
  for (const FrameworkResult& one : compliance.frameworks)
    ResultWriter(json, one, at).write();
  json.end_array();
  write_back_matter(json, plan);
  json.end_object().end_object();
  json.finish();
  write("\n");
}

}  // namespace redoubt::posture
