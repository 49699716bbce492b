#include "bench/generated_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bench/generated_export_types.h"
#include "core/result.h"
#include "core/text.h"

namespace redoubt::bench {

namespace {

constexpr std::size_t kSubscriptions = 12;
constexpr std::size_t kGroups = 40;  // a subscription
constexpr std::string_view kTenant = "72f988bf-0000-4000-8000-2d7cd011db47";

/// SplitMix64: the same numbers on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }
  bool chance(unsigned percent) { return below(100) < percent; }
  std::string_view one_of(std::span<const std::string_view> words) { return words[below(words.size())]; }

 private:
  std::uint64_t state_;
};

struct Choice {
  std::string_view word;
  std::string_view options[4];
};

/// Words that are one of some texts; an option that stands twice comes twice as often.
constexpr Choice kChoices[] = {
    {"ACCESS", {"Enabled", "Enabled", "Disabled", "Disabled"}},
    {"ENABLED", {"Enabled", "Enabled", "Disabled", "Disabled"}},
    {"STATUS", {"enabled", "disabled", "disabled", "enabled"}},
    {"ACTION", {"Allow", "Deny", "Deny", "Allow"}},
    {"RULE", {"Allow", "Deny", "Allow", "Allow"}},
    {"BOOL", {"true", "false", "true", "false"}},
    {"MOSTLY", {"true", "true", "true", "false"}},
    {"TLS", {"TLS1_2", "TLS1_2", "TLS1_0", "TLS1_1"}},
    {"REDUNDANCY", {"Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_RAGRS"}},
    {"KEYSOURCE",
     {"Microsoft.Storage", "Microsoft.Keyvault", "Microsoft.KeyVault", "Microsoft.CognitiveServices"}},
    {"VMSIZE", {"Standard_D4s_v5", "Standard_NC24ads_A100_v4", "Standard_ND96asr_v4", "Standard_B2ms"}},
    {"PATCH", {"ImageDefault", "AutomaticByPlatform", "ImageDefault", "AutomaticByPlatform"}},
    {"DISKACCESS", {"AllowAll", "DenyAll", "AllowPrivate", "AllowAll"}},
    {"MODEL", {"gpt-4o", "gpt-4o-mini", "text-embedding-3-large", "gpt-35-turbo"}},
    {"DEPLOYMENT", {"Standard", "GlobalStandard", "ProvisionedManaged", "DataZoneStandard"}},
};

struct Reference {
  std::string_view word;
  std::string_view path;
};

/// Words that are ids of resources near by, as `group id` + path + name.
constexpr Reference kReferences[] = {
    {"SUBNET", "Microsoft.Network/virtualNetworks/vnet-main/subnets"},
    {"VNET", "Microsoft.Network/virtualNetworks"},
    {"NSG", "Microsoft.Network/networkSecurityGroups"},
    {"NIC", "Microsoft.Network/networkInterfaces"},
    {"PUBLICIP", "Microsoft.Network/publicIPAddresses"},
    {"FIREWALLPOLICY", "Microsoft.Network/firewallPolicies"},
    {"STORAGE", "Microsoft.Storage/storageAccounts"},
    {"VAULT", "Microsoft.KeyVault/vaults"},
    {"WORKSPACE", "Microsoft.OperationalInsights/workspaces"},
    {"IDENTITY", "Microsoft.ManagedIdentity/userAssignedIdentities"},
    {"DISK", "Microsoft.Compute/disks"},
    {"ENCRYPTIONSET", "Microsoft.Compute/diskEncryptionSets"},
    {"VM", "Microsoft.Compute/virtualMachines"},
    {"PLAN", "Microsoft.Web/serverfarms"},
    {"ENVIRONMENT", "Microsoft.App/managedEnvironments"},
};

constexpr std::string_view kRegions[] = {"westeurope", "northeurope", "eastus", "swedencentral",
                                         "germanywestcentral"};
constexpr std::string_view kTeams[] = {"vision",   "speech", "risk",   "claims",
                                       "platform", "search", "retail", "ops"};
constexpr std::string_view kStages[] = {"prod", "prod", "test", "dev"};
constexpr std::string_view kTagNames[] = {"owner",       "costCenter", "environment",
                                          "application", "dataClass",  "createdBy"};

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {
    unsigned sum = 0;
    for (const GeneratedType& type : generated_types())
      weights_.push_back(sum += type.weight);
  }

  std::string run(std::size_t resources) {
    std::string out;
    out.reserve(resources * 2'100 + 100);
    out += fmt::format("{{\"count\":{},\"data\":[", resources);
    for (std::size_t i = 0; i < resources; ++i) {
      out += i == 0 ? "\n" : ",\n";
      row(out, pick());
    }
    out += fmt::format("\n],\"skip_token\":null,\"total_records\":{}}}\n", resources);
    return out;
  }

 private:
  const GeneratedType& pick() {
    const auto drawn = static_cast<unsigned>(random_.below(weights_.back()));
    const auto found = std::upper_bound(weights_.begin(), weights_.end(), drawn);
    return generated_types()[static_cast<std::size_t>(found - weights_.begin())];
  }

  struct Place {
    std::string id;
    std::string subscription;
    std::string group;
  };

  /// Where the resource is: below the last one of its parent's type, else in a group of its own.
  std::string new_id(const GeneratedType& type) {
    const std::size_t last = type.type.rfind('/');
    const std::string_view team = random_.one_of(kTeams);
    name_ = fmt::format("{}-{}-{:05}", team, random_.one_of(kStages), ++count_);
    if (type.type.find('/') == last) {
      choose_group();
      return fmt::format("{}/providers/{}/{}", group_id(), type.type, name_);
    }
    const std::string_view parent_type = type.type.substr(0, last);
    const auto parent = last_.find(parent_type);
    if (parent == last_.end()) {
      choose_group();
      last_[parent_type] = {fmt::format("{}/providers/{}/{}-parent", group_id(), parent_type, name_),
                            subscription_, group_};
    } else {
      subscription_ = parent->second.subscription;
      group_ = parent->second.group;
    }
    return fmt::format("{}/{}/{}", last_[parent_type].id, type.type.substr(last + 1), name_);
  }

  void choose_group() {
    subscription_ = fmt::format("{:08x}-0000-4000-8000-000000000001", random_.below(kSubscriptions) + 1);
    const std::string_view team = random_.one_of(kTeams);
    group_ = fmt::format("rg-{}-{:02}", team, random_.below(kGroups / std::size(kTeams)));
  }

  std::string group_id() const {
    return fmt::format("/subscriptions/{}/resourceGroups/{}", subscription_, group_);
  }

  void row(std::string& out, const GeneratedType& type) {
    const std::string id = new_id(type);
    region_ = random_.one_of(kRegions);
    out += fmt::format(
        R"({{"id":"{}","name":"{}","type":"{}","tenantId":"{}","kind":"{}","location":"{}","resourceGroup":"{}",)"
        R"("subscriptionId":"{}","managedBy":"","plan":null,"zones":null,"extendedLocation":null,"sku":)",
        id, name_, lower(type.type), kTenant, type.kind, region_, group_, subscription_);
    fill(out, type.sku);
    out += ",\"identity\":";
    identity(out, type.identity);
    out += ",\"tags\":";
    tags(out);
    out += ",\"properties\":";
    fill(out, type.properties);
    out += '}';
    last_[type.type] = {id, subscription_, group_};
  }

  void identity(std::string& out, bool possible) {
    if (!possible || random_.chance(40)) {
      out += "null";
      return;
    }
    out += fmt::format(R"({{"type":"SystemAssigned","principalId":"{}","tenantId":"{}"}})", guid(), kTenant);
  }

  void tags(std::string& out) {
    const std::size_t count = random_.below(std::size(kTagNames) + 1);
    if (count == 0) {
      out += "null";
      return;
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view team = random_.one_of(kTeams);
      out += fmt::format("{}\"{}\":\"{}-{}\"", i == 0 ? "{" : ",", kTagNames[i], team, random_.below(50));
    }
    out += '}';
  }

  /// Copies a text of the table and fills in its words; lines of the table are joined.
  void fill(std::string& out, std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      const char c = text[at++];
      if (c == '\n') continue;
      std::size_t end = at;
      while (c == '$' && end < text.size() && text[end] >= 'A' && text[end] <= 'Z')
        ++end;
      if (end == at) {
        out += c;
        continue;
      }
      word(out, text.substr(at, end - at));
      at = end;
    }
  }

  void word(std::string& out, std::string_view name) {
    for (const Choice& choice : kChoices)
      if (choice.word == name) {
        out += random_.one_of(choice.options);
        return;
      }
    for (const Reference& reference : kReferences)
      if (reference.word == name) {
        const std::string_view team = random_.one_of(kTeams);
        out += fmt::format("{}/providers/{}/{}-{}", group_id(), reference.path, team, random_.below(90));
        return;
      }
    made_word(out, name);
  }

  struct Made {
    std::string_view word;
    std::string (Generator::*make)();
  };

  void made_word(std::string& out, std::string_view name) {
    static constexpr Made kMade[] = {
        {"NAME", &Generator::name},
        {"REGION", &Generator::region},
        {"GUID", &Generator::guid},
        {"HEX", &Generator::hex_digits},
        {"NUMBER", &Generator::number},
        {"TIME", &Generator::time},
        {"IP", &Generator::address},
        {"CIDR", &Generator::range},
        {"LINKS", &Generator::links},
        {"IPRULES", &Generator::rules},
        {"COSMOSIPRULES", &Generator::cosmos_rules},
    };
    const auto* found =
        std::find_if(std::begin(kMade), std::end(kMade), [&](const Made& made) { return made.word == name; });
    RD_CHECK(found != std::end(kMade));
    out += (this->*found->make)();
  }

  template <class Item>
  std::string list(std::size_t bound, const Item& item) {
    std::string out = "[";
    for (std::size_t i = random_.below(bound); i > 0; --i)
      out += item() + (i > 1 ? "," : "");
    return out + "]";
  }

  std::string name() { return name_; }
  std::string region() { return std::string(region_); }
  std::string hex_digits() {
    const std::uint64_t high = random_.next();
    return fmt::format("{:016x}{:016x}", high, random_.next());
  }
  std::string number() { return fmt::format("{}", 1 + random_.below(365)); }
  std::string range() { return address() + "/24"; }
  std::string time() {
    const std::size_t month = 1 + random_.below(12);
    const std::size_t day = 1 + random_.below(28);
    return fmt::format("2025-{:02}-{:02}T08:{:02}:00Z", month, day, random_.below(60));
  }
  std::string links() {
    return list(3, [&] { return link(); });
  }
  std::string rules() {
    return list(4, [&] { return fmt::format(R"({{"value":"{}","action":"Allow"}})", address()); });
  }
  std::string cosmos_rules() {
    return list(4, [&] { return fmt::format(R"({{"ipAddressOrRange":"{}"}})", address()); });
  }

  std::string link() {
    const std::string connection = guid();
    return fmt::format(
        R"({{"id":"{}/providers/x/{}/privateEndpointConnections/{}","properties":{{"provisioningState":"Succeeded",)"
        R"("privateEndpoint":{{"id":"{}/providers/Microsoft.Network/privateEndpoints/pe-{}"}},"groupIds":["account"],)"
        R"("privateLinkServiceConnectionState":{{"status":"{}","description":"Auto-Approved","actionsRequired":"None"}}}}}})",
        group_id(), name_, connection, group_id(), name_, random_.chance(85) ? "Approved" : "Pending");
  }

  std::string guid() {
    const std::uint64_t high = random_.next();
    const std::uint64_t low = random_.next();
    return fmt::format("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", high >> 32, (high >> 16) & 0xffff,
                       high & 0xfff, low >> 52, low & 0xffffffffffff);
  }

  std::string address() {
    const std::uint64_t drawn = random_.next();
    return fmt::format("{}.{}.{}.{}", 11 + drawn % 180, (drawn >> 16) & 0xff, (drawn >> 32) & 0xff,
                       drawn >> 56);
  }

  Random random_;
  std::vector<unsigned> weights_;
  std::unordered_map<std::string_view, Place> last_;  // the last resource of each type
  std::size_t count_ = 0;
  std::string name_;
  std::string subscription_;
  std::string group_;
  std::string_view region_;
};

}  // namespace

std::string generated_export(std::size_t resources, std::uint64_t seed) {
  return Generator(seed).run(resources);
}

std::size_t generated_type_count() { return generated_types().size(); }

}  // namespace redoubt::bench
