#include <fmt/format.h>

#include "core/text.h"
#include "kql/detail/characters.h"
#include "kql/detail/parser.h"

namespace redoubt::kql::detail {

Node* Parser::parameters(ParameterRules rules, bool equal_needed) {
  const ParameterScope before = parameter_scope_;
  parameter_scope_ = {rules, true, equal_needed};
  Node* const out = list(&Parser::parameter);
  parameter_scope_ = before;
  return out;
}

/// In parentheses, with commas.
Node* Parser::parameter_list(ParameterRules rules, bool known_too) {
  const ParameterScope before = parameter_scope_;
  parameter_scope_ = {rules, known_too, before.equal_needed};
  Node* const out = comma_list(&Parser::parameter, {&Parser::missing_parameter, &Parser::ends_list});
  parameter_scope_ = before;
  return out;
}

bool Parser::is_own_parameter(const ParameterScope& scope, std::size_t ahead) const {
  if (!is(TokenKind::Identifier, ahead) && !is_keyword(kind(ahead))) return false;
  const ParameterRule* const rule = find_parameter(scope.rules, text(ahead));
  return rule != nullptr && (rule->without_equal || !scope.equal_needed || is(TokenKind::Equal, ahead + 1));
}

std::size_t Parser::scan_known_parameter(bool equal_needed, std::size_t ahead) const {
  std::size_t size = 0;
  if (is(TokenKind::Identifier, ahead) || is_keyword(kind(ahead)))
    size = find_known_parameter(text(ahead)) != nullptr ||
                   find_parameter(parameter_scope_.rules, text(ahead)) != nullptr
               ? 1
               : 0;
  if (size == 0) size = matches_any(long_parameter_names(), ahead);
  return size != 0 && equal_needed && !is(TokenKind::Equal, ahead + size) ? 0 : size;
}

std::size_t Parser::scan_parameter(const ParameterScope& scope, std::size_t ahead) const {
  if (is_own_parameter(scope, ahead)) return 1;
  return scope.known_too ? scan_known_parameter(scope.equal_needed, ahead) : 0;
}

Node* Parser::parameter() {
  const std::uint32_t begin = pos_;
  const std::size_t size = scan_parameter(parameter_scope_, 0);
  if (size == 0) return nullptr;
  const Token& first = peek();
  const std::string_view written = syntax_.text.substr(first.offset, peek(size - 1).end() - first.offset);
  Node* const label = leaf(NodeKind::Name, size);
  expect(TokenKind::Equal);
  const ParameterRule* rule = find_parameter(parameter_scope_.rules, written);
  if (rule == nullptr) rule = find_known_parameter(written);
  Node* value = nullptr;
  if (rule != nullptr)
    value = parameter_value(*rule);
  else if (value = any_value(); value == nullptr)
    value = missing_value();
  return make(NodeKind::Parameter, begin, {label, value}, begin);
}

/// A parameter that may stand in one place only.
Node* Parser::one_parameter(const ParameterRule& rule, Ends ends) {
  const std::uint32_t begin = pos_;
  const std::size_t size = matches(rule.name);
  if (size == 0 || (!rule.without_equal && !is(TokenKind::Equal, size))) return nullptr;
  Node* const label = leaf(NodeKind::Name, size);
  if (!rule.without_equal) expect(TokenKind::Equal);
  Node* const value = parameter_value(rule, ends);
  return make(NodeKind::Parameter, begin, {label, value}, begin);
}

Node* Parser::any_value() {
  if (Node* const value = literal()) return value;
  return is_name_token(0) ? leaf(NodeKind::Word) : name();
}

Node* Parser::word(std::span<const std::string_view> words) {
  const std::size_t size = matches_any(words);
  return size == 0 ? nullptr : leaf(NodeKind::Word, size);
}

Node* Parser::required_word(std::span<const std::string_view> words) {
  if (Node* const found = word(words)) return found;
  problem_here("KQL0103", fmt::format("expected: {}", redoubt::join(words, " or ")));
  return make(NodeKind::Missing, pos_);
}

Node* Parser::parameter_value(const ParameterRule& rule, Ends ends) {
  Node* value = nullptr;
  switch (rule.form) {
    case ValueForm::ForcedReal:
      if ((is(TokenKind::LongLiteral) || is(TokenKind::RealLiteral)) && is_digit(text().front()))
        value = leaf(NodeKind::Literal);
      else
        value = signed_number();
      break;
    case ValueForm::Text:
      value = path();
      return value != nullptr ? value : missing_value();
    case ValueForm::Word:
    case ValueForm::WordOrNumber:
      value = word(rule.words);
      break;
    case ValueForm::Name:
    case ValueForm::Column:
      value = name();
      break;
    case ValueForm::Columns:
      return column_list(ends != nullptr ? ends : &Parser::ends_column_list);
    default:
      break;
  }
  if (value == nullptr) value = any_value();
  if (value != nullptr) return value;
  if (!rule.words.empty()) return required_word(rule.words);
  return rule.form == ValueForm::Name || rule.form == ValueForm::Column ? missing_name() : missing_value();
}

Node* Parser::column_list(Ends ends) {
  return comma_list(&Parser::column_list_name, {&Parser::missing_name, ends, true});
}

Node* Parser::column_list_name() {
  ParameterScope scope = parameter_scope_;
  scope.equal_needed = true;
  return is_own_parameter(scope, 0) ? nullptr : declared_name();
}

bool Parser::ends_column_list() const {
  if (is(TokenKind::Comma)) return scan_known_parameter(false, 1) != 0 || ends_list(1);
  return scan_known_parameter(true, 0) != 0 || ends_list();
}

bool Parser::ends_render_columns() const {
  static constexpr std::string_view kNext[] = {"kind", "title", "accumulate", "with", "by"};
  return matches_any(kNext) != 0;
}

}  // namespace redoubt::kql::detail
