#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "posture/relations/references.h"

namespace redoubt::posture::relations {

/// Whether a resource can't be reached from the internet by itself: public network access is off, or all but
/// named networks are refused.
Truth is_private(const estate::Resource& resource);

/// An account of AI services that something sends requests to.
struct Backend {
  const estate::Resource* account = nullptr;  ///< null: it can't be told which, or it is not in the estate
  std::string host;                           ///< as written
};

/// A policy document without its XML comments; one that does not end stays.
std::string without_comments(std::string_view text);

/// Hosts of Azure AI services in the texts of a value (a host, a URL, a policy document, the origin of an
/// open value), and references to accounts by id; not what stands in an XML comment. Names of accounts
/// without one in the estate come with `account` null.
std::vector<Backend> backends_in(const Scene& scene, const doc::Value& value);
/// The account behind the address of one of its private endpoints.
const estate::Resource* account_at(const Scene& scene, std::string_view address);

}  // namespace redoubt::posture::relations
