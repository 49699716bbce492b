#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace redoubt::estate {

/// What the absence of a resource means: that there is none, or that it was not in what was given.
/// Source: shared semantics 2.4.
class Completeness {
 public:
  /// A linked template that was not read, by the name of its deployment.
  void add_unread_link(std::string link) { unread_links_.push_back(std::move(link)); }
  /// A template of which a part could not be expanded.
  void add_failed_template(std::string path) { failed_templates_.push_back(std::move(path)); }
  /// An export that has fewer rows than the query found.
  void add_cut_export(std::string path) { cut_exports_.push_back(std::move(path)); }
  void declare_complete(std::string_view type);
  void assume_elsewhere() { elsewhere_ = true; }
  void add_exported_type(std::string_view type);
  /// An export was given; it may have no rows at all.
  void add_export() { has_export_ = true; }

  bool complete_for(std::string_view type) const;
  /// Why a resource of that type that is not there may still exist; empty when it does not.
  std::string why_incomplete(std::string_view type) const;

  const std::vector<std::string>& unread_links() const { return unread_links_; }
  const std::vector<std::string>& cut_exports() const { return cut_exports_; }

 private:
  enum class Reason { None, UnreadLink, FailedTemplate, CutExport, NotExported, Elsewhere };
  Reason reason(std::string_view type) const;

  std::vector<std::string> unread_links_;
  std::vector<std::string> failed_templates_;
  std::vector<std::string> cut_exports_;
  std::unordered_set<std::string> declared_;  // lower case, as the next
  std::unordered_set<std::string> exported_;
  bool has_export_ = false;
  bool elsewhere_ = false;
};

}  // namespace redoubt::estate
