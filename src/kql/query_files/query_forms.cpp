#include "kql/detail/query_forms.h"

#include <algorithm>
#include <array>

#include "core/text.h"
#include "kql/detail/query_file.h"

namespace redoubt::kql::detail {

namespace {

constexpr std::array kResourceForms = {
    ResourceForm{"/alertRules", "query", QueryKind::ArmAnalyticsRule},
    ResourceForm{"/alertRuleTemplates", "query", QueryKind::ArmAnalyticsRule},
    ResourceForm{"scheduledQueryRules", "query", QueryKind::ScheduledQueryRule},
    ResourceForm{"savedSearches", "query", QueryKind::SavedSearch},
    ResourceForm{"queryPacks/queries", "body", QueryKind::SavedSearch},
    ResourceForm{"Microsoft.ResourceGraph/queries", "query", QueryKind::SavedSearch},
};

constexpr std::array kRuleMembers = {"queryFrequency", "queryPeriod", "triggerOperator", "triggerThreshold",
                                     "suppressionDuration"};
constexpr std::array kHuntingMembers = {"tactics", "relevantTechniques", "requiredDataConnectors",
                                        "entityMappings"};
constexpr std::array kNames = {"displayName", "name", "FunctionName", "ParserName", "ruleName", "title"};
constexpr std::array kIds = {"id", "detectorId", "guid"};
constexpr std::array kCalls = {"queryData",       "visualizeQuery",  "listKustoResults",
                               "listKqlQuery",    "ResourceGraph",   "runHuntingQuery",
                               "advancedqueries", "advancedHunting", "loganalytics"};
constexpr std::array kMentions = {"queryFrequency",  "queryPeriod",         "FunctionQuery",
                                  "ParserQuery",     "queryText",           "alertRules",
                                  "savedSearches",   "scheduledQueryRules", "relevantTechniques",
                                  "kind: Scheduled", "kind: NRT",           "entityMappings"};
constexpr std::array kOperators = {"where",     "extend",       "project",  "summarize", "join",    "union",
                                   "mv-expand", "make-series",  "evaluate", "distinct",  "lookup",  "parse",
                                   "take",      "project-away", "mv-apply", "render",    "order by"};

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kNotebook = "Notebook/1.0";

std::string_view first_text(const doc::Value& object, std::span<const char* const> names) {
  for (const char* name : names)
    if (const auto text = object.text_of(name)) return *text;
  return {};
}

bool has_one(const doc::Value& object, std::span<const char* const> names) {
  return std::ranges::any_of(names, [&](const char* name) { return object.find(name) != nullptr; });
}

}  // namespace

const ResourceForm* find_resource_form(std::string_view type) {
  const auto* found = std::ranges::find_if(
      kResourceForms, [type](const ResourceForm& form) { return ends_with_any_case(type, form.type_end); });
  return found == kResourceForms.end() ? nullptr : found;
}

std::optional<QueryKind> kind_of_member(std::string_view name) {
  if (equal_any_case(name, "queryText")) return QueryKind::CustomDetection;
  if (equal_any_case(name, "FunctionQuery") || equal_any_case(name, "ParserQuery"))
    return QueryKind::Function;
  return std::nullopt;
}

std::optional<QueryKind> kind_of_rule(const doc::Value& object) {
  const std::string_view kind = object.text_of("kind").value_or("");
  if (equal_any_case(kind, "Scheduled") || equal_any_case(kind, "NRT") || has_one(object, kRuleMembers))
    return QueryKind::AnalyticsRule;
  if (object.find("functionAlias") != nullptr) return QueryKind::Function;
  if (!has_one(object, kHuntingMembers)) return std::nullopt;
  return object.find("severity") != nullptr ? QueryKind::AnalyticsRule : QueryKind::HuntingQuery;
}

std::string_view name_in(const doc::Value& object) { return first_text(object, kNames); }
std::string_view id_in(const doc::Value& object) { return first_text(object, kIds); }

std::string_view period_in(QueryKind kind, const doc::Value& object) {
  const bool is_of_sentinel = kind == QueryKind::AnalyticsRule || kind == QueryKind::ArmAnalyticsRule;
  return is_of_sentinel ? object.text_of("queryPeriod").value_or("") : std::string_view();
}

bool is_arm_template(const doc::Value& object) {
  if (const auto schema = object.text_of("$schema"))
    if (lower(*schema).find("deploymenttemplate") != std::string::npos) return true;
  return object.find("contentVersion") != nullptr && object.find("resources") != nullptr;
}

bool is_workbook(const doc::Value& object) {
  return object.text_of("version") == kNotebook && object.find("items") != nullptr;
}

bool holds_workbook(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  return first != std::string_view::npos && text[first] == '{' &&
         text.find(kNotebook) != std::string_view::npos;
}

// Data sources by number: 0 Logs, 1 Resource Graph, 9 Data Explorer.
bool is_workbook_query(const doc::Value& object, std::string_view query) {
  if (const doc::Value* source = object.find("queryType"); source != nullptr && source->is_int())
    return source->as_int() == 0 || source->as_int() == 1 || source->as_int() == 9;
  return !query.starts_with("{\"");
}

bool takes_query(const doc::Value& inputs) {
  for (const char* name : {"path", "uri"}) {
    const std::string where = lower(inputs.text_of(name).value_or(""));
    if (std::ranges::any_of(kCalls,
                            [&](const char* call) { return where.find(lower(call)) != std::string::npos; }))
      return true;
  }
  return false;
}

bool is_arm_expression(std::string_view text) {
  return text.size() >= 2 && text.front() == '[' && text.back() == ']' && text[1] != '[';
}

bool has_workflow_expression(std::string_view text) {
  if (text.find("@{") != std::string_view::npos) return true;
  return text.starts_with('@') && text.find('(') != std::string_view::npos && !text.starts_with("@@") &&
         !text.starts_with("@'") && !text.starts_with("@\"");
}

bool looks_like_query(std::string_view text) {
  for (std::size_t bar = text.find('|'); bar != std::string_view::npos; bar = text.find('|', bar + 1)) {
    const std::size_t word = text.find_first_not_of(kBlanks, bar + 1);
    if (word == std::string_view::npos) return false;
    const std::string_view rest = text.substr(word);
    for (const std::string_view name : kOperators)
      if (rest.starts_with(name) && rest.size() > name.size() &&
          kBlanks.find(rest[name.size()]) != std::string_view::npos)
        return true;
  }
  return false;
}

bool mentions_queries(std::string_view text) {
  return text.find(kNotebook) != std::string_view::npos ||
         std::ranges::any_of(
             kMentions, [text](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

}  // namespace redoubt::kql::detail
