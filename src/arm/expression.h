#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>

#include "arm/function.h"
#include "core/arena.h"
#include "core/result.h"
#include "doc/value.h"

namespace redoubt::arm {

/// Calls that the evaluator or its environment treats itself: they are lazy, take lambdas, or look at where
/// they stand. Everything else is a row of the function tables.
enum class Form : std::uint8_t {
  None,
  // lazy
  If,
  And,
  Or,
  Coalesce,
  // lambdas
  Lambda,
  LambdaVariables,
  Map,
  Filter,
  Reduce,
  Sort,
  GroupBy,
  ToObject,
  MapValues,
  // what stands around the expression
  Parameters,
  Variables,
  CopyIndex,
  Reference,
  References,
  ResourceInfo,
  Deployment,
  Environment,
  ResourceGroup,
  Subscription,
  Tenant,
  ManagementGroup,
  Deployer,
  Providers,
  RoleDefinitions,
  Extensions,
  ResourceId,
  SubscriptionResourceId,
  TenantResourceId,
  ManagementGroupResourceId,
  ExtensionResourceId,
  PickZones,
  ToLogicalZone,
  ToLogicalZones,
  ToPhysicalZone,
  ToPhysicalZones,
  NewGuid,
  UtcNow,
  List,
  // Azure Policy
  Field,
  Current,
  Policy,
  RequestContext,
  User,  ///< namespace.name(...) of the template's own functions
};

struct FormRow {
  std::string_view name;
  Form form;
  std::uint8_t least;
  std::uint8_t most;  ///< kAnyCount: no upper bound
  Language language;
  std::string_view summary;
};

/// The table of forms, for parsing and for the coverage table in docs/. List and User have no row.
std::span<const FormRow> forms();

/// A parsed expression, in the arena it was parsed into.
struct Expression {
  enum class Kind : std::uint8_t { Literal, Call, Access };

  Kind kind = Kind::Literal;
  bool safe = false;                             ///< Access by `.?` or `[?...]`
  Form form = Form::None;                        ///< Call
  std::uint32_t offset = 0;                      ///< bytes into the expression's text
  const Function* function = nullptr;            ///< Call of a table function
  std::string_view name;                         ///< Call: the name as written, with its namespace
  std::string_view source;                       ///< Call: its own text, for origins and messages
  doc::Value literal;                            ///< Literal: string, int
  std::span<const Expression* const> arguments;  ///< Call: arguments; Access: the base and the key
};

/// True for text that is an expression: it begins with `[` (not `[[`) and ends with `]`.
bool is_expression(std::string_view text);

/// Text that is no expression, with one bracket taken off when it is escaped (`[[x]` is `[x]`; only text that
/// also ends in `]` is escaped).
std::string_view unescape(std::string_view text);

/// Parses the inside of an expression, brackets included. Names and arity of functions are checked here.
///
/// Errors: ARM0101 syntax, ARM0102 unknown function, ARM0103 wrong number of arguments, ARM0104 nested too
/// deeply (256). Source: "ARM template expressions" syntax reference.
Result<const Expression*> parse_expression(Arena& arena, std::string_view text, Language language);

/// Parses each text of a document once; keyed by where the text lies, so a loop does not parse again.
class ExpressionCache {
 public:
  /// Parsed expressions, and so the literals that values refer to, live in `arena`.
  ExpressionCache(Arena& arena, Language language) : arena_(&arena), language_(language) {}
  Result<const Expression*> get(std::string_view text);

 private:
  Arena* arena_;
  Language language_;
  std::unordered_map<const char*, const Expression*> parsed_;
};

}  // namespace redoubt::arm
