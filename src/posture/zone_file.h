#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "doc/json.h"
#include "doc/sources.h"
#include "policy/alz_library.h"

namespace redoubt::posture {

/// A management group or a subscription of a zone file.
struct ZoneScope {
  std::string id;
  std::string display_name;
  std::string parent;  ///< id of a management group; empty: the top
  doc::Place place;
};

/// Where a landing zone is described: what Zone::load takes.
struct ZoneSources {
  std::vector<std::string> alz;  ///< folders of Azure Landing Zones libraries
  std::string architecture;      ///< of them; may be empty when there is one
  policy::AlzLibrary::Values values;
  std::vector<ZoneScope> groups;  ///< beside those of the libraries, as the next
  std::vector<ZoneScope> subscriptions;
  /// Files or folders of assignments, exemptions, definitions and initiatives.
  std::vector<std::string> assignments;
  bool library_assigns = true;        ///< else the libraries give the tree only
  std::vector<std::string> policies;  ///< definitions and initiatives that may be assigned
  std::string data;  ///< the data directory, whose content is looked in for what is not there; may be empty
};

/// Who answers for what lies in a scope, and what it is for. The nearest one counts.
struct ZoneOwner {
  std::string scope;  ///< id or name of a scope
  std::string owner;
  std::string environment;
  doc::Place place;
};

/// Templates, and where they are deployed.
struct ZoneTemplates {
  std::string path;  ///< a file or a folder
  std::string scope;
  std::string location;
  doc::Place place;
};

/// A file or a folder that a zone file names.
struct ZonePath {
  std::string_view key;  ///< `policies`, `assignments` ...
  std::string path;
  doc::Place place;
};

/// A landing zone as its owners write it down: `zone.yaml`. Paths are as given, from the file's folder.
/// Form: docs/reference/schemas/zone-file.json; every key: docs/zone-files.md.
struct ZoneFile {
  std::string path;
  std::string name;
  std::string tenant;
  std::string location;  ///< of templates that name none
  ZoneSources sources;
  std::vector<ZoneOwner> owners;
  std::vector<ZoneTemplates> templates;
  std::vector<std::string> exports;
  std::vector<std::string> complete_types;
  std::vector<ZonePath> paths;  ///< all but those of templates

  /// What its paths name and is not there, those of exports aside: an error POS0018 each.
  std::vector<Diagnostic> missing_sources(const doc::Sources& texts) const;
  /// The sources without what is not there.
  ZoneSources present_sources() const;
};

/// POS0018: `what` of a zone file is not there; the hint is a name like it in the same folder.
Diagnostic missing_path(std::string_view what, const std::string& path, Where where);

/// Reads a zone file, YAML or JSON. Errors: those of doc; ZON0001 it is no mapping. Diagnostics: ZON0002 an
/// unknown key, with what was probably meant (error), ZON0003 a value of the wrong type (error), ZON0004 a
/// member is missing (error).
Result<Reading<ZoneFile>> read_zone_file(doc::Sources& sources, const std::string& path);

}  // namespace redoubt::posture
