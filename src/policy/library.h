#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/arena.h"
#include "core/result.h"
#include "doc/json.h"
#include "doc/sources.h"
#include "policy/assignment.h"
#include "policy/definition.h"

namespace redoubt {
struct EmbeddedFile;
}

namespace redoubt::policy {

/// Definitions, initiatives, assignments and exemptions out of files. Owns the documents they live in.
///
/// What a file holds is told by its content: an object with policyRule is a definition, one with
/// policyDefinitions an initiative, with policyAssignmentId an exemption, with policyDefinitionId an
/// assignment. Taken are bare objects (`{properties: {...}}` or the properties alone), what `az policy
/// definition|set-definition|assignment|exemption list` prints (with the properties beside the name), REST
/// answers ({value: [...]}), JSON Lines of such, and rows that wrap one in `definition` or `properties`.
/// Diagnostics: POL0201 nothing in a file is one of these, POL0202 a name stands twice (the last one counts),
/// POL0203 a row is none, POL0204 a path is not there, POL0207 a folder can't be read,
/// POL0208 a part of an initiative has a wrong JSON type, POL04xx of assignments and exemptions, and those of
/// doc.
class Library {
 public:
  /// Loads a file, or every .json and .jsonl below a folder in sorted order. Of JSON Lines only the lines are
  /// parsed that `wanted` says yes to; empty: all.
  using LineFilter = std::function<bool(std::string_view line)>;
  void load(doc::Sources& sources, const std::string& path, const LineFilter& wanted = {});
  /// The same for a text that is in memory, as a file of that name would hold it; rows of JSON Lines when the
  /// name ends in .jsonl.
  void read(doc::Sources& sources, const std::string& name, std::string text, const LineFilter& wanted = {});
  /// The pack that is part of the program and whose initiative has that name or display name: the folder of
  /// content/policies that holds its initiative.json. False when there is none.
  bool load_embedded(doc::Sources& sources, std::string_view initiative);

  const std::deque<Definition>& definitions() const { return definitions_; }
  const std::deque<Initiative>& initiatives() const { return initiatives_; }
  const std::deque<Assignment>& assignments() const { return assignments_; }
  const std::deque<Exemption>& exemptions() const { return exemptions_; }

  /// By name, id or the id's last segment, in any case; null when there is none.
  const Definition* find_definition(std::string_view name) const;
  const Definition* find_definition(const Reference& reference) const;
  /// By name, id or the id's last segment, in any case; null when there is none.
  const Initiative* initiative_named(std::string_view name) const;
  /// By name or display name, in any case. POL0205 (NotFound) when there is none, POL0206 (Usage) when
  /// several.
  Result<const Initiative*> find_initiative(std::string_view name) const;

  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
  std::vector<Diagnostic> take_diagnostics() { return std::move(diagnostics_); }

 private:
  void load_embedded(doc::Sources& sources, const EmbeddedFile& file);
  void load_file(doc::Sources& sources, const std::string& path, const LineFilter& wanted);
  void load_lines(doc::Sources& sources, std::string name, std::string text, const LineFilter& wanted);
  bool add(const doc::Value& node, const doc::Sources& sources);
  bool add_row(const doc::Value& node, const doc::Sources& sources);
  void add_definition(const doc::Value& node, const doc::Value& properties, const doc::Sources& sources);
  void add_initiative(const doc::Value& node, const doc::Value& properties, const doc::Sources& sources);
  void add_assignment(const doc::Value& node, const doc::Value& properties, const doc::Sources& sources);
  void add_exemption(const doc::Value& node, const doc::Value& properties, const doc::Sources& sources);

  Arena arena_;
  std::deque<doc::Document> documents_;
  std::deque<doc::LineDocument> line_documents_;
  std::deque<Definition> definitions_;
  std::deque<Initiative> initiatives_;
  std::deque<Assignment> assignments_;
  std::deque<Exemption> exemptions_;
  std::unordered_map<std::string, std::size_t> definition_index_;  // by lower-case name
  std::unordered_map<std::string, std::size_t> initiative_index_;
  std::unordered_map<std::string, std::size_t> assignment_index_;  // by lower-case id
  std::unordered_map<std::string, std::size_t> exemption_index_;
  std::unordered_set<std::string> whole_files_;  // read already; only JSON Lines are read in parts
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace redoubt::policy
