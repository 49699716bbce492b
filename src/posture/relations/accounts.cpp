#include "posture/relations/accounts.h"

#include <algorithm>
#include <unordered_map>

#include "core/text.h"
#include "posture/relations/private_endpoints.h"
#include "posture/relations/references.h"

namespace redoubt::posture::relations {

using doc::Value;

namespace {

constexpr std::string_view kAccounts = "Microsoft.CognitiveServices/accounts";

/// What stands behind an account's name in its hosts.
constexpr std::string_view kHosts[] = {".openai.azure.com",
                                       ".cognitiveservices.azure.com",
                                       ".services.ai.azure.com",
                                       ".privatelink.openai.azure.com",
                                       ".privatelink.cognitiveservices.azure.com",
                                       ".privatelink.services.ai.azure.com"};

bool is_label(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

/// Where what is in braces, one piece, ends; `at` itself where nothing begins there.
std::size_t behind_braces(std::string_view text, std::size_t at) {
  if (text[at] != '{') return at;
  std::size_t depth = 0;
  for (std::size_t i = at; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i + 1;
  }
  return at;
}

/// The first character of one of those kinds, outside of braces.
std::size_t find_outside(std::string_view text, std::string_view of) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t behind = behind_braces(text, i);
    if (behind == i && of.find(text[i]) != std::string_view::npos) return i;
    i = std::max(behind, i + 1);
  }
  return std::string_view::npos;
}

/// The host of a URL, or of what stands without a scheme; not what its path or query name.
std::string_view host_of(std::string_view url) {
  if (const std::size_t scheme = url.find("//"); scheme != std::string_view::npos) {
    const std::string_view before = url.substr(0, scheme);
    if (find_outside(before, "/?#") == std::string_view::npos) url.remove_prefix(scheme + 2);
  }
  url = url.substr(0, find_outside(url, "/?#\\"));
  for (std::size_t at = find_outside(url, "@"); at != std::string_view::npos; at = find_outside(url, "@"))
    url.remove_prefix(at + 1);
  url = url.substr(0, find_outside(url, ":"));
  if (url.ends_with('.')) url.remove_suffix(1);
  return url;
}

/// Whether a text is one label, of which parts may be open.
bool is_one_label(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t behind = behind_braces(text, i);
    if (behind == i && !is_label(text[i])) return false;
    i = std::max(behind, i + 1);
  }
  return !text.empty();
}

/// The account's name in one of its hosts; empty for another host.
std::string_view account_in(std::string_view host) {
  for (const std::string_view end : kHosts) {
    if (!ends_with_any_case(host, end)) continue;
    const std::string_view name = host.substr(0, host.size() - end.size());
    if (is_one_label(name) && !equal_any_case(name, "privatelink")) return name;
  }
  return {};
}

/// Accounts by the first label of their hosts, lower case.
struct AccountNames {
  std::unordered_map<std::string, const estate::Resource*> by_domain;
  /// One with another name in its hosts does not answer to its own.
  std::unordered_map<std::string, const estate::Resource*> by_name;
};

/// The account that answers to a name, the first label of its hosts.
const estate::Resource* account_named(const Scene& scene, std::string_view name) {
  const auto& names = scene.around.once<AccountNames>("account-names", [&] {
    AccountNames out;
    for (const estate::Resource* account : scene.estate().of_type(kAccounts)) {
      const std::string own = text_of(find(account->body, "properties.customSubDomainName"), scene.origins);
      if (!own.empty()) out.by_domain.emplace(lower(own), account);
      if (own.empty() || is_open_reference(own)) out.by_name[lower(account->name)] = account;
    }
    return out;
  });
  const std::string key = lower(name);
  if (const auto found = names.by_domain.find(key); found != names.by_domain.end()) return found->second;
  const auto found = names.by_name.find(key);
  return found == names.by_name.end() ? nullptr : found->second;
}

void add(std::vector<Backend>& out, Backend backend) {
  const bool known = std::any_of(out.begin(), out.end(), [&](const Backend& one) {
    return one.account == backend.account && (one.account != nullptr || one.host == backend.host);
  });
  if (!known) out.push_back(std::move(backend));
}

/// Calls `visit` with what stands between spaces, quotes and the like: URLs and hosts are not broken by them.
template <class Visit>
void each_word(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    const std::size_t end = find_outside(text, " \t\r\n\"'`<>(),;|");
    if (end != 0) visit(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

void add_hosts(const Scene& scene, std::string_view text, std::vector<Backend>& out) {
  if (find_ignore_case(text, ".azure.com") == std::string_view::npos) return;
  const std::string plain = replace_all(replace_all(text, "&quot;", "\""), "&apos;", "'");
  each_word(plain, [&](std::string_view word) {
    const std::string_view host = host_of(word);
    if (const std::string_view name = account_in(host); !name.empty())
      add(out, {account_named(scene, name), std::string(host)});
  });
}

/// `reference(ID).endpoint` in the origin of an open value, or an id as it is.
void add_ids(const Scene& scene, std::string_view text, std::vector<Backend>& out) {
  if (find_ignore_case(text, "Microsoft.CognitiveServices/accounts/") == std::string_view::npos) return;
  for (const estate::Resource* account : scene.estate().of_type(kAccounts))
    for (std::size_t at = find_ignore_case(text, account->id); at != std::string_view::npos;) {
      const std::size_t end = at + account->id.size();
      if (end == text.size() || !is_label(text[end])) {
        add(out, {account, std::string(account->id)});
        break;
      }
      const std::size_t next = find_ignore_case(text.substr(end), account->id);
      at = next == std::string_view::npos ? next : end + next;
    }
}

std::vector<Backend> backends_in_text(const Scene& scene, std::string_view text) {
  std::vector<Backend> out;
  const std::string live = without_comments(text);
  add_hosts(scene, live, out);
  add_ids(scene, live, out);
  return out;
}

}  // namespace

Truth is_private(const estate::Resource& resource) {
  const Value* access = find(resource.body, "properties.publicNetworkAccess");
  const Truth off = is_text(access, "Disabled");
  const Truth refuses = is_text(find(resource.body, "properties.networkAcls.defaultAction"), "Deny");
  return resource.existing && off == Truth::False ? Truth::Unknown : either(off, refuses);
}

std::string without_comments(std::string_view text) {
  static constexpr std::string_view kBegin = "<!--";
  static constexpr std::string_view kEnd = "-->";
  std::string out;
  for (std::size_t begin = text.find(kBegin); begin != std::string_view::npos; begin = text.find(kBegin)) {
    const std::size_t end = text.find(kEnd, begin + kBegin.size());
    if (end == std::string_view::npos) break;
    out += text.substr(0, begin);
    text.remove_prefix(end + kEnd.size());
  }
  return out += text;
}

std::vector<Backend> backends_in(const Scene& scene, const Value& value) {
  if (value.is_string()) return backends_in_text(scene, value.as_string());
  std::vector<Backend> out;
  const auto take = [&](std::vector<Backend> more) {
    for (Backend& one : more)
      add(out, std::move(one));
  };
  if (value.is_unknown()) {
    const arm::Origin& origin = scene.origins.at(value.unknown_id());
    take(backends_in_text(scene, origin.text));
    take(backends_in_text(scene, origin.form));
  }
  if (value.is_array())
    for (const Value& item : value.items())
      take(backends_in(scene, item));
  if (value.is_object())
    for (const doc::Member& member : value.members())
      take(backends_in(scene, member.value));
  return out;
}

const estate::Resource* account_at(const Scene& scene, std::string_view address) {
  for (const estate::Resource* endpoint : scene.estate().of_type("Microsoft.Network/privateEndpoints"))
    for (const Value& config : items_at(endpoint->body, "properties.ipConfigurations").items) {
      if (is_text(find(config, "properties.privateIPAddress"), address) != Truth::True) continue;
      for (const Connection& connection : connections_of(scene, *endpoint).list) {
        const estate::Resource* target = scene.estate().find(connection.target);
        if (target != nullptr && equal_any_case(target->type, kAccounts)) return target;
      }
    }
  return nullptr;
}

}  // namespace redoubt::posture::relations
