#include "kql/detail/workspace_functions.h"

#include "kql/detail/wildcard.h"

namespace redoubt::kql::detail {

namespace {

constexpr ResultColumn kWatchlistColumns[] = {{"_DTItemId", Type::String},
                                              {"LastUpdatedTimeUTC", Type::DateTime},
                                              {"SearchKey", Type::String},
                                              {"WatchlistItem", Type::Dynamic}};

// Source: Microsoft Learn, "Use watchlists in Microsoft Sentinel"; "workspace(), app(), resource()";
// "Query across Azure Resource Graph" (arg); "Advanced Security Information Model schemas" (_Im_, _ASim_,
// im*).
constexpr WorkspaceFunction kFunctions[] = {
    {"_GetWatchlist", WorkspaceResult::Table, kWatchlistColumns},
    {"_GetWatchlistAlias"},
    {"workspace", WorkspaceResult::Place},
    {"app", WorkspaceResult::Place},
    {"resource", WorkspaceResult::Place},
    {"arg", WorkspaceResult::Place},
    {"adx", WorkspaceResult::Cluster},
    {"_Im_*"},
    {"_ASim_*"},
    {"imAudit*"},
    {"imAuthentication*"},
    {"imDhcp*"},
    {"imDns*"},
    {"imFile*"},
    {"imNetwork*"},
    {"imProcess*"},
    {"imRegistry*"},
    {"imUser*"},
    {"imWeb*"},
    {"vim*"},
    {"ASim*"},
    {"_TITableMatch"},
    {"FileProfile"},
    {"DeviceFromIP"},
};

}  // namespace

const WorkspaceFunction* find_workspace_function(std::string_view name) {
  for (const WorkspaceFunction& function : kFunctions)
    if (matches_wildcard(name, function.name)) return &function;
  return nullptr;
}

}  // namespace redoubt::kql::detail
