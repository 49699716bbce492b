#include "net/addresses.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace redoubt::net {

namespace {

struct Network4 {
  std::uint32_t address;
  int prefix;
};
constexpr Network4 kSpecial4[] = {
    {0x00000000, 8},   // this network
    {0x0A000000, 8},   // private
    {0x64400000, 10},  // carriers
    {0x7F000000, 8},   // this machine
    {0xA9FE0000, 16},  // link-local, where clouds have their metadata
    {0xAC100000, 12},  // private
    {0xC0000000, 24},  // protocol assignments
    {0xC0000200, 24},  // documentation
    {0xC0586300, 24},  // 6to4 relays
    {0xC0A80000, 16},  // private
    {0xC6120000, 15},  // benchmarks
    {0xC6336400, 24},  // documentation
    {0xCB007100, 24},  // documentation
    {0xE0000000, 3},   // multicast, reserved, broadcast
};
constexpr std::uint32_t kAzureHost = 0xA83F8110;  // 168.63.129.16: the host of a virtual machine in Azure

using Bytes = std::array<std::uint8_t, 16>;

bool is_public4(std::uint32_t address) {
  return address != kAzureHost &&
         std::none_of(std::begin(kSpecial4), std::end(kSpecial4), [&](const Network4& one) {
           return ((address ^ one.address) >> (32 - one.prefix)) == 0;
         });
}

std::uint32_t word(const Bytes& bytes, std::size_t at) {
  return static_cast<std::uint32_t>(bytes[at]) << 24U | static_cast<std::uint32_t>(bytes[at + 1]) << 16U |
         static_cast<std::uint32_t>(bytes[at + 2]) << 8U | bytes[at + 3];
}

bool is_public6(const Bytes& bytes) {
  const std::uint32_t first = word(bytes, 0);
  const bool zero = word(bytes, 4) == 0;
  if (first == 0 && zero && word(bytes, 8) == 0x0000FFFF) return is_public4(word(bytes, 12));       // mapped
  if (first == 0x0064FF9B && zero && word(bytes, 8) == 0) return is_public4(word(bytes, 12));       // NAT64
  if (first >> 16U == 0x2002) return is_public4((first & 0xFFFFU) << 16U | word(bytes, 4) >> 16U);  // 6to4
  if (first >> 29U != 1) return false;                 // outside of 2000::/3, global unicast
  if (first >> 9U == 0x20010000U >> 9U) return false;  // 2001::/23: protocols, Teredo
  if (first == 0x20010DB8) return false;               // documentation
  return first >> 12U != 0x3FFF0000U >> 12U;           // documentation
}

}  // namespace

bool is_public_address(std::string_view address) {
  const std::string text(address);
  in_addr four{};
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) return is_public4(ntohl(four.s_addr));
  Bytes six{};
  return inet_pton(AF_INET6, text.c_str(), six.data()) == 1 && is_public6(six);
}

}  // namespace redoubt::net
