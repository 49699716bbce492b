#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "content/add.h"
#include "net/download.h"

namespace redoubt::content {

struct SyncRequest {
  std::string url;     ///< `https://github.com/OWNER/REPO`, or any URL that holds `{commit}`
  std::string commit;  ///< all 40 (or 64) hexadecimal digits
  std::string name;    ///< of the pack; empty: made of the URL
  Instant now;
  net::DownloadOptions download;
};

struct Synced {
  Reading<Manifest> added;
  net::Download download;
};

/// Fetches the archive of a repository at a commit and adds it as a pack.
///
/// What is fetched is kept in `DIR/content/.NAME.download` until it is whole; when the connection breaks, the
/// next call goes on. A whole archive that can't be added is removed. The old pack stays until the new one is
/// complete. Errors: CON0006 (Usage) the URL, CON0007 (Usage) the commit, those of add() and NET.
Result<Synced> sync(const std::string& data_dir, const SyncRequest& request);

/// The URL of the archive. CON0006 (Usage), CON0007 (Usage), NET0001 (Usage).
Result<net::Url> archive_url(std::string_view url, std::string_view commit);

}  // namespace redoubt::content
