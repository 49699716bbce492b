#include "kql/detail/workspace_functions.h"

#include "kql/detail/wildcard.h"

namespace redoubt::kql::detail {

namespace {

constexpr ResultColumn kWatchlistColumns[] = {{"_DTItemId", Type::String},
                                              {"LastUpdatedTimeUTC", Type::DateTime},
                                              {"SearchKey", Type::String},
                                              {"WatchlistItem", Type::Dynamic}};
constexpr ResultColumn kAliasColumns[] = {{"WatchlistAlias", Type::String}};

constexpr ResultColumn kFileProfileColumns[] = {{"SHA1", Type::String},
                                                {"SHA256", Type::String},
                                                {"MD5", Type::String},
                                                {"FileSize", Type::Long},
                                                {"GlobalPrevalence", Type::Long},
                                                {"GlobalFirstSeen", Type::DateTime},
                                                {"GlobalLastSeen", Type::DateTime},
                                                {"Signer", Type::String},
                                                {"Issuer", Type::String},
                                                {"SignerHash", Type::String},
                                                {"IsCertificateValid", Type::Bool},
                                                {"IsRootSignerMicrosoft", Type::Bool},
                                                {"SignatureState", Type::String},
                                                {"IsExecutable", Type::Bool},
                                                {"ThreatName", Type::String},
                                                {"Publisher", Type::String},
                                                {"SoftwareName", Type::String},
                                                {"ProfileAvailability", Type::String}};
constexpr ResultColumn kDeviceColumns[] = {{"IP", Type::String}, {"DeviceId", Type::String}};

// Source: Microsoft Learn, "Use watchlists in Microsoft Sentinel"; "workspace(), app(), resource()";
// "Query across Azure Resource Graph" (arg); "Advanced Security Information Model schemas" (_Im_, _ASim_,
// im*); "FileProfile()", "DeviceFromIP()", "SeenBy()", "AssignedIPAddresses()" of Defender XDR.
constexpr WorkspaceFunction kFunctions[] = {
    {"_GetWatchlist", WorkspaceResult::Watchlist, kWatchlistColumns},
    {"_GetWatchlistAlias", WorkspaceResult::Table, kAliasColumns},
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
    {"FileProfile", WorkspaceResult::Enriched, kFileProfileColumns},
    {"DeviceFromIP", WorkspaceResult::Enriched, kDeviceColumns},
    {"SeenBy", WorkspaceResult::Enriched},
    {"AssignedIPAddresses"},
};

}  // namespace

const WorkspaceFunction* find_workspace_function(std::string_view name) {
  for (const WorkspaceFunction& function : kFunctions)
    if (matches_wildcard(name, function.name)) return &function;
  return nullptr;
}

}  // namespace redoubt::kql::detail
