#include "posture/azure_controls.h"

#include "doc/json.h"

extern "C" const char azure_built_ins_begin[], azure_built_ins_end[];

namespace redoubt::posture {

using doc::Value;

namespace {

AzureFramework read_framework(const Value& node, const Framework& framework,
                              const std::vector<std::string>& policies) {
  AzureFramework out;
  for (const Value& initiative : node.find("initiatives")->items())
    out.initiatives.emplace_back(*initiative.text_of("displayName"));
  for (const Value& row : node.find("controls")->items()) {
    const std::optional<std::size_t> control = framework.find(*row.text_of("id"));
    RD_CHECK(control.has_value());
    std::vector<std::string>& names = out.controls[*control];
    for (const Value& number : row.find("policies")->items())
      names.push_back(policies.at(static_cast<std::size_t>(number.as_int())));
  }
  return out;
}

}  // namespace

AzureControls::AzureControls(const Frameworks& frameworks) : all_(frameworks.all().size()) {
  Arena arena;
  const Result<Value> root = doc::parse_json(
      arena, {azure_built_ins_begin, static_cast<std::size_t>(azure_built_ins_end - azure_built_ins_begin)});
  RD_CHECK(root.has_value());
  std::vector<std::string> policies;
  for (const Value& name : root->find("policies")->items())
    policies.emplace_back(name.as_string());
  for (const Value& number : root->find("othersResults")->items())
    others_results_.insert(policies.at(static_cast<std::size_t>(number.as_int())));
  for (const Value& node : root->find("frameworks")->items()) {
    const Result<std::size_t> number = frameworks.find(*node.text_of("framework"));
    RD_CHECK(number.has_value());
    all_[*number] = read_framework(node, frameworks.all()[*number], policies);
  }
}

}  // namespace redoubt::posture
