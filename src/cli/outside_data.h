#pragma once

#include <memory>
#include <vector>

#include "cli/arguments.h"
#include "cli/context.h"
#include "geo/ip_locations.h"
#include "query/external_files.h"

namespace redoubt::cli {

/// What a query may look into besides its tables, where a user names it.
struct OutsideData {
  std::unique_ptr<query::ExternalFiles> external;  ///< null: nothing is known of externaldata
  std::unique_ptr<geo::IpLocations> locations;     ///< null: no address is known
};

/// `--external`, `--fetch-external`, `--geoip`.
std::vector<Option> outside_options();
/// Errors: QRY0010 (Usage) --fetch-external without --external; GEO0001.
Result<OutsideData> read_outside(const Arguments& arguments, Context& context);

}  // namespace redoubt::cli
