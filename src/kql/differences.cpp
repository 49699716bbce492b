#include "kql/differences.h"

#include <array>

namespace redoubt::kql {

std::span<const Difference> differences() {
  static constexpr auto kRows = std::to_array<Difference>({
      {"management commands", "checks `.show`, `.create` and the others",
       "accepts any text that begins with a dot; a hint says that it is not checked", ".show tables"},
      {"`union kind=inner`",
       "the documents say that only common columns are kept; Microsoft's library keeps all",
       "keeps the columns whose name all tables have; one that has several types is of the type that all of "
       "them become, else dynamic",
       "union kind=inner (print a = 1, b = 2), (print a = 3)"},
      {"`series_decompose_forecast`", "Microsoft's library gives it several columns, the documents one array",
       "gives one array", "print f = series_decompose_forecast(dynamic([1, 2, 3, 4]), 1)"},
      {"`column_ifexists`",
       "the engine gives the column with its type; Microsoft's library takes that of the default, and "
       "refuses members of a dynamic column with a text as the default",
       "takes the type of the default as well, but refuses nothing because of it where the column may be "
       "there with another one; without a file of tables the type is unknown",
       "T | extend a = column_ifexists('b', 5)"},
      {"`parse` with a name that is there already",
       "Microsoft's library keeps both columns until the next projection",
       "has the new column in the place of the old one", "print a = 'x=1' | parse a with 'x=' a"},
      {"saved functions, watchlists, ASIM parsers", "are content of the workspace, and found there",
       "are read from files (`--functions`, `--watchlists`) and bound where they are called; Microsoft's "
       "library says nothing of a mistake inside a function. Without the files, functions of a workspace "
       "that are known (`_GetWatchlist`, `_Im_...`, `_ASim_...`) give tables with any columns; other saved "
       "functions do so without a file of tables, and are an error with one",
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
      {"`hash_many`, `hash_combine`", "gives numbers that it may change, as its pages say",
       "gives other numbers, equal ones for equal values as there", "print h = hash_many('a', 'b')"},
      {"`gzip_compress_to_base64_string`, `zlib_compress_to_base64_string`",
       "has a way of its own to compress",
       "gives the same for texts that do not get shorter; longer ones may become other bytes, which hold the "
       "same text",
       "print z = zlib_compress_to_base64_string('1234567890qwertyuiop')"},
      {"`parse_user_agent`", "has a version of uap-core's patterns that it does not tell",
       "has those of 0.18.0: agents that came later may be told apart further",
       "print a = parse_user_agent('curl/8.4.0', 'browser')"},
      {"`series_periods_detect` and what stands on it",
       "does not tell which frequencies stand out enough to be looked at",
       "looks at each that is above the mean of the spectrum and its neighbours; periods and scores are "
       "those of all answers that are known",
       "print p = series_periods_detect(dynamic([1, 2, 3, 9, 1, 2, 3, 9, 1, 2, 3, 9]), 2.0, 6.0, 1)"},
      {"`series_outliers` with percentiles of one's own", "scales scores by quantiles that are not exact",
       "has the same scores for the default, 10 and 90; for others they may differ in the third digit",
       "print o = series_outliers(dynamic([1, 2, 3, 40]), 'ctukey', 0.0, 20.0, 80.0)"},
      {"`series_fit_2lines`", "does not tell from where the places of the right line count",
       "counts those of each line from 1, as series_fit_line of that part alone does",
       "print f = series_fit_2lines_dynamic(dynamic([1, 2, 3, 9, 8, 7]))"},
      {"`estimate_data_size` of a dynamic value", "counts the form in which it keeps one",
       "counts the bytes of its JSON", "print d = dynamic({'a': 1}) | extend s = estimate_data_size(d)"},
      {"`getyear`, `monthofyear`, `datetime_part`, weeks of `datetime_diff`",
       "Microsoft's library says int, and long of weeks; the engine gives long, and a real for weeks",
       "says and gives what the engine gives", "print y = getyear(datetime(2024-07-01))"},
      {"times without a date", "are of the day on which the query runs", "are null",
       "print t = datetime(8:00)"},
      {"`current_database`, `current_cluster_endpoint`, `current_principal_details`",
       "tell the database, the cluster and who has signed in",
       "are `redoubt`, `localhost` and a bag of the same members without values: nobody signs in here",
       "print d = current_database(), c = current_cluster_endpoint(), p = current_principal_details()"},
      {"`external_table`, `materialized_view`, `stored_query_result`",
       "are kept by the database apart from its tables", "are the table of the name that is given",
       "external_table('T') | count"},
      {"other databases and clusters", "are asked",
       "are not: the checker takes any column of their tables, without types; a run looks for the table "
       "here, whatever is in front of its name. `macro-expand` gives its rows once for each entity of the "
       "group",
       "macro-expand entity_group [database('a'), database('b')] as X (X.T | count)"},
      {"`diffpatterns_text`", "does not tell which patterns it looks for",
       "gives those of the first 20 words that tell the sets apart best, as the example of its page has them",
       "datatable(t: string, c: bool)['a b', true] | evaluate diffpatterns_text(t, c)"},
      {"time zones", "has a database of its own", "reads the system's, of the package tzdata",
       "print t = datetime_utc_to_local(datetime(2024-07-01), 'Europe/Paris')"},
      {"`set` options and `restrict`", "change how a query runs and what it may read",
       "are read, and have no effect but for `query_bin_auto_size`, `query_bin_auto_at` and the limits of a "
       "query",
       "set notruncation; print 1"},
      {"`cluster()` and `database()`", "lead to other clusters and databases",
       "a run reads the table of that name here", "database('d').T | take 1"},
      {"`join ... on $right.a == $left.b`", "Kusto refuses it, Azure Resource Graph does not",
       "reads it as the other way round, with a warning", "T | join U on $right.a == $left.a"},
      {"`extract_json` with `$Name`",
       "the documents have `$.Name`; workbooks of Microsoft leave out the point", "reads it as `$.Name`",
       "print extract_json('$Name', '{\"Name\":1}')"},
      {"`hint.pass_filters` and `hint.pass_filters_column` of `evaluate`",
       "are documented, Microsoft's library warns of them or does not read on", "are taken",
       "T | evaluate hint.pass_filters=true bag_unpack(d)"},
      {"a `let` whose rows lack a table",
       "is looked at where it is used: a union with `isfuzzy=true` does without it",
       "the same, where nothing but such unions uses it",
       "let a = table('T'); union isfuzzy=true a, (print b = 1)"},
      {"a literal that a function refuses: a pattern that RE2 does not take, an unknown part of a date",
       "Microsoft's library says nothing, the engine refuses the query", "is an error of the check, too",
       "print datetime_part('month', now())"},
      {"a column that a rule takes from the result of its query, and that is not there",
       "is looked at when the rule is saved", "is a warning of the check, at the line of the rule",
       "print Account = 'a'"},
  });
  return kRows;
}

}  // namespace redoubt::kql
