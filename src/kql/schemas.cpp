#include "kql/schemas.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "doc/sources.h"

namespace redoubt::kql {

namespace {

struct Section {
  std::string_view name;
  bool any_case = false;
};
constexpr std::string_view kForm = R"(write {"Table": {"Column": "string"}})";
constexpr Section kSections[] = {{"LogAnalytics"}, {"ResourceGraph", true}};

Diagnostic wrong(std::string_view code, std::string message, const doc::Value& at,
                 const doc::Sources& sources, std::string hint = {}) {
  return {Severity::Error, std::string(code), std::move(message), sources.where(at.place()), std::move(hint)};
}

}  // namespace

std::vector<Diagnostic> Schemas::add(const doc::Value& file, const doc::Sources& sources) {
  std::vector<Diagnostic> out;
  if (!file.is_object()) {
    out.push_back(
        wrong("KQL0502", "a file of table schemas is an object", file, sources, std::string(kForm)));
    return out;
  }
  bool any = false;
  for (const Section& section : kSections) {
    const doc::Value* const tables = file.find(section.name);
    if (tables == nullptr) continue;
    any = true;
    add_section(*tables, section.name, section.any_case, sources, out);
  }
  if (any) return out;
  for (const doc::Member& table : file.members()) {
    if (!table.value.is_object()) continue;
    any = true;
    add_listed(table.name, table.value, false, sources, out);
  }
  if (!any) out.push_back(wrong("KQL0502", "the file names no tables", file, sources, std::string(kForm)));
  return out;
}

void Schemas::add_section(const doc::Value& tables, std::string_view name, bool any_case,
                          const doc::Sources& sources, std::vector<Diagnostic>& out) {
  if (!tables.is_object()) {
    out.push_back(wrong("KQL0502", fmt::format("{} is an object of tables", name), tables, sources));
    return;
  }
  for (const doc::Member& table : tables.members())
    add_listed(table.name, table.value, any_case, sources, out);
}

void Schemas::add_listed(std::string_view name, const doc::Value& columns, bool any_case,
                         const doc::Sources& sources, std::vector<Diagnostic>& out) {
  if (!columns.is_object()) {
    out.push_back(
        wrong("KQL0502", fmt::format("a table is an object of columns: {}", name), columns, sources));
    return;
  }
  std::vector<std::pair<std::string, Type>> typed;
  for (const doc::Member& column : columns.members()) {
    const std::optional<Type> type =
        column.value.is_string() ? find_type(column.value.as_string()) : std::nullopt;
    if (type)
      typed.emplace_back(column.name, *type);
    else
      out.push_back(wrong("KQL0501", fmt::format("not a type, of column {}.{}", name, column.name),
                          column.value, sources,
                          "string, long, int, real, decimal, datetime, timespan, bool, guid or dynamic"));
  }
  add_table(name, typed, any_case);
}

void Schemas::add_table(std::string_view name, const std::vector<std::pair<std::string, Type>>& columns,
                        bool any_case) {
  auto table = std::make_unique<Table>();
  table->name = std::string(name);
  for (const auto& [column, type] : columns) {
    table->names.push_back(column);
    table->columns.push_back({table->names.back(), type});
    table->pointers.push_back(&table->columns.back());
  }
  table->relation.name = table->name;
  table->relation.columns = table->pointers;
  std::unique_ptr<Table>& place = any_case ? any_case_[lower(name)] : tables_[std::string(name)];
  if (place != nullptr) std::erase(in_order_, &place->relation);
  place = std::move(table);
  const auto behind =
      std::upper_bound(in_order_.begin(), in_order_.end(), name,
                       [](std::string_view wanted, const Relation* one) { return wanted < one->name; });
  in_order_.insert(behind, &place->relation);
}

const Relation* Schemas::find(std::string_view name) const {
  if (const auto found = tables_.find(name); found != tables_.end()) return &found->second->relation;
  if (any_case_.empty()) return nullptr;
  const auto found = any_case_.find(lower(name));
  return found == any_case_.end() ? nullptr : &found->second->relation;
}

}  // namespace redoubt::kql
