#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "doc/value.h"
#include "query/run.h"
#include "store/embedded.h"

namespace redoubt::query {

/// Whether a cell is the same: reals agree to 1e-9 of their size, members of bags may come in any order,
/// elements of arrays where it is not `arrays_ordered`.
bool same_cell(const doc::Value& left, const doc::Value& right, bool arrays_ordered);
/// ... a list of rows, of which the order counts or does not.
bool same_rows(const doc::Value& left, const doc::Value& right, bool ordered, bool arrays_ordered);
/// The columns and rows of a table as JSON.
std::string json_of(const ResultTable& table);

/// A query with its tables, as a case has them: `query`, `tables`, `now`. With an engine everything that can
/// be said in SQL goes through it.
Result<Answer> answer_of(const doc::Value& test_case, store::EventEngine* engine);

/// What differs from the answer that a line of tests/query/cases expects; empty: nothing.
std::string judge_case(std::string_view line, store::EventEngine* engine);

/// The engine. Null: it is not here, and the running test is marked skipped, or failed where it has to be
/// there (REDOUBT_REQUIRE_CORPORA=1).
std::unique_ptr<store::EmbeddedEngine> test_engine();

}  // namespace redoubt::query
