#include "kql/detail/query_tree.h"

#include "core/text.h"
#include "kql/detail/function_head.h"
#include "kql/detail/rule_columns.h"
#include "kql/parser.h"

namespace redoubt::kql::detail {

void QueryTree::visit(const doc::Value& value, std::string_view key, const Around& around) {
  if (value.is_object()) {
    visit_object(value, key, around);
  } else if (value.is_array()) {
    for (const doc::Value& item : value.items())
      visit(item, key, around);
  } else if (value.is_string()) {
    visit_text(value, around);
  }
}

void QueryTree::visit_object(const doc::Value& object, std::string_view key, Around around) {
  around.in_template = around.in_template || is_arm_template(object);
  WorkbookParameters parameters;
  if (!around.in_workbook && is_workbook(object)) {
    around.in_workbook = true;
    parameters = workbook_parameters(object);
    around.parameters = &parameters;
  }
  if (const std::string_view name = name_in(object); !name.empty()) around.name = name;
  if (const std::string_view id = id_in(object); !id.empty()) around.id = id;
  const doc::Value* properties = object.find("properties");
  const auto type = object.text_of("type");
  if (type && properties != nullptr) {
    around.form = nullptr;
    if (object.find("id") == nullptr) around.id = object.text_of("name").value_or("");
  }
  if (const doc::Value* inputs = object.find("inputs"); type && inputs != nullptr && inputs->is_object())
    visit_step(*inputs, key, around);
  for (const doc::Member& member : object.members()) {
    if (&member.value != properties || !type) {
      visit_member(object, member, around);
      continue;
    }
    Around inside = around;
    inside.form = find_resource_form(*type);
    visit(member.value, member.name, inside);
  }
}

void QueryTree::visit_member(const doc::Value& object, const doc::Member& member, const Around& around) {
  if (around.form != nullptr && equal_any_case(member.name, around.form->member)) {
    take(member.value, around.form->kind, around, &object);
  } else if (const std::optional<QueryKind> kind = kind_of_member(member.name)) {
    take(member.value, *kind, around, &object);
  } else if (equal_any_case(member.name, "query") &&
             (!member.value.is_container() || kind_of_rule(object).has_value())) {
    visit_query(object, member.value, around);
  } else if (member.name == "serializedData" && around.in_template && member.value.is_string() &&
             is_arm_expression(member.value.as_string())) {
    visit_open_workbook(member.value);
  } else {
    Around inside = around;
    inside.listed = equal_any_case(member.name, "queries");
    visit(member.value, member.name, inside);
  }
}

void QueryTree::visit_query(const doc::Value& object, const doc::Value& query, const Around& around) {
  const std::string_view text = query.is_string() ? query.as_string() : std::string_view();
  if (around.in_workbook) {
    if (query.is_string() && is_workbook_query(object, text)) take_workbook_query(query, around);
  } else if (const std::optional<QueryKind> kind = kind_of_rule(object)) {
    take(query, *kind, around, &object);
  } else if (looks_like_query(text)) {
    const std::size_t offset = places_.offset(parsed_, query);
    if (around.listed)
      take(query, QueryKind::ListedQuery, around);
    else if (file_.first_at(offset))
      file_.count_unknown(offset);
  }
}

/// Variables are looked through where they stand.
void QueryTree::visit_open_workbook(const doc::Value& data) {
  if (data.as_string().find("variables(") != std::string_view::npos) return;
  const std::size_t offset = places_.offset(parsed_, data);
  if (file_.first_at(offset))
    file_.tell_open(offset, "in a workbook that is an expression of the template", "expand the template");
}

void QueryTree::visit_step(const doc::Value& inputs, std::string_view key, Around around) {
  if (!takes_query(inputs)) return;
  around.name = key;
  const doc::Value* body = inputs.find("body");
  if (body == nullptr) return;
  if (body->is_string()) take(*body, QueryKind::LogicApp, around);
  if (const doc::Value* query = body->find_any_case("query")) take(*query, QueryKind::LogicApp, around);
  if (const doc::Value* query = body->find_any_case("csl")) take(*query, QueryKind::LogicApp, around);
}

void QueryTree::visit_text(const doc::Value& text, const Around& around) {
  if (around.listed && looks_like_query(text.as_string())) {
    take(text, QueryKind::ListedQuery, around);
  } else if (holds_workbook(text.as_string())) {
    const std::size_t offset = places_.offset(parsed_, text);
    if (!file_.first_at(offset)) return;
    if (embedded_ >= file_.limits().max_embedded)
      file_.tell(Severity::Error, "KQL0024",
                 "JSON in a string of JSON, more levels than " + std::to_string(file_.limits().max_embedded),
                 offset);
    else
      search_json(file_, text.as_string(), places_.map(parsed_, text), embedded_ + 1);
  }
}

void QueryTree::take_workbook_query(const doc::Value& value, const Around& around) {
  const std::size_t offset = places_.offset(parsed_, value);
  const bool of_template = around.in_template && value.as_string().starts_with('[');
  if (around.parameters == nullptr || of_template) return take(value, QueryKind::Workbook, around);
  if (!file_.first_at(offset)) return;
  CompletedQuery query = complete_query(value.as_string(), *around.parameters);
  if (!query.open.empty()) {
    const std::string names = join(std::vector<std::string_view>(query.open.begin(), query.open.end()), ", ");
    if (parse(query.text).has_errors())
      return file_.tell_open(offset, "completed by parameters of the workbook: " + names,
                             "what they stand for can not be told from the workbook");
    file_.tell(Severity::Hint, "KQL0026",
               "parameters of the workbook stand for values that are not known: " + names, offset,
               "what hangs on them is not checked");
  }
  file_.add({.kind = QueryKind::Workbook,
             .name = std::string(around.name),
             .id = std::string(around.id),
             .query = std::move(query.text),
             .file = 0,
             .map = query.map.through(places_.map(parsed_, value))});
}

void QueryTree::take(const doc::Value& value, QueryKind kind, const Around& around,
                     const doc::Value* object) {
  const std::size_t offset = places_.offset(parsed_, value);
  if (!file_.first_at(offset)) return;
  if (!value.is_string())
    return file_.tell(Severity::Warning, "KQL0022",
                      "the query is no text but " + std::string(doc::name_of(value.kind())), offset,
                      "write it behind `query: |`, or in quotes");
  std::string_view text = value.as_string();
  if (around.in_template && is_arm_expression(text))
    return file_.tell_open(offset, "an expression of the template",
                           "expand the template, or write the query as it is; `[[` begins a text");
  if (kind == QueryKind::LogicApp && has_workflow_expression(text))
    return file_.tell_open(offset, "completed when the workflow runs",
                           "keep the query in a function and hand values over as arguments");
  TextMap map = places_.map(parsed_, value);
  if (around.in_template && text.starts_with("[[") && text.back() == ']') {
    text.remove_prefix(1);
    map = TextMap::part(1, text.size()).through(map);
  }
  file_.add(
      {.kind = kind,
       .name = std::string(around.name),
       .id = std::string(around.id),
       .query = std::string(text),
       .file = 0,
       .map = std::move(map),
       .function = object == nullptr ? std::nullopt : function_head(*object, parsed_, places_),
       .taken = object == nullptr ? std::vector<TakenColumn>() : rule_columns(*object, parsed_, places_),
       .period = object == nullptr ? std::string() : std::string(period_in(kind, *object))});
}

}  // namespace redoubt::kql::detail
