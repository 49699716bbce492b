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

/// A landing zone as its owners write it down: `zone.yaml`. Paths are as given, from the file's folder.
/// Form: docs/reference/schemas/zone-file.json; every key: docs/zone-files.md.
struct ZoneFile {
  std::string path;
  std::string name;
  std::string tenant;
  std::string location;          ///< of templates that name none
  std::vector<std::string> alz;  ///< libraries
  std::string architecture;
  policy::AlzLibrary::Values values;
  std::vector<ZoneScope> groups;
  std::vector<ZoneScope> subscriptions;
  std::vector<ZoneOwner> owners;
  std::vector<std::string> policies;
  std::vector<std::string> assignments;
  std::vector<std::string> exemptions;
  std::vector<ZoneTemplates> templates;
  std::vector<std::string> exports;
  std::vector<std::string> complete_types;
};

/// Reads a zone file, YAML or JSON. Errors: those of doc; ZON0001 it is no mapping. Diagnostics: ZON0002 an
/// unknown key, with what was probably meant (error), ZON0003 a value of the wrong type (error), ZON0004 a
/// member is missing (error).
Result<Reading<ZoneFile>> read_zone_file(doc::Sources& sources, const std::string& path);

}  // namespace redoubt::posture
