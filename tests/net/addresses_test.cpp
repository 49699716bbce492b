#include "net/addresses.h"

#include <gtest/gtest.h>

namespace redoubt::net {

TEST(PublicAddress, OfThePublicInternet) {
  for (const char* address :
       {"8.8.8.8", "20.53.203.50", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1", "192.0.3.1",
        "198.17.0.1", "198.20.0.1", "223.255.255.255", "2a03:2880:f12c:83::25de", "2606:4700::1111",
        "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"})
    EXPECT_TRUE(is_public_address(address)) << address;
}

TEST(PublicAddress, OfPrivateNetworksAndSpecialPurposes) {
  for (const char* address :
       {"0.0.0.0",        "10.1.2.3",        "100.64.0.1",    "100.127.255.255", "127.0.0.1",
        "127.255.0.1",    "169.254.169.254", "168.63.129.16", "172.16.0.1",      "172.31.255.255",
        "192.0.0.8",      "192.0.2.1",       "192.88.99.1",   "192.168.0.1",     "198.18.0.1",
        "198.19.255.255", "198.51.100.40",   "203.0.113.66",  "224.0.0.1",       "240.0.0.1",
        "255.255.255.255"})
    EXPECT_FALSE(is_public_address(address)) << address;
}

TEST(PublicAddress, OfPrivateNetworksInVersionSix) {
  for (const char* address : {"::", "::1", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
                              "2001::1", "3fff::1", "100::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
                              "64:ff9b::a00:1", "2002:a00:1::1", "2002:7f00:1::1", "::10.0.0.1"})
    EXPECT_FALSE(is_public_address(address)) << address;
}

TEST(PublicAddress, WhatIsNoAddress) {
  for (const char* text :
       {"", "localhost", "8.8.8", "8.8.8.8:443", "[2606:4700::1111]", "fe80::1%eth0", "0x08080808"})
    EXPECT_FALSE(is_public_address(text)) << text;
}

}  // namespace redoubt::net
