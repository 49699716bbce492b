#include "posture/relations/accounts.h"

#include <algorithm>

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

/// The label (or the open part) in front of `end`.
std::string_view label_before(std::string_view text, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0) {
    if (text[begin - 1] == '}') {
      const std::size_t open = text.rfind('{', begin - 1);
      if (open == std::string_view::npos) break;
      begin = open;
    } else if (is_label(text[begin - 1])) {
      --begin;
    } else {
      break;
    }
  }
  return text.substr(begin, end - begin);
}

/// The account that answers to a name, the first label of its hosts.
const estate::Resource* account_named(const Scene& scene, std::string_view name) {
  const estate::Resource* by_name = nullptr;
  for (const estate::Resource* account : scene.estate().of_type(kAccounts)) {
    const std::string own = text_of(find(account->body, "properties.customSubDomainName"), scene.origins);
    if (equal_any_case(own, name)) return account;
    // One with another name in its hosts does not answer to its own.
    if (equal_any_case(account->name, name) && (own.empty() || is_open_reference(own))) by_name = account;
  }
  return by_name;
}

void add(std::vector<Backend>& out, Backend backend) {
  const bool known = std::any_of(out.begin(), out.end(), [&](const Backend& one) {
    return one.account == backend.account && (one.account != nullptr || one.host == backend.host);
  });
  if (!known) out.push_back(std::move(backend));
}

void add_hosts(const Scene& scene, std::string_view text, std::vector<Backend>& out) {
  for (const std::string_view host : kHosts)
    for (std::size_t at = find_ignore_case(text, host); at != std::string_view::npos;) {
      const std::string_view name = label_before(text, at);
      if (!name.empty() && !equal_any_case(name, "privatelink"))
        add(out, {account_named(scene, name), std::string(name) + std::string(host)});
      const std::size_t next = find_ignore_case(text.substr(at + 1), host);
      at = next == std::string_view::npos ? next : at + 1 + next;
    }
}

/// `reference(ID).endpoint` in the origin of an open value, or an id as it is.
void add_ids(const Scene& scene, std::string_view text, std::vector<Backend>& out) {
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
