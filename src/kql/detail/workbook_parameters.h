#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "doc/value.h"
#include "kql/text_map.h"

namespace redoubt::kql::detail {

/// A parameter that a workbook declares.
struct WorkbookParameter {
  enum class Kind : std::uint8_t {
    Text,  ///< put in as it is chosen or typed: any part of a query
    Time,  ///< a range of time
    List   ///< several texts in quotes, with something between them
  };
  Kind kind = Kind::Text;
  std::string quote;  ///< of a list
};

/// By name; case counts.
using WorkbookParameters = std::map<std::string, WorkbookParameter, std::less<>>;

/// What all steps, links and grids of a workbook declare or export.
/// Source: Azure Monitor, "Workbooks parameters", "Time parameters in workbooks", "Workbook dropdown
/// parameters".
WorkbookParameters workbook_parameters(const doc::Value& workbook);

/// A query with values in place of the parameters of its workbook.
struct CompletedQuery {
  std::string text;
  TextMap map;                    ///< into the query
  std::vector<std::string> open;  ///< parameters that may be anything: as `{name}` they are in the text still
};

/// A time becomes one, lists one of a text; the others stay, as names in braces. Inside of texts any
/// parameter becomes a word.
CompletedQuery complete_query(std::string_view query, const WorkbookParameters& parameters);

}  // namespace redoubt::kql::detail
