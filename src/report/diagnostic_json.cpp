#include "report/diagnostic_json.h"

#include <string_view>

namespace redoubt::report {

namespace {

void write_text(doc::JsonWriter& json, std::string_view key, std::string_view text) {
  if (!text.empty()) json.key(key).text(text);
}

void write_where(doc::JsonWriter& json, const Where& where) {
  write_text(json, "file", where.file);
  if (where.line != 0) json.key("line").integer(where.line);
  if (where.column != 0) json.key("column").integer(where.column);
  write_text(json, "path", where.path);
}

}  // namespace

void write_json(doc::JsonWriter& json, const Error& error) {
  json.begin_object().key("code").text(error.code).key("message").text(error.message);
  write_where(json, error.where);
  write_text(json, "hint", error.hint);
  json.end_object();
}

void write_json(doc::JsonWriter& json, const Diagnostic& diagnostic) {
  json.begin_object().key("code").text(diagnostic.code);
  json.key("severity").text(name_of(diagnostic.severity));
  json.key("message").text(diagnostic.message);
  write_where(json, diagnostic.where);
  write_text(json, "hint", diagnostic.hint);
  json.end_object();
}

std::string to_json(const Error& error) {
  doc::JsonWriter json;
  write_json(json, error);
  return json.take();
}

}  // namespace redoubt::report
