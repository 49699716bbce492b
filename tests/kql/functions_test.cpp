#include "kql/functions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/arena.h"
#include "doc/json.h"
#include "kql/language_names.h"
#include "testing/paths.h"

namespace redoubt::kql {
namespace {

constexpr std::array kKinds = {FunctionKind::Scalar, FunctionKind::Aggregate, FunctionKind::Plugin,
                               FunctionKind::Table,  FunctionKind::Scope,     FunctionKind::Graph};
static_assert(kKinds.size() == kFunctionKinds);

/// Visits every row with a trace of its name.
template <class Visit>
void each_function(Visit visit) {
  for (const FunctionKind kind : kKinds)
    for (const Function& row : functions(kind)) {
      SCOPED_TRACE(row.name);
      visit(row);
    }
}

/// Visits every signature with its function.
template <class Visit>
void each_signature(Visit visit) {
  each_function([&](const Function& row) {
    for (const Signature& signature : row.signatures)
      visit(row, signature);
  });
}

bool one_of_kinds(std::string_view name, std::initializer_list<FunctionKind> kinds) {
  return std::ranges::any_of(kinds,
                             [name](FunctionKind kind) { return find_function(name, kind) != nullptr; });
}

TEST(KqlTypes, EveryTypeIsFoundByItsName) {
  for (std::size_t index = 1; index < kTypes; ++index) {
    const Type type = static_cast<Type>(index);
    EXPECT_EQ(find_type(type_name(type)), type) << type_name(type);
  }
  EXPECT_EQ(type_name(Type::Unknown), "unknown");
  EXPECT_EQ(find_type("unknown"), std::nullopt);
}

TEST(KqlTypes, AliasesNameTheirType) {
  const std::vector<std::pair<std::string_view, Type>> aliases = {
      {"boolean", Type::Bool}, {"int32", Type::Int},     {"uint16", Type::Int},    {"int64", Type::Long},
      {"ulong", Type::Long},   {"double", Type::Real},   {"float", Type::Real},    {"date", Type::DateTime},
      {"uuid", Type::Guid},    {"time", Type::Timespan}, {"uniqueid", Type::Guid},
  };
  for (const auto& [name, type] : aliases)
    EXPECT_EQ(find_type(name), type) << name;
  for (const std::string_view name : {"", "Bool", "STRING", "text", "typeof", "int 32", "number"})
    EXPECT_EQ(find_type(name), std::nullopt) << name;
}

TEST(KqlTypes, ASetOfOneTypeTakesWhatPromotesToItALargerOneItsMembersOnly) {
  EXPECT_TRUE(accepts(set_of(Type::Long), Type::Int));
  EXPECT_FALSE(accepts(set_of(Type::Int), Type::Long));
  EXPECT_TRUE(accepts(set_of(Type::Decimal), Type::Real));
  EXPECT_TRUE(accepts(set_of(Type::String), Type::Dynamic));
  EXPECT_FALSE(accepts(set_of(Type::DateTime), Type::String));
  EXPECT_FALSE(accepts(kOrderables, Type::Dynamic)) << "string is a member, but dynamic is not";
  EXPECT_FALSE(accepts(kOrderables, Type::Guid));
  EXPECT_FALSE(accepts(kNumbers, Type::Timespan));
  EXPECT_FALSE(accepts(kNoType, Type::String));
  for (std::size_t index = 1; index < kTypes; ++index)
    EXPECT_TRUE(accepts(set_of(static_cast<Type>(index)), Type::Unknown)) << index;
}

TEST(KqlFunctions, RowsOfAKindAreSortedAndEachNameStandsOnce) {
  for (const FunctionKind kind : kKinds) {
    const std::span<const Function> rows = functions(kind);
    EXPECT_FALSE(rows.empty());
    for (std::size_t index = 1; index < rows.size(); ++index)
      EXPECT_LT(rows[index - 1].name, rows[index].name);
    for (const Function& row : rows) {
      EXPECT_EQ(row.kind, kind) << row.name;
      EXPECT_EQ(find_function(row.name, kind), &row) << row.name;
    }
  }
}

TEST(KqlFunctions, AreFoundByKindAndCase) {
  EXPECT_NE(find_function("count", FunctionKind::Aggregate), nullptr);
  EXPECT_EQ(find_function("count", FunctionKind::Scalar), nullptr);
  EXPECT_EQ(find_function("StrCat", FunctionKind::Scalar), nullptr);
  EXPECT_EQ(find_function("", FunctionKind::Scalar), nullptr);
  EXPECT_EQ(find_function("zzz", FunctionKind::Plugin), nullptr);
  EXPECT_NE(find_function("any", FunctionKind::Aggregate), find_function("any", FunctionKind::Graph));
  EXPECT_EQ(find_function(std::string(100'000, 'x'), FunctionKind::Scalar), nullptr);
}

TEST(KqlFunctions, EveryRowHasAWayOfCallingAndIsOfferedSomewhere) {
  each_function([](const Function& row) {
    EXPECT_FALSE(row.signatures.empty());
    EXPECT_NE(row.availability & kAdx, 0);
    if (row.result_name == ResultName::Prefix || row.result_name == ResultName::PrefixAndFirstArgument) {
      EXPECT_FALSE(row.prefix.empty());
    }
    EXPECT_FALSE(row.link.ends_with(".md") || row.link.starts_with("query/")) << row.link;
  });
}

TEST(KqlFunctions, NamesThatRowsPointToAreThere) {
  each_function([](const Function& row) {
    for (const std::string_view other : {row.alias_of, row.instead, row.faster}) {
      if (other.empty()) continue;
      EXPECT_NE(other, row.name);
      EXPECT_NE(find_function(other, row.kind), nullptr) << other;
    }
    if (row.alias_of.empty()) return;
    const Function* main = find_function(row.alias_of, row.kind);
    ASSERT_NE(main, nullptr);
    EXPECT_TRUE(main->alias_of.empty()) << "an alias of an alias";
    EXPECT_TRUE(main->instead.empty()) << "the main name is deprecated";
    EXPECT_EQ(main->link.empty(), row.link.empty());
    EXPECT_EQ(main->availability, row.availability);
    EXPECT_EQ(main->constant, row.constant);
  });
}

TEST(KqlFunctions, ResultRulesHaveWhatTheyNeed) {
  each_signature([](const Function& row, const Signature& signature) {
    const bool table = row.kind == FunctionKind::Plugin;
    EXPECT_EQ(makes_table(signature.rule), table);
    EXPECT_EQ(signature.rule == ResultRule::Fixed, signature.type != Type::Unknown);
    EXPECT_TRUE(signature.shape == DynamicShape::Any || signature.type == Type::Dynamic);
    const bool has_columns =
        signature.rule == ResultRule::PrefixedColumns || signature.rule == ResultRule::FixedTable ||
        signature.rule == ResultRule::KeysTable || signature.rule == ResultRule::TableBeforeInput;
    EXPECT_EQ(has_columns, !signature.columns.empty());
    for (const ResultColumn& column : signature.columns)
      EXPECT_TRUE(!column.name.empty() && column.type != Type::Unknown);
    if (!signature.instead.empty()) {
      EXPECT_NE(find_function(signature.instead, row.kind), nullptr);
    }
  });
}

TEST(KqlFunctions, ResultRulesPointToParametersThatAreThere) {
  each_signature([](const Function&, const Signature& signature) {
    const std::span<const Parameter> parameters = signature.parameters;
    const auto is_type = [&](std::size_t index) {
      return index < parameters.size() && parameters[index].form == ArgumentForm::TypeLiteral;
    };
    switch (signature.rule) {
      case ResultRule::Argument0:
      case ResultRule::Argument0Array:
      case ResultRule::Argument0Promoted:
        EXPECT_GE(parameters.size(), 1U);
        break;
      case ResultRule::Argument1:
        EXPECT_GE(parameters.size(), 2U);
        break;
      case ResultRule::Literal0:
        EXPECT_TRUE(is_type(0));
        break;
      case ResultRule::Literal1:
        EXPECT_TRUE(is_type(1));
        break;
      case ResultRule::LiteralLast:
        EXPECT_TRUE(is_type(parameters.size() - 1));
        break;
      case ResultRule::Common:
      case ResultRule::CommonNotDynamic:
        EXPECT_TRUE(std::ranges::any_of(
            parameters, [](const Parameter& one) { return one.agreement != Agreement::None; }));
        break;
      default:
        break;
    }
  });
}

TEST(KqlFunctions, ParametersAreWellFormed) {
  each_signature([](const Function&, const Signature& signature) {
    for (const Parameter& parameter : signature.parameters) {
      SCOPED_TRACE(parameter.name);
      EXPECT_FALSE(parameter.name.empty());
      EXPECT_LE(parameter.least, parameter.most);
      EXPECT_GE(parameter.most, 1);
      EXPECT_EQ(parameter.types & ~kAllTypes, 0);
      const bool no_value =
          parameter.form == ArgumentForm::TypeLiteral || parameter.form == ArgumentForm::Table;
      EXPECT_EQ(parameter.types == kNoType, no_value);
      EXPECT_TRUE(parameter.shape == DynamicShape::Any || contains(parameter.types, Type::Dynamic));
      EXPECT_TRUE(parameter.values.empty() || parameter.types == set_of(Type::String));
      EXPECT_TRUE(!parameter.tilde || parameter.least == 0);
    }
  });
}

TEST(KqlFunctions, ArgumentsFindTheirParametersByPosition) {
  each_signature([](const Function&, const Signature& signature) {
    const std::span<const Parameter> parameters = signature.parameters;
    const auto repeats = std::ranges::count_if(parameters, [](const Parameter& one) { return one.most > 1; });
    if (signature.layout == Layout::Blocks) {
      EXPECT_GE(repeats, 2);
      EXPECT_GT(parameters.front().most, 1) << "a block stands at the beginning";
    }
    if (signature.layout != Layout::InOrder) return;
    EXPECT_LE(repeats, 1);
    EXPECT_TRUE(std::ranges::is_sorted(parameters, std::greater<>(), [](const Parameter& one) {
      return one.least > 0;
    })) << "a required parameter behind one that may be left out";
  });
}

TEST(KqlFunctions, OnlyGraphFunctionsAndLookupsLookIntoTheirFirstArgument) {
  each_signature([](const Function& row, const Signature& signature) {
    for (const Parameter& parameter : signature.parameters) {
      if (parameter.form == ArgumentForm::OverElements) {
        EXPECT_EQ(row.kind, FunctionKind::Graph);
      }
      if (parameter.form == ArgumentForm::ColumnOfTable || parameter.form == ArgumentForm::ColumnOfBoth) {
        EXPECT_EQ(signature.parameters.front().form, ArgumentForm::Table);
      }
    }
  });
}

struct NameRow {
  std::string_view name;
  ResultName result_name;
  std::string_view prefix;
};

void expect_names(FunctionKind kind, std::span<const NameRow> rows) {
  for (const NameRow& expected : rows) {
    const Function* row = find_function(expected.name, kind);
    ASSERT_NE(row, nullptr) << expected.name;
    EXPECT_EQ(row->result_name, expected.result_name) << expected.name;
    EXPECT_EQ(row->prefix, expected.prefix) << expected.name;
  }
}

TEST(KqlFunctions, ColumnsAreNamedAsTheEngineNamesThem) {
  constexpr auto kAggregates = std::to_array<NameRow>({
      {"count", ResultName::PrefixAndFirstArgument, "count"},
      {"avg", ResultName::PrefixAndFirstArgument, "avg"},
      {"make_list_if", ResultName::PrefixAndFirstArgument, "list"},
      {"make_set", ResultName::PrefixAndFirstArgument, "set"},
      {"buildschema", ResultName::PrefixAndFirstArgument, "schema"},
      {"take_anyif", ResultName::FirstArgument, ""},
      {"arg_max", ResultName::None, ""},
      {"argmax", ResultName::None, "max"},
  });
  constexpr auto kScalars = std::to_array<NameRow>({
      {"strcat", ResultName::None, ""},
      {"tostring", ResultName::FirstArgument, ""},
      {"strlen", ResultName::PrefixAndFirstArgument, "strlen"},
      {"gettype", ResultName::PrefixAndFirstArgument, "type"},
      {"make_datetime", ResultName::OnlyArgument, ""},
      {"hll_merge", ResultName::Prefix, "hll_merged_result"},
      {"ingestion_time", ResultName::Prefix, "$IngestionTime"},
      {"column_ifexists", ResultName::FirstArgumentValueIfColumn, ""},
  });
  expect_names(FunctionKind::Aggregate, kAggregates);
  expect_names(FunctionKind::Scalar, kScalars);
}

TEST(KqlLanguageNames, AreSortedAndEachStandsOnce) {
  const std::span<const LanguageName> names = language_names();
  for (std::size_t index = 1; index < names.size(); ++index)
    EXPECT_LT(std::pair(names[index - 1].kind, names[index - 1].name),
              std::pair(names[index].kind, names[index].name));
  EXPECT_EQ(name_of(LanguageNameKind::SpecialFunction), "special function");
}

// From here on: against what the documents and Microsoft's own parser list.

std::optional<FunctionKind> function_kind(std::string_view documented) {
  if (documented == "scalar") return FunctionKind::Scalar;
  if (documented == "aggregation") return FunctionKind::Aggregate;
  if (documented == "plugin") return FunctionKind::Plugin;
  if (documented == "tabular-function") return FunctionKind::Table;
  if (documented == "scope-function") return FunctionKind::Scope;
  if (documented == "graph-function") return FunctionKind::Graph;
  return std::nullopt;
}

std::optional<LanguageNameKind> language_kind(std::string_view documented) {
  if (documented == "statement") return LanguageNameKind::Statement;
  if (documented == "operator") return LanguageNameKind::TabularOperator;
  if (documented == "binary-operator") return LanguageNameKind::BinaryOperator;
  if (documented == "join-kind") return LanguageNameKind::JoinKind;
  if (documented == "visualization") return LanguageNameKind::Visualization;
  if (documented == "special") return LanguageNameKind::SpecialFunction;
  return std::nullopt;
}

/// What the documents say about a name, as a row has it.
struct Documented {
  std::string_view name;
  std::string_view kind;
  std::string link;
  std::uint8_t availability = 0;
};

Documented documented(const doc::Value& entry) {
  Documented out = {.name = *entry.text_of("name"), .kind = *entry.text_of("kind"), .link = {}};
  const std::string_view page = *entry.text_of("page");
  constexpr std::string_view kFolder = "query/";
  constexpr std::string_view kEnd = ".md";
  if (page.starts_with(kFolder))
    out.link = page.substr(kFolder.size(), page.size() - kFolder.size() - kEnd.size());
  for (const doc::Value& product : entry.find("availability")->items()) {
    if (product.as_string() == "azure-data-explorer") out.availability |= kAdx;
    if (product.as_string() == "microsoft-fabric") out.availability |= kFabric;
  }
  if (entry.find("azure_monitor")->as_bool()) out.availability |= kLogAnalytics;
  if (entry.find("sentinel")->as_bool()) out.availability |= kSentinel;
  return out;
}

constexpr std::uint8_t kMarked = kAdx | kFabric | kLogAnalytics | kSentinel;

/// 1 when the tables have the name as the documents do, 0 for names of user code.
std::size_t listed(const Documented& entry) {
  SCOPED_TRACE(entry.name);
  if (const std::optional<FunctionKind> kind = function_kind(entry.kind)) {
    const Function* row = find_function(entry.name, *kind);
    EXPECT_NE(row, nullptr) << "no row of kind " << entry.kind;
    if (row == nullptr) return 0;
    EXPECT_EQ(row->link, entry.link);
    EXPECT_EQ(row->availability & kMarked, entry.availability);
    EXPECT_TRUE(!row->hidden || !row->instead.empty()) << "hidden, but documented";
    return 1;
  }
  const std::optional<LanguageNameKind> kind = language_kind(entry.kind);
  EXPECT_EQ(!kind, entry.kind == "library-function") << entry.kind;
  if (!kind) return 0;
  const auto names = language_names();
  const auto row = std::ranges::find_if(
      names, [&](const LanguageName& one) { return one.kind == *kind && one.name == entry.name; });
  EXPECT_NE(row, names.end());
  if (row == names.end()) return 0;
  EXPECT_EQ(row->link, entry.link);
  EXPECT_EQ(row->availability & kMarked, entry.availability);
  return 1;
}

TEST(KqlCorpus, EveryDocumentedNameHasARow) {
  const auto path = redoubt::testing::corpora("kql/documented-names.json");
  if (!path) return;
  Arena arena;
  const std::string text = redoubt::testing::read_file(*path);
  const Result<doc::Value> file = doc::parse_json(arena, text);
  ASSERT_TRUE(file) << file.error().text();
  std::size_t found = 0;
  std::size_t user_code = 0;
  for (const doc::Value& entry : file->find("names")->items()) {
    found += listed(documented(entry));
    if (*entry.text_of("kind") == "library-function") ++user_code;
  }
  const std::size_t all = file->find("names")->items().size() - user_code;
  std::printf("documented names with a row: %zu of %zu\n", found, all);
  EXPECT_EQ(found, all);
  EXPECT_GE(found, 603U);
}

TEST(KqlCorpus, EveryNameOfTheOfficialParserHasARow) {
  const auto path = redoubt::testing::corpora("kql/parser-names.json");
  if (!path) return;
  Arena arena;
  const std::string text = redoubt::testing::read_file(*path);
  const Result<doc::Value> file = doc::parse_json(arena, text);
  ASSERT_TRUE(file) << file.error().text();
  std::size_t found = 0;
  for (const doc::Value& name : file->find("functions")->items()) {
    EXPECT_TRUE(one_of_kinds(name.as_string(), {FunctionKind::Scalar, FunctionKind::Table,
                                                FunctionKind::Scope, FunctionKind::Graph}))
        << name.as_string();
    ++found;
  }
  for (const doc::Value& name : file->find("aggregates")->items())
    EXPECT_TRUE(one_of_kinds(name.as_string(), {FunctionKind::Aggregate})) << name.as_string();
  for (const doc::Value& name : file->find("plugins")->items())
    EXPECT_TRUE(one_of_kinds(name.as_string(), {FunctionKind::Plugin})) << name.as_string();
  found += file->find("aggregates")->items().size() + file->find("plugins")->items().size();
  std::printf("names of the official parser: %zu\n", found);
  EXPECT_GE(found, 537U);
}

}  // namespace
}  // namespace redoubt::kql
