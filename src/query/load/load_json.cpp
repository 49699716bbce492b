#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/text.h"
#include "doc/json_rows.h"
#include "query/detail/load_columns.h"
#include "query/detail/load_forms.h"

namespace redoubt::query::detail {

namespace {

/// Lists of records in what Azure exports and its APIs answer: Azure Monitor (records, and CloudTrail's
/// Records), ARM and Graph (value), advanced hunting (Results), query answers (tables).
constexpr std::string_view kListKeys[] = {"records", "value", "results", "tables"};

/// The names of one thing in the answers of the Log Analytics, Kusto (v1, v2) and our own.
constexpr std::array<std::string_view, 2> kNameKeys = {"name", "ColumnName"};
constexpr std::array<std::string_view, 3> kTypeKeys = {"type", "ColumnType", "DataType"};
constexpr std::string_view kPrimary = "PrimaryResult";

const doc::Value* list_of(const doc::Value& object, std::string_view key) {
  const doc::Value* const list = object.find_any_case(key);
  return list != nullptr && list->is_array() ? list : nullptr;
}

template <std::size_t N>
std::optional<std::string_view> text_of(const doc::Value& object,
                                        const std::array<std::string_view, N>& keys) {
  for (const std::string_view key : keys)
    if (const doc::Value* const text = object.find(key); text != nullptr && text->is_string())
      return text->as_string();
  return std::nullopt;
}

/// `{"name": "a", "type": "long"}` or `["a", "long"]`.
struct AnswerColumn {
  std::string_view name;
  std::optional<kql::Type> type;
};
std::optional<AnswerColumn> answer_column(const doc::Value& written) {
  std::optional<std::string_view> name = text_of(written, kNameKeys);
  std::optional<std::string_view> type = text_of(written, kTypeKeys);
  if (written.is_array() && written.size() == 2 && written.items()[0].is_string() &&
      written.items()[1].is_string()) {
    name = written.items()[0].as_string();
    type = written.items()[1].as_string();
  }
  if (!name) return std::nullopt;
  return AnswerColumn{*name, type ? kql::find_type(*type) : std::nullopt};
}

class JsonTable {
 public:
  explicit JsonTable(LoadTarget& target) : target_(target) {
    flattens_ = target.schema != nullptr &&
                std::none_of(target.schema->columns.begin(), target.schema->columns.end(),
                             [](const kql::Column* one) { return equal_any_case(one->name, kProperties); });
  }

  /// The error of a row that ended the reading, if one did.
  Result<void> take_failure() { return std::move(failure_); }

  void take(const Result<doc::Value>& row, const Where& where) {
    if (!failure_) return;
    failure_ = took(row, {target_.file.file, where.line, where.column, {}});
  }

 private:
  static constexpr std::string_view kProperties = "properties";

  Result<void> took(const Result<doc::Value>& row, const Where& where) {
    if (!row || !row->is_object()) {
      target_.unread(row ? std::string("a row is an object") : row.error().message, where);
      return target_.each_row();
    }
    if (list_of(*row, "columns") != nullptr && list_of(*row, "rows") != nullptr)
      return take_answer(*row, where);
    if (row->find("FrameType") != nullptr) return {};
    RD_TRY(target_.begin_row(where.line));
    for (const doc::Member& member : row->members()) {
      RD_TRY(set(member.name, member.value));
      if (flattens_ && member.value.is_object() && equal_any_case(member.name, kProperties))
        for (const doc::Member& inner : member.value.members())
          if (in_schema(inner.name))
            RD_TRY(set(std::string(kPropertiesPrefix) + std::string(inner.name), inner.value));
    }
    return {};
  }

  bool in_schema(std::string_view name) const {
    return std::any_of(target_.schema->columns.begin(), target_.schema->columns.end(),
                       [&](const kql::Column* one) { return equal_any_case(one->name, name); });
  }

  Result<void> set(std::string_view name, const doc::Value& value) {
    const std::size_t column = RD_TRY(target_.column(name));
    set(column, value);
    return {};
  }

  void set(std::size_t column, const doc::Value& value) {
    if (value.is_string())
      target_.table.set(column, CellForm::String, value.as_string());
    else if (!value.is_null())
      target_.table.set(column, CellForm::Json, doc::to_json(value));
  }

  /// A table with columns and rows. Of several the first one that is a result counts.
  Result<void> take_answer(const doc::Value& answer, const Where& where) {
    const std::optional<std::string_view> kind = answer.text_of("TableKind");
    if (kind && *kind != kPrimary) return {};
    if (answered_) {
      if (!std::exchange(told_others_, true))
        target_.hint("the first table of the answer is read, not the others", where);
      return {};
    }
    answered_ = true;
    std::vector<std::size_t> columns;
    for (const doc::Value& written : list_of(answer, "columns")->items()) {
      const std::optional<AnswerColumn> one = answer_column(written);
      if (!one) return fail(Error::Kind::InvalidInput, "QRY0011", "a column of an answer has no name", where);
      const std::size_t column = RD_TRY(target_.column(one->name));
      if (one->type) target_.table.at(column).type = one->type;
      columns.push_back(column);
    }
    for (const doc::Value& row : list_of(answer, "rows")->items())
      RD_TRY(take_answer_row(row, columns, where));
    return {};
  }

  Result<void> take_answer_row(const doc::Value& row, const std::vector<std::size_t>& columns,
                               const Where& where) {
    if (!row.is_array() || row.size() != columns.size()) {
      target_.unread("a row of an answer has a value for each column", where);
      return target_.each_row();
    }
    RD_TRY(target_.begin_row(where.line));
    for (std::size_t i = 0; i < columns.size(); ++i)
      set(columns[i], row.items()[i]);
    return {};
  }

  LoadTarget& target_;
  bool flattens_ = false;
  bool answered_ = false;
  bool told_others_ = false;
  Result<void> failure_;
};

}  // namespace

Result<void> read_json_table(files::TextInput& input, LoadTarget& target) {
  JsonTable table(target);
  doc::JsonRowLimits limits;
  limits.max_row_bytes = target.limits.max_answer_bytes;
  limits.row.max_bytes = limits.max_row_bytes;
  limits.row.max_depth = target.limits.max_depth;
  limits.row.max_nodes = UINT32_MAX;
  const doc::NextPiece next = [&]() -> Result<std::string_view> {
    RD_TRY(table.take_failure());
    return input.next();
  };
  Result<void> done = doc::read_json_rows(
      next, kListKeys, [&](const Result<doc::Value>& row, const Where& where) { table.take(row, where); },
      limits);
  if (done) done = table.take_failure();
  if (!done && done.error().where.file.empty()) done.error().where.file = target.file.file;
  return done;
}

}  // namespace redoubt::query::detail
