#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kql/parser.h"
#include "kql/query_files.h"

namespace redoubt::kql {

/// A function that a workspace or a database keeps. Its text is another one than that of the queries that
/// call it, and has its own places.
class SavedFunction {
 public:
  /// `found.function` says how it is called.
  explicit SavedFunction(FoundQuery found);
  SavedFunction(const SavedFunction&) = delete;
  SavedFunction& operator=(const SavedFunction&) = delete;

  enum class Part : std::uint8_t { Body, Parameters };

  const std::string& name() const { return query_.function->names.front(); }
  const FoundQuery& query() const { return query_; }
  const Syntax& body() const { return body_; }
  /// The root is a List of FunctionParameter.
  const Syntax& parameters() const { return parameters_; }

  /// Of a byte of the body or of the parameters, or their ends.
  doc::Place place(Part part, std::size_t offset) const;
  Where where(const doc::Sources& sources, Part part, std::size_t offset) const;

 private:
  FoundQuery query_;
  Syntax body_;
  Syntax parameters_;
};

/// The functions that queries may call besides those of the language.
class SavedFunctions {
 public:
  /// Takes the functions among the queries that were found in a file or folder: those with a head, and files
  /// that are one query, which are called as the file is. They come in place of functions of the same names
  /// that were added before. Of two in one call that differ the first holds; KQL0503 tells of the other, as a
  /// warning.
  std::vector<Diagnostic> add(std::vector<FoundQuery> found, const doc::Sources& sources);

  /// Null: there is none. Case counts.
  const SavedFunction* find(std::string_view name) const;
  /// By each of their names, sorted.
  const std::map<std::string, const SavedFunction*, std::less<>>& by_name() const { return by_name_; }
  bool empty() const { return functions_.empty(); }
  /// Of functions that were taken.
  std::size_t size() const { return functions_.size(); }

 private:
  std::vector<std::unique_ptr<SavedFunction>> functions_;
  std::map<std::string, const SavedFunction*, std::less<>> by_name_;
};

}  // namespace redoubt::kql
