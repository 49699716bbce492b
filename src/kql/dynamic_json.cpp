#include "kql/detail/dynamic_json.h"

#include "kql/detail/string_text.h"
#include "kql/json_text.h"
#include "kql/value.h"

namespace redoubt::kql::detail {

namespace {

void append(std::string& out, const Syntax& syntax, const Node& node);

void append_list(std::string& out, const Syntax& syntax, const Node& node, char open, char close) {
  out += open;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (i != 0) out += ',';
    append(out, syntax, node[i]);
  }
  out += close;
}

/// Numbers and bools as they are, the rest as text; a minus may stand in front.
void append_literal(std::string& out, const Syntax& syntax, const Node& node) {
  const Token& token = syntax.tokens[node.token];
  std::string text(syntax.text_of(node));
  if (text == "null") {
    out += "null";
    return;
  }
  const Result<Value> value = read_literal(token.kind, text);
  if (value) {
    out += to_json(*value);
    return;
  }
  if (const std::optional<std::string> json = normalize_json(text))
    out += *json;
  else
    append_json_of_text(out, text);
}

void append(std::string& out, const Syntax& syntax, const Node& node) {
  switch (node.kind) {
    case NodeKind::JsonArray:
      return append_list(out, syntax, node, '[', ']');
    case NodeKind::JsonObject:
      return append_list(out, syntax, node, '{', '}');
    case NodeKind::JsonPair:
      append_json_of_text(out, string_text(syntax.text_of(syntax.tokens[node.token])));
      out += ':';
      return append(out, syntax, node[0]);
    case NodeKind::String:
      return append_json_of_text(out, string_text(syntax, node));
    case NodeKind::Dynamic:
      return append(out, syntax, node[0]);
    case NodeKind::Missing:
      out += "null";
      return;
    default:
      return append_literal(out, syntax, node);
  }
}

}  // namespace

std::string dynamic_json(const Syntax& syntax, const Node& inside) {
  std::string out;
  append(out, syntax, inside);
  return out;
}

}  // namespace redoubt::kql::detail
