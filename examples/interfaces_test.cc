// SPDX-License-Identifier: Apache-2.0
//
// Shows how to test a library that contributes to an agent: in memory, with the
// requests that snmpd would send.

#include "examples/interfaces.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "store/btree_store.h"
#include "transport/testing/fake_snmpd.h"

namespace {

using passpersist::AgentBuilder;
using passpersist::BtreeStore;
using passpersist_testing::FakeSnmpd;
using testing::ElementsAre;

constexpr absl::string_view kName = ".1.3.6.1.4.1.8072.9999.9999.2.1.2";

// Provides a directory like /sys/class/net.
class InterfacesTest : public testing::Test {
 protected:
  InterfacesTest() { std::filesystem::remove_all(sysfs_); }

  void Write(const std::string& file, absl::string_view text) {
    const std::filesystem::path path = sysfs_ / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text << "\n";
  }

  void AddInterface(const std::string& name, absl::string_view index) {
    Write(name + "/ifindex", index);
    Write(name + "/mtu", "1500");
    Write(name + "/address", "02:00:5e:10:00:0a");
    Write(name + "/statistics/rx_bytes", "18446744073709551615");
    Write(name + "/statistics/tx_bytes", "7");
  }

  AgentBuilder Builder() const {
    AgentBuilder builder;
    builder.SetStoreFactory(BtreeStore::Factory());
    AddInterfaces(builder, sysfs_);
    return builder;
  }

  const std::filesystem::path sysfs_ =
      std::filesystem::path(testing::TempDir()) / "net";
};

TEST_F(InterfacesTest, ShowsEveryColumnOfAnInterface) {
  AddInterface("eth0", "2");
  FakeSnmpd snmpd(Builder());
  EXPECT_THAT(
      snmpd.Walk(".1.3.6.1.4.1.8072.9999.9999"),
      ElementsAre(
          ".1.3.6.1.4.1.8072.9999.9999.2.1.1.2 = INTEGER 2",
          ".1.3.6.1.4.1.8072.9999.9999.2.1.2.2 = STRING eth0",
          ".1.3.6.1.4.1.8072.9999.9999.2.1.3.2 = GAUGE 1500",
          ".1.3.6.1.4.1.8072.9999.9999.2.1.4.2 = OCTET 02 00 5e 10 00 0a",
          ".1.3.6.1.4.1.8072.9999.9999.2.1.5.2 = "
          "Counter64 18446744073709551615",
          ".1.3.6.1.4.1.8072.9999.9999.2.1.6.2 = Counter64 7"));
}

TEST_F(InterfacesTest, ShowsANewInterfaceAfterTheNextUpdate) {
  AddInterface("lo", "1");
  FakeSnmpd snmpd(Builder());
  AddInterface("wg0", "10");
  EXPECT_EQ(snmpd.Get(std::string(kName) + ".10"), "NONE");
  snmpd.Advance(absl::Seconds(5));
  EXPECT_EQ(snmpd.Get(std::string(kName) + ".10"), "STRING wg0");
}

TEST_F(InterfacesTest, KeepsItsRowsWhenTheDirectoryCannotBeRead) {
  AddInterface("lo", "1");
  FakeSnmpd snmpd(Builder());
  std::filesystem::remove_all(sysfs_);
  snmpd.Advance(absl::Seconds(5));
  EXPECT_EQ(snmpd.Get(std::string(kName) + ".1"), "STRING lo");
}

}  // namespace
