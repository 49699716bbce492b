#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "content/manifest.h"
#include "core/result.h"
#include "doc/sources.h"
#include "policy/library.h"

namespace redoubt::content {

/// The packs of a data directory, and what is in them by name.
///
/// Opening reads each pack's manifest and index and keeps its files open: what is loaded later is of that
/// state, also while another process replaces packs. Loading reads and parses the rows asked for and no
/// others.
class Store {
 public:
  /// A data directory that is not there is an empty store. Packs that can't be used are left out: diagnostics
  /// (warnings) CON0102, CON0103.
  static Store open(const std::string& data_dir);
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  /// Sorted by name.
  const std::vector<Manifest>& packs() const { return manifests_; }

  /// Adds the initiatives of these names to the library: name, id or its last segment, or display name, in
  /// any case. What the library has already, or no pack has, is passed over.
  ///
  /// CON0105 (Usage): several packs have an initiative of that name, and they differ. Diagnostics: CON0104
  /// (error) a row is not what the index says; it is not loaded.
  Result<void> load_initiatives(const std::vector<std::string>& names, policy::Library& library,
                                doc::Sources& sources);
  /// The same for definitions, by name, id or its last segment. Of several packs the one that gave an
  /// initiative comes first, then the one added last; CON0106 (warning) says where that made a difference.
  void load_definitions(const std::vector<std::string>& names, policy::Library& library,
                        doc::Sources& sources);
  /// The members of an initiative that the library does not have.
  void load_members(const policy::Initiative& initiative, policy::Library& library, doc::Sources& sources);

  /// Folders of the Azure Landing Zones libraries of all packs, as AlzLibrary::load takes them.
  std::vector<std::string> alz_folders() const;

  std::vector<Diagnostic> take_diagnostics() { return std::move(diagnostics_); }

 private:
  struct Pack;
  struct Found;

  Store();
  std::vector<Pack*> by_preference() const;
  std::vector<Found> find(std::string_view name, bool initiative) const;
  void load_rows(std::vector<Found> rows, policy::Library& library, doc::Sources& sources);

  std::vector<std::unique_ptr<Pack>> packs_;
  std::vector<Manifest> manifests_;
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace redoubt::content
