#include "kql/saved_functions.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>
#include <utility>

#include "core/text.h"
#include "kql/detail/parser.h"

namespace redoubt::kql {

namespace {

/// A file that is one query, not a part of one: it may begin behind a byte order mark.
bool is_whole_file(const FoundQuery& query, const doc::Sources& sources) {
  constexpr std::size_t kByteOrderMark = 3;
  return query.kind == QueryKind::File &&
         query.query.size() + kByteOrderMark >= sources.text(query.file).size();
}

/// Two forms of one function may differ in blanks.
bool says_the_same(const SavedFunction& left, const SavedFunction& right) {
  const auto same = [](const Syntax& one, const Syntax& other) {
    if (one.tokens.size() != other.tokens.size()) return false;
    for (std::size_t i = 0; i < one.tokens.size(); ++i)
      if (one.text_of(one.tokens[i]) != other.text_of(other.tokens[i])) return false;
    return true;
  };
  return same(left.body(), right.body());
}

}  // namespace

SavedFunction::SavedFunction(FoundQuery found)
    : query_(std::move(found)),
      body_(parse(query_.query)),
      parameters_(parse_parameters(query_.function->parameters)) {}

doc::Place SavedFunction::place(Part part, std::size_t offset) const {
  return part == Part::Body ? query_.place(offset)
                            : doc::Place{query_.file, query_.function->parameters_map[offset]};
}

Where SavedFunction::where(const doc::Sources& sources, Part part, std::size_t offset) const {
  return part == Part::Body ? query_.where(sources, offset) : sources.where(place(part, offset));
}

std::vector<Diagnostic> SavedFunctions::add(std::vector<FoundQuery> found, const doc::Sources& sources) {
  std::vector<Diagnostic> out;
  std::set<std::string_view> added;
  for (FoundQuery& query : found) {
    if (!query.function) {
      const std::string stem = std::filesystem::path(sources.name(query.file)).stem().string();
      if (!is_whole_file(query, sources) || stem.empty()) continue;
      query.function = FunctionHead{.names = {stem}, .parameters = {}, .parameters_map = {}};
    }
    auto made = std::make_unique<SavedFunction>(std::move(query));
    if (made->query().kind == QueryKind::File && detail::is_command(made->body())) continue;
    for (const std::string& name : made->query().function->names) {
      const auto [known, is_new] = by_name_.try_emplace(name, made.get());
      if (is_new || added.insert(known->first).second) {
        added.insert(known->first);
        known->second = made.get();
      } else if (!says_the_same(*known->second, *made)) {
        const Where first = known->second->where(sources, SavedFunction::Part::Body, 0);
        out.push_back({Severity::Warning, "KQL0503",
                       fmt::format("there is another function {}: this one is not used", name),
                       made->where(sources, SavedFunction::Part::Body, 0),
                       fmt::format("the other is {}", first.text())});
      }
    }
    functions_.push_back(std::move(made));
  }
  return out;
}

const SavedFunction* SavedFunctions::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

}  // namespace redoubt::kql
