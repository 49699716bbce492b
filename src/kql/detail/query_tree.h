#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "doc/json.h"
#include "kql/detail/query_file.h"
#include "kql/detail/query_forms.h"
#include "kql/detail/workbook_parameters.h"
#include "kql/text_map.h"

namespace redoubt::kql::detail {

/// Where in the file the values of a tree stand. The text it was read from is the file, a part of it, or a
/// string in it.
class ValuePlaces {
 public:
  enum class Format : std::uint8_t { Json, Yaml };

  /// `text` as it was written, before a reader decoded it in place; `to_file` leads from it to the file.
  ValuePlaces(Format format, std::string_view text, TextMap to_file);

  /// Of the value, in the file.
  std::size_t offset(const doc::Sources& parsed, const doc::Value& value) const;
  /// Of the bytes of a string.
  TextMap map(const doc::Sources& parsed, const doc::Value& string) const;
  /// Of a place in the text that a reader named; lines and columns count from 1.
  std::size_t offset(const Where& where) const;

 private:
  std::size_t in_text(const Where& where) const;
  std::size_t in_text(const doc::Sources& parsed, const doc::Value& value) const;

  Format format_;
  std::string_view text_;
  TextMap to_file_;
  std::vector<std::size_t> lines_;
};

/// Looks through a tree for queries.
class QueryTree {
 public:
  QueryTree(QueryFile& file, const doc::Sources& parsed, const ValuePlaces& places, std::uint32_t embedded)
      : file_(file), parsed_(parsed), places_(places), embedded_(embedded) {}

  void search(const doc::Value& root) { visit(root, {}, {}); }

 private:
  /// What the objects around a value say about it.
  struct Around {
    const ResourceForm* form = nullptr;
    bool in_template = false;
    bool in_workbook = false;
    bool listed = false;
    const WorkbookParameters* parameters = nullptr;  ///< of the workbook
    std::string_view name = {};
    std::string_view id = {};
  };

  void visit(const doc::Value& value, std::string_view key, const Around& around);
  void visit_object(const doc::Value& object, std::string_view key, Around around);
  void visit_member(const doc::Value& object, const doc::Member& member, const Around& around);
  void visit_query(const doc::Value& object, const doc::Value& query, const Around& around);
  void visit_open_workbook(const doc::Value& data);
  void visit_step(const doc::Value& inputs, std::string_view key, Around around);
  void visit_text(const doc::Value& text, const Around& around);
  /// Of a workbook, with its parameters in place.
  void take_workbook_query(const doc::Value& value, const Around& around);
  /// `object` is the one that the query is a member of; null where nothing beside it matters.
  void take(const doc::Value& value, QueryKind kind, const Around& around,
            const doc::Value* object = nullptr);

  QueryFile& file_;
  const doc::Sources& parsed_;
  const ValuePlaces& places_;
  std::uint32_t embedded_;  // strings of JSON around it
};

/// Looks through a text of JSON; `to_file` leads from it to the file.
void search_json(QueryFile& file, std::string_view text, const TextMap& to_file, std::uint32_t embedded);
/// What a reader says of a text, with its place in the file.
void tell_of_text(QueryFile& file, const ValuePlaces& places, const std::vector<Diagnostic>& diagnostics);

}  // namespace redoubt::kql::detail
