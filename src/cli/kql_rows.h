#pragma once

#include <string>

#include "query/run.h"
#include "report/table.h"

namespace redoubt::cli {

/// The rows of an answer for people.
///
/// Within the width of the style, numbers, times, spans, guids and bools stay whole; texts share what is left
/// so that only the longest are cut. Where that gives too little for each, a row follows the other, with a
/// line for each column that has a value. `wide`, or a style without a width: nothing is cut.
std::string rows_text(const query::ResultTable& table, const report::TableStyle& style, bool wide);

}  // namespace redoubt::cli
