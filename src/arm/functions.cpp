#include <string>
#include <unordered_map>

#include "arm/detail/arguments.h"
#include "arm/detail/dotnet_format.h"
#include "arm/function.h"
#include "core/text.h"

namespace redoubt::arm {
namespace {

using Index = std::unordered_map<std::string, const Function*>;

Index make_index() {
  Index index;
  for (const std::span<const Function> table : {text_functions(), collection_functions(), number_functions(),
                                                date_functions(), network_functions(), hash_functions()})
    for (const Function& function : table)
      RD_CHECK(index.try_emplace(lower(function.name), &function).second);
  return index;
}

}  // namespace

const Function* find_function(std::string_view name) {
  static const Index index = make_index();
  const auto row = index.find(lower(name));
  return row == index.end() ? nullptr : row->second;
}

std::string dotnet_text(const doc::Value& value) {
  switch (value.kind()) {
    case doc::Kind::String:
      return std::string(value.as_string());
    case doc::Kind::Bool:
      return value.as_bool() ? "True" : "False";
    case doc::Kind::Int:
      return std::to_string(value.as_int());
    case doc::Kind::Real:
      return detail::dotnet_real(value.as_real());
    case doc::Kind::Array:
    case doc::Kind::Object:
      return detail::newtonsoft_json(value, '"');
    case doc::Kind::Null:
    case doc::Kind::Unknown:
      break;
  }
  return {};
}

}  // namespace redoubt::arm
