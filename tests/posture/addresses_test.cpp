#include "posture/relations/addresses.h"

#include <gtest/gtest.h>

namespace redoubt::posture::relations {
namespace {

AddressRange range(std::string_view text) {
  const std::optional<AddressRange> out = parse_range(text);
  EXPECT_TRUE(out.has_value()) << text;
  return out.value_or(AddressRange{});
}

TEST(Addresses, PrefixesBecomeRanges) {
  EXPECT_EQ(range("10.1.2.3/8"), (AddressRange{Family::V4, {0, 0x0A000000}, {0, 0x0AFFFFFF}}));
  EXPECT_EQ(range("10.1.2.3"), (AddressRange{Family::V4, {0, 0x0A010203}, {0, 0x0A010203}}));
  EXPECT_EQ(range("0.0.0.0/0"), whole(Family::V4));
  EXPECT_EQ(range("::/0"), whole(Family::V6));
  EXPECT_EQ(range("fd00::/8"),
            (AddressRange{Family::V6, {0xFD00000000000000, 0}, {0xFDFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF}}));
  EXPECT_EQ(range("2001:db8::1/128").first, (Address{0x20010DB800000000, 1}));
  for (const std::string_view wrong : {"", "10.0.0.0/33", "10.0.0", "10.0.0.0/", "10.0.0.0/-1", "::/129",
                                       "Internet", "10.0.0.256", "fd00:::1", "*"})
    EXPECT_FALSE(parse_range(wrong).has_value()) << wrong;
}

TEST(Addresses, RangesHoldOneTogether) {
  const AddressRange inner = range("10.0.0.0/8");
  EXPECT_TRUE(hold({range("10.128.0.0/9"), range("10.0.0.0/9")}, inner));
  EXPECT_TRUE(hold({range("0.0.0.0/0")}, inner));
  EXPECT_FALSE(hold({range("10.128.0.0/9"), range("10.0.0.0/10")}, inner));
  EXPECT_FALSE(hold({range("::/0")}, inner));
  EXPECT_FALSE(hold({}, inner));
  EXPECT_TRUE(hold({range("::/1"), range("8000::/1")}, whole(Family::V6)));
}

TEST(Addresses, TheInternetIsWhatIsRouted) {
  for (const std::string_view inside : {"8.8.8.8", "20.0.0.0/8", "2001:4860::/32", "172.32.0.0/16"})
    EXPECT_TRUE(hold(internet(), range(inside))) << inside;
  for (const std::string_view outside : {"10.0.0.1", "172.16.0.0/12", "192.168.1.1", "168.63.129.16",
                                         "fd00::1", "169.254.169.254", "0.0.0.0/0"})
    EXPECT_FALSE(hold(internet(), range(outside))) << outside;
}

TEST(Addresses, Ports) {
  EXPECT_EQ(parse_ports("443"), (PortRange{443, 443}));
  EXPECT_EQ(parse_ports("8000 - 8080"), (PortRange{8000, 8080}));
  EXPECT_EQ(parse_ports("*"), PortRange{});
  for (const std::string_view wrong : {"", "a", "70000", "90-80", "-1", "1-"})
    EXPECT_FALSE(parse_ports(wrong).has_value()) << wrong;
}

TEST(Addresses, NextCarries) {
  EXPECT_EQ(next({0, ~std::uint64_t{0}}), (Address{1, 0}));
  EXPECT_EQ(next({~std::uint64_t{0}, ~std::uint64_t{0}}), (Address{}));
}

}  // namespace
}  // namespace redoubt::posture::relations
