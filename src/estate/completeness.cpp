#include "estate/completeness.h"

#include "core/text.h"

namespace redoubt::estate {

void Completeness::declare_complete(std::string_view type) { declared_.insert(lower(type)); }

void Completeness::add_exported_type(std::string_view type) { exported_.insert(lower(type)); }

Completeness::Reason Completeness::reason(std::string_view type) const {
  if (!unread_links_.empty()) return Reason::UnreadLink;
  if (!failed_templates_.empty()) return Reason::FailedTemplate;
  const std::string key = lower(type);
  if (declared_.contains(key)) return Reason::None;
  if (!cut_exports_.empty()) return Reason::CutExport;
  if (exported_.contains(key)) return Reason::None;
  if (has_export_) return Reason::NotExported;
  return elsewhere_ ? Reason::Elsewhere : Reason::None;
}

bool Completeness::complete_for(std::string_view type) const { return reason(type) == Reason::None; }

std::string Completeness::why_incomplete(std::string_view type) const {
  switch (reason(type)) {
    case Reason::None:
      return {};
    case Reason::UnreadLink:
      return "linked template not read: " + unread_links_.front();
    case Reason::FailedTemplate:
      return "template not wholly expanded: " + failed_templates_.front();
    case Reason::CutExport:
      return "the export is not complete: " + cut_exports_.front();
    case Reason::NotExported:
      return "type not in this export";
    case Reason::Elsewhere:
      return "assumed elsewhere";
  }
  return {};
}

}  // namespace redoubt::estate
