#include "report/sarif.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <unordered_map>

#include "core/text.h"
#include "doc/json.h"

namespace redoubt::report {

namespace {

constexpr std::string_view kSchema = "https://json.schemastore.org/sarif-2.1.0.json";
constexpr std::array<std::string_view, 4> kLevels = {"none", "note", "warning", "error"};
constexpr std::array<std::string_view, 6> kKinds = {"fail",          "open", "review",
                                                    "informational", "pass", "notApplicable"};
/// By core's Severity.
constexpr std::array<std::string_view, 3> kDiagnosticLevels = {"note", "warning", "error"};

template <class Enum, std::size_t N>
std::string_view name(Enum value, const std::array<std::string_view, N>& names) {
  return names[static_cast<std::size_t>(value)];
}

bool ends_sentence(std::string_view text) {
  return text.empty() || std::string_view(".!?:").find(text.back()) != std::string_view::npos;
}

class SarifWriter {
 public:
  explicit SarifWriter(const SarifRun& run) : run_(run) {}

  std::string take() {
    json_.begin_object();
    json_.key("$schema").text(kSchema);
    json_.key("version").text("2.1.0");
    json_.key("runs").begin_array().begin_object();
    write_tool();
    json_.key("columnKind").text("unicodeCodePoints");
    write_invocation();
    json_.key("results").begin_array();
    for (const SarifResult& result : run_.results)
      write_result(result);
    json_.end_array();
    write_properties(run_.properties);
    json_.end_object().end_array().end_object();
    return json_.take() + "\n";
  }

 private:
  void write_text(std::string_view key, std::string_view text) {
    if (!text.empty()) json_.key(key).text(text);
  }

  void write_message(std::string_view key, std::string_view text, std::string_view markdown = {}) {
    if (text.empty()) return;
    json_.key(key).begin_object().key("text").text(text);
    write_text("markdown", markdown);
    json_.end_object();
  }

  void write_tool() {
    json_.key("tool").begin_object().key("driver").begin_object();
    json_.key("name").text(run_.tool_name);
    write_text("version", run_.tool_version);
    write_text("informationUri", run_.information_uri);
    json_.key("rules").begin_array();
    for (const SarifRule& rule : run_.rules)
      if (rule_index_.try_emplace(rule.id, static_cast<std::int64_t>(rule_index_.size())).second)
        write_rule(rule);
    json_.end_array().end_object().end_object();
  }

  void write_rule(const SarifRule& rule) {
    json_.begin_object().key("id").text(rule.id);
    write_text("name", rule.name);
    write_message("shortDescription", rule.short_description);
    write_message("fullDescription", rule.full_description);
    write_message("help", rule.help, rule.help_markdown);
    write_text("helpUri", rule.help_uri);
    json_.key("defaultConfiguration")
        .begin_object()
        .key("level")
        .text(name(rule.level, kLevels))
        .end_object();
    write_properties(rule.properties);
    json_.end_object();
  }

  void write_invocation() {
    if (run_.notifications.empty()) return;
    bool failed = std::any_of(run_.notifications.begin(), run_.notifications.end(),
                              [](const Diagnostic& each) { return each.severity == Severity::Error; });
    json_.key("invocations").begin_array().begin_object().key("executionSuccessful").boolean(!failed);
    json_.key("toolExecutionNotifications").begin_array();
    for (const Diagnostic& diagnostic : run_.notifications) {
      json_.begin_object().key("descriptor").begin_object().key("id").text(diagnostic.code).end_object();
      json_.key("level").text(name(diagnostic.severity, kDiagnosticLevels));
      write_message("message", diagnostic.message + (diagnostic.hint.empty() ? "" : ". " + diagnostic.hint));
      write_locations("locations", {{.where = diagnostic.where}});
      json_.end_object();
    }
    json_.end_array().end_object().end_array();
  }

  void write_result(const SarifResult& result) {
    json_.begin_object().key("ruleId").text(result.rule_id);
    auto rule = rule_index_.find(result.rule_id);
    if (rule != rule_index_.end()) json_.key("ruleIndex").integer(rule->second);
    json_.key("kind").text(name(result.kind, kKinds));
    json_.key("level").text(name(result.kind == SarifKind::Fail ? result.level : SarifLevel::None, kLevels));
    json_.key("message").begin_object().key("text");
    json_.text(result.fix.empty() ? result.message
                                  : fmt::format("{}{} Fix: {}", result.message,
                                                ends_sentence(result.message) ? "" : ".", result.fix));
    json_.end_object();
    write_locations("locations", result.locations);
    write_locations("relatedLocations", result.related_locations, true);
    if (!result.fingerprints.empty()) {
      json_.key("partialFingerprints").begin_object();
      for (const auto& [key, text] : result.fingerprints)
        json_.key(key).text(text);
      json_.end_object();
    }
    write_suppressions(result);
    SarifProperties properties = result.properties;
    if (!result.fix.empty()) properties.emplace_back("fix", result.fix);
    write_properties(properties);
    json_.end_object();
  }

  void write_suppressions(const SarifResult& result) {
    if (!result.suppressions) return;
    json_.key("suppressions").begin_array();
    for (const SarifSuppression& one : *result.suppressions) {
      json_.begin_object().key("kind").text("external").key("status").text("accepted");
      write_text("justification", one.justification);
      json_.end_object();
    }
    json_.end_array();
  }

  /// Locations that say nothing are left out. Only related ones are numbered: an id must be unique in a
  /// result.
  void write_locations(std::string_view key, const std::vector<SarifLocation>& locations,
                       bool numbered = false) {
    std::int64_t count = 0;
    for (const SarifLocation& location : locations) {
      if (location.where.file.empty() && location.logical_name.empty()) continue;
      if (count++ == 0) json_.key(key).begin_array();
      json_.begin_object();
      if (numbered) json_.key("id").integer(count);
      write_physical(location);
      if (!location.logical_name.empty()) {
        json_.key("logicalLocations").begin_array().begin_object();
        json_.key("fullyQualifiedName").text(location.logical_name).key("kind").text("resource");
        json_.end_object().end_array();
      }
      write_message("message", location.message);
      json_.end_object();
    }
    if (count != 0) json_.end_array();
  }

  void write_physical(const SarifLocation& location) {
    const Where& where = location.where;
    if (where.file.empty()) return;
    json_.key("physicalLocation").begin_object();
    json_.key("artifactLocation").begin_object();
    json_.key("uri").text(file_uri(where.file, run_.base_directory)).end_object();
    if (where.line != 0) {
      json_.key("region").begin_object().key("startLine").integer(where.line);
      if (where.column != 0) json_.key("startColumn").integer(where.column);
      if (location.end_line > where.line) json_.key("endLine").integer(location.end_line);
      if (location.end_column != 0) json_.key("endColumn").integer(location.end_column);
      json_.end_object();
    }
    json_.end_object();
  }

  void write_property(const std::string& text) { json_.text(text); }
  void write_property(std::int64_t value) { json_.integer(value); }
  void write_property(bool value) { json_.boolean(value); }
  void write_property(const std::vector<std::string>& texts) {
    json_.begin_array();
    for (const std::string& text : texts)
      json_.text(text);
    json_.end_array();
  }

  void write_properties(const SarifProperties& properties) {
    if (properties.empty()) return;
    json_.key("properties").begin_object();
    for (const auto& [key, property] : properties) {
      json_.key(key);
      std::visit([this](const auto& value) { write_property(value); }, property);
    }
    json_.end_object();
  }

  const SarifRun& run_;
  doc::JsonWriter json_{true};
  std::unordered_map<std::string, std::int64_t> rule_index_;
};

std::string percent_encoded(std::string_view path) {
  static constexpr std::string_view kKept = "-._~/!$&'()*+,;=@";
  std::string out;
  for (char c : path) {
    bool letter_or_digit = (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
    if (letter_or_digit || kKept.find(c) != std::string_view::npos)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

std::string to_sarif(const SarifRun& run) { return SarifWriter(run).take(); }

std::string file_uri(std::string_view file, std::string_view base_directory) {
  std::filesystem::path path = std::filesystem::path(file).lexically_normal();
  if (path.is_absolute() && !base_directory.empty()) {
    std::filesystem::path relative = path.lexically_relative(base_directory);
    if (!relative.empty() && *relative.begin() != "..") path = relative;
  }
  return (path.is_absolute() ? "file://" : "") + percent_encoded(path.generic_string());
}

}  // namespace redoubt::report
