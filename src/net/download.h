#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/progress.h"
#include "core/result.h"
#include "net/url.h"

namespace redoubt::net {

struct DownloadOptions {
  std::chrono::milliseconds stall{30'000};  ///< longest time in which nothing comes, or no connection is made
  std::uint64_t max_bytes = std::uint64_t{1} << 30;
  int max_redirects = 5;
  std::string ca_file;       ///< PEM with the only authorities that count; empty: those of the system
  bool plain_local = false;  ///< plain http is spoken with this machine
  /// No connection is made to an address that is not of the public internet (is_public_address()), whatever a
  /// name or a redirect says: NET0011.
  bool public_only = false;
  std::chrono::milliseconds time_limit{0};  ///< for all of it: NET0012; 0: none
  ProgressCallback progress;
};

struct Download {
  std::uint64_t bytes = 0;    ///< of the whole file
  std::uint64_t resumed = 0;  ///< of them, those an earlier try left
};

/// Fetches `url` into the file `path` and returns when all of it is there.
///
/// When it breaks off, what came stays in the file, and `path` + `.from` beside it says where it is from: the
/// next call with the same URL asks for the rest (RFC 9110, Range with If-Range). A server that gives the
/// whole instead, or another version, is read from the start. A finished file has no `.from` beside it.
/// Blocks; one call at a time for a path (NET0010 otherwise). Errors: NET0001 to NET0012; all of them leave
/// the partial file usable for another try.
Result<Download> download(const Url& url, const std::string& path, const DownloadOptions& options);

}  // namespace redoubt::net
