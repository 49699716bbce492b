#pragma once

#include <string>

#include "core/result.h"

struct ssl_ctx_st;
struct ssl_st;

namespace redoubt::net::detail {

/// Of a client: TLS 1.2 and newer, the server's certificate is checked against the system's authorities, or
/// those of a file. Errors: NET0003 (Usage) the file can't be read.
Result<void> trust_authorities(ssl_ctx_st* context, const std::string& ca_file);

/// Names the server in the handshake, unless it is an address.
void name_server(ssl_st* connection, const std::string& host);

/// Why the handshake failed: what is wrong with the certificate, otherwise `otherwise`.
std::string handshake_failure(const ssl_st* connection, std::string otherwise);

}  // namespace redoubt::net::detail
