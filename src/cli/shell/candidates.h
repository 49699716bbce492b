#pragma once

#include <string_view>

#include "cli/shell/line_editor.h"
#include "kql/completion.h"
#include "report/table.h"

namespace redoubt::cli {

/// What the Tab key makes of what could stand at the end of a text: what all of it that fits the word begins
/// with, or, where that is no more than is there, a list with kinds.
TabAnswer answer_tab(const kql::Completion& completion, std::string_view text,
                     const report::TableStyle& style);

}  // namespace redoubt::cli
