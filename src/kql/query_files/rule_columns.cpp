#include "kql/detail/rule_columns.h"

#include <array>

#include "core/text.h"
#include "kql/detail/query_forms.h"

namespace redoubt::kql::detail {

namespace {

struct Named {
  const char* member;
  std::string_view use;
};
constexpr std::array kTitles = {Named{"alertDisplayNameFormat", "the alert's name"},
                                Named{"alertDescriptionFormat", "the alert's description"}};
constexpr std::array kDetails = {Named{"alertTacticsColumnName", "the alert's tactics"},
                                 Named{"alertSeverityColumnName", "the alert's severity"}};
constexpr std::array kMeasures = {Named{"metricMeasureColumn", "the measure"},
                                  Named{"resourceIdColumn", "the resource"}};

class RuleColumns {
 public:
  RuleColumns(const doc::Sources& parsed, const ValuePlaces& places) : parsed_(parsed), places_(places) {}

  std::vector<TakenColumn> run(const doc::Value& rule) {
    add_entities(rule);
    if (const doc::Value* const details = object_in(rule, "customDetails"))
      for (const doc::Member& one : details->members())
        add(&one.value, "the custom detail " + std::string(one.name));
    if (const doc::Value* const override_of = object_in(rule, "alertDetailsOverride"))
      add_details(*override_of);
    for (const Named& one : kMeasures)
      add(rule.find(one.member), std::string(one.use));
    each_in(rule, "dimensions", [&](const doc::Value& one) { add(one.find("name"), "a dimension"); });
    return std::move(out_);
  }

 private:
  static const doc::Value* object_in(const doc::Value& object, const char* name) {
    const doc::Value* const found = object.find(name);
    return found != nullptr && found->is_object() ? found : nullptr;
  }

  /// Calls `visit` with each object of a list.
  template <class Visit>
  static void each_in(const doc::Value& object, const char* name, Visit visit) {
    const doc::Value* const list = object.find(name);
    if (list == nullptr || !list->is_array()) return;
    for (const doc::Value& one : list->items())
      if (one.is_object()) visit(one);
  }

  void add_entities(const doc::Value& rule) {
    each_in(rule, "entityMappings", [&](const doc::Value& mapping) {
      const std::string entity(mapping.text_of("entityType").value_or("?"));
      each_in(mapping, "fieldMappings", [&](const doc::Value& field) {
        add(field.find("columnName"),
            "the entity " + entity + "." + std::string(field.text_of("identifier").value_or("?")));
      });
    });
    each_in(rule, "sentinelEntitiesMappings",
            [&](const doc::Value& one) { add(one.find("columnName"), "the Sentinel entities"); });
  }

  void add_details(const doc::Value& details) {
    for (const Named& one : kTitles)
      add_placeholders(details.find(one.member), one.use);
    for (const Named& one : kDetails)
      add(details.find(one.member), std::string(one.use));
    each_in(details, "alertDynamicProperties", [&](const doc::Value& one) {
      add(one.find("value"), "the alert's " + std::string(one.text_of("alertProperty").value_or("property")));
    });
  }

  void add(const doc::Value* column, std::string use) {
    if (column == nullptr || !column->is_string()) return;
    const std::string_view name = column->as_string();
    if (trim(name).empty() || is_arm_expression(name)) return;
    const TextMap map = places_.map(parsed_, *column);
    out_.push_back({std::string(name), std::move(use), map[0], map[name.size()]});
  }

  /// `{{Column}}` in a text.
  void add_placeholders(const doc::Value* text, std::string_view use) {
    if (text == nullptr || !text->is_string() || is_arm_expression(text->as_string())) return;
    const std::string_view format = text->as_string();
    const TextMap map = places_.map(parsed_, *text);
    for (std::size_t at = format.find("{{"); at != std::string_view::npos; at = format.find("{{", at + 2)) {
      const std::size_t end = format.find("}}", at);
      if (end == std::string_view::npos) return;
      const std::string_view inside = format.substr(at + 2, end - at - 2);
      // One brace is missing somewhere: what is meant is not clear.
      if (inside.find_first_of("{}") != std::string_view::npos || trim(inside).empty()) continue;
      out_.push_back({std::string(trim(inside)), std::string(use), map[at + 2], map[end]});
    }
  }

  const doc::Sources& parsed_;
  const ValuePlaces& places_;
  std::vector<TakenColumn> out_;
};

}  // namespace

std::vector<TakenColumn> rule_columns(const doc::Value& object, const doc::Sources& parsed,
                                      const ValuePlaces& places) {
  return RuleColumns(parsed, places).run(object);
}

}  // namespace redoubt::kql::detail
