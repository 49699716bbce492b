#include "policy/detail/read_references.h"

#include "policy/detail/shape.h"

// The references of an initiative. What is wrong with one is said when it is read: a scan that passed over
// values or a version pin would judge with others than their author meant.

namespace redoubt::policy::detail {

using doc::Value;

namespace {

// Source: the JSON schema of Azure Policy initiatives.
constexpr ShapeRow kInitiative[] = {{"parameters", "an object", is_object},
                                    {"policyDefinitionGroups", "a list", is_list, Severity::Warning},
                                    {"metadata", "an object", is_object, Severity::Warning},
                                    {"displayName", "text", is_text, Severity::Warning},
                                    {"version", "text", is_text, Severity::Warning}};
constexpr ShapeRow kReference[] = {{"parameters", "an object", is_object},
                                   {"definitionVersion", "text", is_text},
                                   {"policyDefinitionId", "text", is_text},
                                   {"policyDefinitionReferenceId", "text", is_text, Severity::Warning},
                                   {"groupNames", "a list", is_list, Severity::Warning}};

std::string text_or_empty(const Value& node, std::string_view name) {
  return std::string(node.text_of(name).value_or(std::string_view()));
}

class ReferenceReader {
 public:
  ReferenceReader(std::vector<Diagnostic>& diagnostics, const doc::Sources& sources)
      : diagnostics_(diagnostics), sources_(sources) {}

  std::vector<Reference> read(const Value& properties) {
    check(properties, kInitiative);
    declarations(properties.find_any_case("parameters"));
    std::vector<Reference> references;
    for (const Value& item : properties.find_any_case("policyDefinitions")->items()) {
      if (!item.is_object())
        say(Severity::Error, "a reference of policyDefinitions must be an object", item.place());
      check(item, kReference);
      references.push_back(reference(item));
    }
    relations(properties, references);
    return references;
  }

 private:
  void say(Severity severity, std::string message, doc::Place place) {
    diagnostics_.push_back({severity, "POL0208", std::move(message), sources_.where(place), {}});
  }

  void check(const Value& node, std::span<const ShapeRow> rows) {
    check_shape(node, rows, [&](Severity severity, std::string message, doc::Place place) {
      say(severity, std::move(message), place);
    });
  }

  void declarations(const Value* declared) {
    static constexpr ShapeRow kAllowed[] = {{"allowedValues", "a list", is_list, Severity::Warning}};
    if (declared == nullptr || !declared->is_object()) return;
    for (const doc::Member& member : declared->members()) {
      if (!member.value.is_object())
        say(Severity::Error, "the parameter must be an object: " + std::string(member.name),
            member.value.place());
      check(member.value, kAllowed);
    }
  }

  Reference reference(const Value& item) {
    Reference out;
    out.definition_id = text_or_empty(item, "policyDefinitionId");
    out.definition_name = out.definition_id.substr(out.definition_id.rfind('/') + 1);
    out.reference_id = text_or_empty(item, "policyDefinitionReferenceId");
    out.definition_version = text_or_empty(item, "definitionVersion");
    out.place = item.place();
    if (const Value* parameters = item.find_any_case("parameters")) out.parameters = *parameters;
    if (out.parameters.is_object()) values(out.parameters);
    if (const Value* groups = item.find_any_case("groupNames"); groups != nullptr && groups->is_array())
      for (const Value& group : groups->items()) {
        if (group.is_string())
          out.groups.emplace_back(group.as_string());
        else
          say(Severity::Warning, "groupNames must be a list of text", group.place());
      }
    return out;
  }

  /// Relation checks stand in the metadata, so that Azure takes the initiative as it is.
  void relations(const Value& properties, std::vector<Reference>& references) {
    const Value* metadata = properties.find_any_case("metadata");
    const Value* names = metadata == nullptr ? nullptr : metadata->find_any_case("relations");
    if (names == nullptr) return;
    if (!names->is_array()) return say(Severity::Error, "metadata.relations must be a list", names->place());
    for (const Value& name : names->items()) {
      if (!name.is_string()) {
        say(Severity::Error, "metadata.relations must be a list of text", name.place());
        continue;
      }
      Reference& out = references.emplace_back();
      out.definition_id = out.definition_name = out.reference_id = std::string(name.as_string());
      out.place = name.place();
      out.relation = true;
    }
  }

  void values(const Value& parameters) {
    for (const doc::Member& member : parameters.members())
      if (member.value.find_any_case("value") == nullptr)
        say(Severity::Error, "a parameter is given as {\"value\": ...}: " + std::string(member.name),
            member.value.place());
  }

  std::vector<Diagnostic>& diagnostics_;
  const doc::Sources& sources_;
};

}  // namespace

std::vector<Reference> read_references(const Value& properties, const doc::Sources& sources,
                                       std::vector<Diagnostic>& diagnostics) {
  return ReferenceReader(diagnostics, sources).read(properties);
}

}  // namespace redoubt::policy::detail
