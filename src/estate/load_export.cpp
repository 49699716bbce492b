#include "estate/load_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/text.h"
#include "doc/json.h"
#include "estate/detail/identity.h"

namespace redoubt::estate {

using doc::Member;
using doc::Value;

namespace {

constexpr std::size_t kRowsLookedAt = 50;
constexpr std::size_t kMaxRowReports = 20;
constexpr std::string_view kWholeRows = "export whole rows: az graph query -q Resources";

constexpr std::string_view kTotals[] = {"total_records", "totalRecords"};
constexpr std::string_view kNextPages[] = {"skip_token", "$skipToken", "skipToken", "nextLink",
                                           "@odata.nextLink"};
constexpr std::string_view kTruncated[] = {"resultTruncated", "result_truncated"};

/// Columns of Resource Graph that are no part of the ARM resource.
constexpr std::string_view kGraphColumns[] = {"id", "tenantId", "subscriptionId", "resourceGroup"};
/// Columns that may come as JSON text.
constexpr std::string_view kObjectColumns[] = {"properties", "tags", "sku",
                                               "identity",   "plan", "extendedLocation"};
/// Columns that conditions look at. The first is the only one without which a row says nothing.
constexpr std::string_view kConditionColumns[] = {"properties", "location", "kind",
                                                  "tags",       "sku",      "identity"};
constexpr unsigned kAllColumns = (1U << std::size(kConditionColumns)) - 1;

template <std::size_t N>
bool is_one_of(std::string_view name, const std::string_view (&names)[N]) {
  return std::any_of(std::begin(names), std::end(names),
                     [&](std::string_view one) { return equal_any_case(one, name); });
}

template <std::size_t N>
const Value* find_one_of(const Value& value, const std::string_view (&names)[N]) {
  for (const std::string_view name : names)
    if (const Value* found = value.find_any_case(name)) return found;
  return nullptr;
}

std::string_view text_at(const Value& value, std::string_view name) {
  const Value* found = value.find_any_case(name);
  return found != nullptr && found->is_string() ? found->as_string() : std::string_view();
}

bool any_row(std::span<const Value> rows) {
  const auto end = rows.begin() + static_cast<std::ptrdiff_t>(std::min(rows.size(), kRowsLookedAt));
  return std::any_of(rows.begin(), end, is_resource_row);
}

bool is_table(const Value& data) {
  const Value* columns = data.find_any_case("columns");
  const Value* rows = data.find_any_case("rows");
  return columns != nullptr && columns->is_array() && rows != nullptr && rows->is_array();
}

bool is_page(const Value& root) {
  if (!root.is_object()) return false;
  if (const Value* data = root.find_any_case("data")) {
    if (is_table(*data)) return true;
    if (!data->is_array()) return false;
    const Value* count = root.find_any_case("count");
    const bool empty = data->size() == 0 && (root.size() == 1 || (count != nullptr && count->is_int()));
    return empty || any_row(data->items()) || find_one_of(root, kTotals) != nullptr ||
           find_one_of(root, kNextPages) != nullptr || find_one_of(root, kTruncated) != nullptr;
  }
  const Value* value = root.find_any_case("value");
  if (value == nullptr || !value->is_array()) return false;
  return any_row(value->items()) ||
         (value->size() == 0 && (root.size() == 1 || find_one_of(root, kNextPages)));
}

/// Resource Graph writes null, or an empty text, for what a resource does not have.
bool is_missing(const Value& value) { return value.is_null() || (value.is_string() && value.size() == 0); }

unsigned columns_of(const Value& row, unsigned seen) {
  for (std::size_t i = 0; i < std::size(kConditionColumns); ++i) {
    if ((seen & (1U << i)) != 0) continue;
    const Value* found = row.find_any_case(kConditionColumns[i]);
    // That `properties` is null everywhere is what `az resource list` prints.
    if (found != nullptr && (i != 0 || !found->is_null())) seen |= 1U << i;
  }
  return seen;
}

}  // namespace

bool is_resource_row(const Value& value) {
  return value.is_object() && text_at(value, "id").starts_with('/') && !text_at(value, "type").empty();
}

PageNotice notice_of(const Value& page) {
  PageNotice out;
  if (const Value* total = find_one_of(page, kTotals); total != nullptr && total->is_int()) {
    out.total = total->as_int();
    return out;
  }
  const Value* next = find_one_of(page, kNextPages);
  const Value* truncated = find_one_of(page, kTruncated);
  const bool cut =
      truncated != nullptr && ((truncated->is_bool() && truncated->as_bool()) ||
                               (truncated->is_string() && equal_any_case(truncated->as_string(), "true")));
  out.more = cut || (next != nullptr && !is_missing(*next));
  return out;
}

bool is_export(const Value& root) {
  if (is_page(root)) return true;
  if (root.is_array()) return any_row(root.items()) || (root.size() != 0 && is_page(root.items()[0]));
  return is_resource_row(root);
}

void ExportLoader::add(const Value& root) {
  estate_.completeness().add_export();
  if (is_page(root)) return add_page(root);
  if (!root.is_array()) return add_page_rows(std::span<const Value>(&root, 1), false);
  if (root.size() == 0 || !is_page(root.items()[0])) return add_page_rows(root.items(), false);
  for (const Value& page : root.items()) {
    if (is_page(page))
      add_page(page);
    else
      report(Severity::Warning, "EST0107", "this is no page of an export, it is passed over", page.place());
  }
}

void ExportLoader::add_rows(const std::vector<Value>& rows) {
  estate_.completeness().add_export();
  std::vector<Value> plain;
  const auto add_one = [&](const Value& one) {
    if (is_page(one))
      add_page(one);
    else
      plain.push_back(one);
  };
  for (const Value& one : rows) {
    if (!one.is_array())
      add_one(one);
    else
      for (const Value& inner : one.items())
        add_one(inner);
  }
  if (!plain.empty()) add_page_rows(plain, false);
}

void ExportLoader::add_split(SplitExport& split) {
  estate_.completeness().add_export();
  if (!split.envelope.is_null()) note_page(split.envelope, split.rows.size(), split.path);
  const bool whole =
      std::all_of(split.rows.begin(), split.rows.end(), [](const ExportRow& row) { return row.wanted; });
  no_properties_ = false;
  // Whether no row has a column can only be told of all rows.
  if (whole) {
    std::vector<Value> rows;
    rows.reserve(split.rows.size());
    for (const ExportRow& row : split.rows)
      rows.push_back(row.value);
    look_for_columns(rows, split.envelope.find_any_case("data") != nullptr);
  }
  for (std::size_t i = 0; i < split.rows.size(); ++i) {
    ExportRow& row = split.rows[i];
    if (!row.wanted) {
      ++rows_read_;
      continue;
    }
    const std::size_t said = diagnostics_.size() + row_reports_;
    if (check_row(row.value, i + 1))
      add_row(row.value);
    else
      ++rows_skipped_;
    row.faulty = row.faulty || no_properties_ || diagnostics_.size() + row_reports_ != said;
  }
}

void ExportLoader::add_page(const Value& page) {
  const Value* data = page.find_any_case("data");
  if (data != nullptr && is_table(*data)) {
    const std::vector<Value> rows = table_rows(*data);
    note_page(page, data->find_any_case("rows")->size(), sources_.where(page.place()).file);
    return add_page_rows(rows, true);
  }
  const Value* rows = data != nullptr ? data : page.find_any_case("value");
  note_page(page, rows->size(), sources_.where(page.place()).file);
  add_page_rows(rows->items(), data != nullptr);
}

/// The rows of {columns, rows} as objects.
std::vector<Value> ExportLoader::table_rows(const Value& table) {
  std::vector<std::string_view> names;
  for (const Value& column : table.find_any_case("columns")->items())
    names.push_back(text_at(column, "name"));
  std::vector<Value> rows;
  for (const Value& cells : table.find_any_case("rows")->items()) {
    if (!cells.is_array() || cells.size() != names.size()) {
      ++rows_skipped_;
      report(Severity::Warning, "EST0111",
             fmt::format("the row does not have {} cells, it is skipped", names.size()), cells.place());
      continue;
    }
    members_.clear();
    for (std::size_t i = 0; i < names.size(); ++i)
      members_.push_back({names[i], cells.items()[i]});
    rows.push_back(doc::make_object(estate_.arena(), members_).at(cells.place()));
  }
  return rows;
}

void ExportLoader::note_page(const Value& page, std::size_t rows, const std::string& file) {
  const PageNotice notice = notice_of(page);
  if (!notice.total) {
    untold_.push_back({file, notice.more});
    return;
  }
  Total& known = totals_[*notice.total];
  known.rows += rows;
  known.file = file;
}

void ExportLoader::add_page_rows(std::span<const Value> rows, bool all_columns) {
  look_for_columns(rows, all_columns);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (check_row(rows[i], i + 1))
      add_row(rows[i]);
    else
      ++rows_skipped_;
  }
}

void ExportLoader::look_for_columns(std::span<const Value> rows, bool all_columns) {
  unsigned seen = any_row(rows) ? 0 : kAllColumns;
  for (std::size_t i = 0; i < rows.size() && seen != kAllColumns; ++i)
    seen = columns_of(rows[i], seen);
  no_properties_ = (seen & 1U) == 0;
  if (no_properties_)
    report(Severity::Warning, "EST0110", "no row has the column properties; conditions on it are unknown",
           rows[0].place(), std::string(kWholeRows));
  std::string missing;
  for (std::size_t i = 1; i < std::size(kConditionColumns); ++i)
    if ((seen & (1U << i)) == 0)
      missing += fmt::format("{}{}", missing.empty() ? "" : ", ", kConditionColumns[i]);
  if (all_columns && !missing.empty())
    report(Severity::Hint, "EST0110", "no row has these columns, they count as missing: " + missing,
           rows[0].place(), std::string(kWholeRows));
}

bool ExportLoader::check_row(const Value& row, std::size_t number) {
  std::string_view fault;
  if (!row.is_object())
    fault = "is no object";
  else if (text_at(row, "id").empty())
    fault = "has no id";
  else if (!text_at(row, "id").starts_with('/') ||
           text_at(row, "id").find_first_not_of('/') == std::string_view::npos)
    fault = "has an id that is no resource id";
  else if (text_at(row, "type").empty())
    fault = "has no type";
  if (fault.empty()) return true;
  if (++row_reports_ <= kMaxRowReports)
    report(Severity::Warning, "EST0107", fmt::format("the row {}, it is skipped: row {}", fault, number),
           row.place(), "a query must give id and type: project whole rows");
  return false;
}

void ExportLoader::add_row(const Value& row) {
  Resource resource;
  resource.id = text_at(row, "id");
  const std::string_view type = text_at(row, "type");
  const detail::Identity identity = detail::identity_of(resource.id, estate_);
  // Resource Graph writes types in lower case; the id has the provider's own spelling. ARM's lists name the
  // type of a resource group as no policy rule does.
  const bool by_id =
      equal_any_case(identity.type, type) || equal_any_case(type, "Microsoft.Resources/resourceGroups");
  resource.type = by_id && !identity.type.empty() ? identity.type : estate_.intern(type);
  resource.name = identity.name.empty() ? text_at(row, "name") : identity.name;
  resource.place = row.place();
  resource.from_export = true;
  resource.body = body_of(row, resource);
  if (types_seen_.insert(resource.type.data()).second)
    estate_.completeness().add_exported_type(resource.type);
  estate_.add(resource);
  ++rows_read_;
}

Value ExportLoader::body_of(const Value& row, const Resource& resource) {
  members_.clear();
  for (const Member& member : row.members()) {
    if (is_missing(member.value) || is_one_of(member.name, kGraphColumns)) continue;
    const bool text = member.value.is_string() && is_one_of(member.name, kObjectColumns);
    members_.push_back({member.name, text ? parsed(member, resource) : member.value});
  }
  if (no_properties_)
    members_.push_back(
        {"properties",
         origins_.unknown(doc::UnknownType::Object, "properties, a column that this export does not have")
             .at(row.place())});
  return doc::make_object(estate_.arena(), members_).at(row.place());
}

/// An object that an export gives as JSON text.
Value ExportLoader::parsed(const Member& member, const Resource& resource) {
  const Result<Value> value = doc::parse_json(estate_.arena(), member.value.as_string());
  if (value) return value->at(member.value.place());
  if (++row_reports_ <= kMaxRowReports)
    report(Severity::Warning, "EST0108",
           fmt::format("the text is no JSON, what is in it is unknown: {} of {}", member.name, resource.id),
           member.value.place());
  return origins_
      .unknown(doc::UnknownType::Object,
               fmt::format("{} of {}, text that is no JSON", member.name, resource.id))
      .at(member.value.place());
}

void ExportLoader::report_cut(const std::string& file, std::string message) {
  estate_.completeness().add_cut_export(file);
  diagnostics_.push_back({Severity::Warning,
                          "EST0106",
                          std::move(message),
                          {file, 0, 0, {}},
                          "export the other pages too (--skip-token) and give their folder"});
}

std::vector<Diagnostic> ExportLoader::finish() {
  for (const auto& [total, known] : totals_)
    if (total > 0 && known.rows < static_cast<std::uint64_t>(total))
      report_cut(known.file, fmt::format("the export is not complete: {} of {} rows", known.rows, total));
  const auto more = [](const Untold& page) { return page.more; };
  const auto first = std::find_if(untold_.begin(), untold_.end(), more);
  if (first != untold_.end() && std::all_of(untold_.begin(), untold_.end(), more))
    report_cut(first->file, "the export is not complete: its last page is not here");
  if (row_reports_ > kMaxRowReports)
    diagnostics_.push_back({Severity::Warning,
                            "EST0107",
                            fmt::format("more rows with such mistakes: {}", row_reports_ - kMaxRowReports),
                            {},
                            {}});
  return std::move(diagnostics_);
}

void ExportLoader::report(Severity severity, std::string_view code, std::string message, doc::Place place,
                          std::string hint) {
  diagnostics_.push_back(
      {severity, std::string(code), std::move(message), sources_.where(place), std::move(hint)});
}

}  // namespace redoubt::estate
