#include "net/detail/tls.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <array>

namespace redoubt::net::detail {

namespace {

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

}  // namespace

Result<void> trust_authorities(ssl_ctx_st* context, const std::string& ca_file) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  const int loaded = ca_file.empty() ? SSL_CTX_set_default_verify_paths(context)
                                     : SSL_CTX_load_verify_file(context, ca_file.c_str());
  if (loaded == 1) return {};
  return fail(Error::Kind::Usage, "NET0003", "the authorities can't be read", Where{ca_file, 0, 0, {}},
              "give a file of certificates in PEM form");
}

void name_server(ssl_st* connection, const std::string& host) {
  if (!is_address(host)) SSL_set_tlsext_host_name(connection, host.c_str());
}

std::string handshake_failure(const ssl_st* connection, std::string otherwise) {
  const long verified = SSL_get_verify_result(connection);
  return verified == X509_V_OK ? otherwise : X509_verify_cert_error_string(verified);
}

}  // namespace redoubt::net::detail
