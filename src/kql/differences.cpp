#include "kql/differences.h"

#include <array>

namespace redoubt::kql {

std::span<const Difference> differences() {
  static constexpr auto kRows = std::to_array<Difference>({
      {"management commands", "checks `.show`, `.create` and the others",
       "accepts any text that begins with a dot; a hint says that it is not checked", ".show tables"},
      {"`union` of tables in which a column has more than two types",
       "Microsoft's library keeps the first two and drops the third",
       "keeps a column for each type: `a_long`, `a_string`, `a_real`",
       "union (print a = 1), (print a = \"x\"), (print a = 1.5)"},
      {"`union kind=inner`", "the documents say that only common columns are kept",
       "keeps the common columns only, of the same name and type",
       "union kind=inner (print a = 1, b = 2), (print a = 3)"},
      {"`series_decompose_forecast`", "Microsoft's library gives it several columns, the documents one array",
       "gives one array", "print f = series_decompose_forecast(dynamic([1, 2, 3, 4]), 1)"},
      {"`column_ifexists`",
       "the engine gives the column with its type; Microsoft's library takes that of the default, and "
       "refuses "
       "members of a dynamic column with a text as the default",
       "takes the type of the default as well, but refuses nothing because of it where the column may be "
       "there "
       "with another one; without a file of tables the type is unknown",
       "T | extend a = column_ifexists('b', 5)"},
      {"`parse` with a name that is there already",
       "Microsoft's library keeps both columns until the next projection",
       "keeps both as well, and as there the second one gets a number behind the next projection",
       "print a = 'x=1' | parse a with 'x=' a"},
      {"saved functions, watchlists, ASIM parsers", "are content of the workspace, and found there",
       "are read from files (`--functions`, `--watchlists`) and bound where they are called; Microsoft's "
       "library "
       "says nothing of a mistake inside a function. Without the files, functions of a workspace that are "
       "known "
       "(`_GetWatchlist`, `_Im_...`, `_ASim_...`) give tables with any columns; other saved functions do so "
       "without a file of tables, and are an error with one",
       "_GetWatchlist('VIP') | where SearchKey == 'a'"},
      {"a saved function of the name of a table", "hides the table, but inside of itself and in `table()`",
       "the same; where no tables are known, the bare name inside of the function is a table", "T | take 1"},
      {"columns that only the data tells",
       "asks the data: `bag_unpack`, `pivot`, `externaldata` over files, `python`",
       "marks the result open: any name is taken behind it, its type is unknown",
       "print b = dynamic({'x': 1}) | evaluate bag_unpack(b) | where x == 1"},
      {"without a file of tables", "a name that is no table is an error",
       "every name may be a table with any columns; syntax, functions and types are still checked",
       "NoSuchTable | where anything == 1"},
      {"tables of the documentation's examples (`StormEvents` ...)", "are in the database Samples",
       "are known with their columns; where tables are given and theirs are not among them, a warning says "
       "so",
       "StormEvents | where State == 'TEXAS' | count"},
      {"`set` options and `restrict`", "change how a query runs and what it may read",
       "are read, and have no effect on what is checked", "set notruncation; print 1"},
  });
  return kRows;
}

}  // namespace redoubt::kql
