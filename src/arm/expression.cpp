#include "arm/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "core/text.h"
#include "core/utf8.h"

namespace redoubt::arm {

namespace {

constexpr std::uint32_t kMaxDepth = 256;

constexpr Language kBoth = Language::Both;
constexpr Language kArm = Language::Arm;
constexpr Language kPolicy = Language::Policy;

constexpr std::array kForms = {
    FormRow{"if", Form::If, 3, 3, kBoth, "one of two values; only the chosen one is evaluated"},
    FormRow{"and", Form::And, 2, kAnyCount, kBoth, "true when all are; stops at the first false"},
    FormRow{"or", Form::Or, 2, kAnyCount, kBoth, "true when one is; stops at the first true"},
    FormRow{"coalesce", Form::Coalesce, 1, kAnyCount, kBoth, "the first value that is not null"},
    FormRow{"lambda", Form::Lambda, 1, kAnyCount, kArm, "an inline function for map() and its like"},
    FormRow{"lambdaVariables", Form::LambdaVariables, 1, 1, kArm, "an argument of the lambda around it"},
    FormRow{"map", Form::Map, 2, 2, kArm, "the lambda of every element"},
    FormRow{"filter", Form::Filter, 2, 2, kArm, "the elements for which the lambda is true"},
    FormRow{"reduce", Form::Reduce, 3, 3, kArm, "folds the elements into one value"},
    FormRow{"sort", Form::Sort, 2, 2, kArm, "sorts by a lambda that tells whether the first comes first"},
    FormRow{"groupBy", Form::GroupBy, 2, 3, kArm, "an object of arrays, grouped by the lambda's key"},
    FormRow{"toObject", Form::ToObject, 2, 3, kArm, "an object with keys and values by lambdas"},
    FormRow{"mapValues", Form::MapValues, 2, 2, kArm, "an object with the lambda of every value"},
    FormRow{"parameters", Form::Parameters, 1, 1, kBoth, "the value of a parameter"},
    FormRow{"variables", Form::Variables, 1, 1, kArm, "the value of a variable"},
    FormRow{"copyIndex", Form::CopyIndex, 0, 2, kArm, "the index of a copy loop"},
    FormRow{"reference", Form::Reference, 1, 3, kArm,
            "the run-time state of a resource, or a deployment's outputs"},
    FormRow{"references", Form::References, 1, 2, kArm, "reference() of every member of a symbolic loop"},
    FormRow{"resourceInfo", Form::ResourceInfo, 1, 1, kArm,
            "id, name, type and apiVersion of a symbolic resource"},
    FormRow{"deployment", Form::Deployment, 0, 0, kArm, "the deployment that is running"},
    FormRow{"environment", Form::Environment, 0, 0, kArm, "the public Azure cloud's endpoints"},
    FormRow{"resourceGroup", Form::ResourceGroup, 0, 0, kBoth, "the resource group deployed to"},
    FormRow{"subscription", Form::Subscription, 0, 0, kBoth, "the subscription deployed to"},
    FormRow{"tenant", Form::Tenant, 0, 0, kArm, "the tenant deployed to"},
    FormRow{"managementGroup", Form::ManagementGroup, 0, 0, kArm, "the management group deployed to"},
    FormRow{"deployer", Form::Deployer, 0, 0, kArm, "who deploys: always unknown"},
    FormRow{"providers", Form::Providers, 1, 2, kArm, "what a resource provider offers: always unknown"},
    FormRow{"roleDefinitions", Form::RoleDefinitions, 1, 1, kArm,
            "id and roleDefinitionId of a built-in role"},
    FormRow{"extensions", Form::Extensions, 1, 1, kArm, "configuration of an extension: always unknown"},
    FormRow{"resourceId", Form::ResourceId, 2, kAnyCount, kArm,
            "an id in the resource group or scope deployed to"},
    FormRow{"subscriptionResourceId", Form::SubscriptionResourceId, 2, kAnyCount, kArm,
            "an id in a subscription"},
    FormRow{"tenantResourceId", Form::TenantResourceId, 2, kAnyCount, kArm, "an id in the tenant"},
    FormRow{"managementGroupResourceId", Form::ManagementGroupResourceId, 2, kAnyCount, kArm,
            "an id in a management group"},
    FormRow{"extensionResourceId", Form::ExtensionResourceId, 3, kAnyCount, kArm,
            "an id of an extension resource"},
    FormRow{"pickZones", Form::PickZones, 3, 5, kArm, "availability zones of a region: always unknown"},
    FormRow{"toLogicalZone", Form::ToLogicalZone, 3, 3, kArm,
            "logical zone of a physical one: always unknown"},
    FormRow{"toLogicalZones", Form::ToLogicalZones, 3, 3, kArm,
            "logical zones of physical ones: always unknown"},
    FormRow{"toPhysicalZone", Form::ToPhysicalZone, 3, 3, kArm,
            "physical zone of a logical one: always unknown"},
    FormRow{"toPhysicalZones", Form::ToPhysicalZones, 3, 3, kArm,
            "physical zones of logical ones: always unknown"},
    FormRow{"newGuid", Form::NewGuid, 0, 0, kArm, "a new GUID: unknown, different at every call"},
    FormRow{"utcNow", Form::UtcNow, 0, 1, kBoth, "the time; unknown in templates unless --now is given"},
    FormRow{"field", Form::Field, 1, 1, kPolicy, "the value of a field of the resource"},
    FormRow{"current", Form::Current, 0, 1, kPolicy, "the element that a count looks at"},
    FormRow{"policy", Form::Policy, 0, 0, kPolicy, "the assignment and definition being evaluated"},
    FormRow{"requestContext", Form::RequestContext, 0, 0, kPolicy, "the api version of the request"},
};

bool is_identifier_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_identifier(char c) { return is_identifier_start(c) || is_digit(c) || c == '#'; }

class Parser {
 public:
  Parser(Arena& arena, std::string_view text, Language language)
      : arena_(arena), text_(text), language_(language) {}

  Result<const Expression*> parse() {
    at_ = 1;
    end_ = text_.size() - 1;
    const Expression* expression = RD_TRY(parse_value());
    skip_space();
    if (at_ != end_) return syntax("text after the end of the expression");
    return expression;
  }

 private:
  /// Azure passes over all Unicode white space between tokens; text pasted from a page has U+00A0.
  void skip_space() {
    while (at_ < end_) {
      const Utf8Character character = decode_utf8(text_, at_);
      if (!character.valid || !is_white_space(character.code)) return;
      at_ += character.bytes;
    }
  }
  char peek() {
    skip_space();
    return at_ < end_ ? text_[at_] : '\0';
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  tl::unexpected<Error> syntax(std::string_view what) const {
    return fail(Error::Kind::InvalidInput, "ARM0101",
                fmt::format("expression syntax at character {}: {}", at_ + 1, what));
  }

  Result<const Expression*> parse_value() {
    if (++depth_ > kMaxDepth)
      return fail(Error::Kind::Limit, "ARM0104",
                  fmt::format("expression nested deeper than {} levels", kMaxDepth));
    const Expression* expression = RD_TRY(parse_primary());
    for (;;) {
      const char c = peek();
      if (c != '.' && c != '[') break;
      expression = RD_TRY(parse_access(expression));
    }
    --depth_;
    return expression;
  }

  Result<const Expression*> parse_primary() {
    const char c = peek();
    if (c == '\'') return parse_string();
    if (is_digit(c) || c == '-' || c == '+') return parse_number();
    if (is_identifier_start(c)) return parse_call();
    if (c == '\0') return syntax("the expression ends too early");
    return syntax(fmt::format("unexpected '{}'", text_.substr(at_, decode_utf8(text_, at_).bytes)));
  }

  Result<const Expression*> parse_string() {
    const std::size_t start = at_++;
    std::string text;
    for (;; ++at_) {
      if (at_ >= end_) return syntax("a text is not closed");
      if (text_[at_] != '\'') {
        text += text_[at_];
      } else if (at_ + 1 < end_ && text_[at_ + 1] == '\'') {
        text += '\'';
        ++at_;
      } else {
        break;
      }
    }
    ++at_;
    return literal(doc::make_string(arena_, text), start);
  }

  Result<const Expression*> parse_number() {
    const std::size_t start = at_;
    if (text_[at_] == '-' || text_[at_] == '+') ++at_;
    const std::size_t digits = at_;
    while (at_ < end_ && is_digit(text_[at_]))
      ++at_;
    if (at_ == digits) return syntax("a number has no digits");
    if (at_ + 1 < end_ && text_[at_] == '.' && is_digit(text_[at_ + 1]))
      return syntax("only whole numbers are allowed; use json('1.5')");
    const std::size_t first = text_[start] == '+' ? digits : start;
    std::int64_t value = 0;
    const auto [last, error] = std::from_chars(text_.data() + first, text_.data() + at_, value);
    if (error != std::errc()) return syntax("the number does not fit into 64 bits");
    return literal(doc::Value::integer(value), start);
  }

  const Expression* literal(doc::Value value, std::size_t start) {
    Expression out;
    out.literal = value;
    out.offset = static_cast<std::uint32_t>(start);
    return arena_.make<Expression>(out);
  }

  std::string_view parse_name() {
    const std::size_t start = at_;
    while (at_ < end_ && is_identifier(text_[at_]))
      ++at_;
    return text_.substr(start, at_ - start);
  }

  Result<const Expression*> parse_call() {
    const std::size_t start = at_;
    parse_name();
    while (at_ < end_ && text_[at_] == '.') {
      ++at_;
      if (parse_name().empty()) return syntax("a name is missing after the point");
    }
    Expression call;
    call.kind = Expression::Kind::Call;
    call.offset = static_cast<std::uint32_t>(start);
    call.name = arena_.copy(text_.substr(start, at_ - start));
    if (!take('(')) return syntax(fmt::format("a '(' is missing after {}", call.name));
    std::vector<const Expression*> arguments;
    if (!take(')')) {
      do {
        const Expression* argument = RD_TRY(parse_value());
        arguments.push_back(argument);
      } while (take(','));
      if (!take(')')) return syntax(fmt::format("a ')' is missing in the call of {}", call.name));
    }
    call.arguments = arena_.copy(std::span<const Expression* const>(arguments));
    call.source = text_.substr(start, at_ - start);
    RD_TRY(resolve(call));
    return arena_.make<Expression>(call);
  }

  Result<void> resolve(Expression& call) const {
    if (call.name.find('.') != std::string_view::npos && language_ != Language::Policy) {
      call.form = Form::User;
      return {};
    }
    const auto allowed = [&](Language language) {
      return (static_cast<unsigned>(language) & static_cast<unsigned>(language_)) != 0;
    };
    for (const FormRow& row : kForms) {
      if (!equal_any_case(row.name, call.name)) continue;
      if (!allowed(row.language)) return not_here(call);
      call.form = row.form;
      return check_arity(call, row.least, row.most);
    }
    if (const Function* function = find_function(call.name)) {
      if (!allowed(function->language)) return not_here(call);
      call.function = function;
      return check_arity(call, function->least, function->most);
    }
    if (starts_with_any_case(call.name, "list") && language_ != Language::Policy) {
      call.form = Form::List;
      return check_arity(call, 1, kAnyCount);
    }
    return unknown_function(call);
  }

  tl::unexpected<Error> not_here(const Expression& call) const {
    return fail(Error::Kind::InvalidInput, "ARM0102",
                fmt::format("this function can't be used in {}: {}",
                            language_ == Language::Policy ? "policy rules" : "ARM templates", call.name));
  }

  static tl::unexpected<Error> unknown_function(const Expression& call) {
    std::vector<std::string_view> names;
    names.reserve(kForms.size());
    for (const FormRow& row : kForms)
      names.push_back(row.name);
    for (std::span<const Function> table : {text_functions(), collection_functions(), number_functions(),
                                            date_functions(), network_functions(), hash_functions()})
      for (const Function& function : table)
        names.push_back(function.name);
    const auto near = closest(call.name, names);
    return fail(Error::Kind::InvalidInput, "ARM0102", fmt::format("unknown function: {}", call.name), {},
                near ? fmt::format("did you mean {}?", *near) : std::string());
  }

  static Result<void> check_arity(const Expression& call, std::uint8_t least, std::uint8_t most) {
    const std::size_t count = call.arguments.size();
    if (count >= least && (most == kAnyCount || count <= most)) return {};
    std::string wanted = most == kAnyCount ? fmt::format("at least {}", least)
                         : least == most   ? fmt::format("{}", least)
                                           : fmt::format("{} to {}", least, most);
    return fail(
        Error::Kind::InvalidInput, "ARM0103",
        fmt::format("{} takes {} argument{}, not {}", call.name, wanted, wanted == "1" ? "" : "s", count));
  }

  Result<const Expression*> parse_access(const Expression* base) {
    Expression access;
    access.kind = Expression::Kind::Access;
    access.offset = static_cast<std::uint32_t>(at_);
    const Expression* key = nullptr;
    if (take('.')) {
      access.safe = take('?');
      skip_space();
      const std::size_t start = at_;
      const std::string_view name = is_digit(peek()) ? std::string_view() : parse_name();
      if (name.empty()) return syntax("a property name is missing after the point");
      key = literal(doc::make_string(arena_, name), start);
    } else {
      ++at_;
      access.safe = take('?');
      key = RD_TRY(parse_value());
      if (!take(']')) return syntax("a ']' is missing");
    }
    const std::array<const Expression*, 2> parts = {base, key};
    access.arguments = arena_.copy(std::span<const Expression* const>(parts));
    return arena_.make<Expression>(access);
  }

  Arena& arena_;
  std::string_view text_;
  Language language_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  std::uint32_t depth_ = 0;
};

}  // namespace

std::span<const FormRow> forms() { return kForms; }

bool is_expression(std::string_view text) {
  return text.size() >= 2 && text.front() == '[' && text.back() == ']' && text[1] != '[';
}

std::string_view unescape(std::string_view text) {
  if (text.size() >= 3 && text.starts_with("[[") && text.back() == ']') text.remove_prefix(1);
  return text;
}

Result<const Expression*> parse_expression(Arena& arena, std::string_view text, Language language) {
  RD_CHECK(is_expression(text));
  return Parser(arena, text, language).parse();
}

Result<const Expression*> ExpressionCache::get(std::string_view text) {
  if (const auto found = parsed_.find(text.data()); found != parsed_.end()) return found->second;
  const Expression* expression = RD_TRY(parse_expression(*arena_, text, language_));
  parsed_.emplace(text.data(), expression);
  return expression;
}

}  // namespace redoubt::arm
