// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/protocols/snmp_manager.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "passpersist/value.h"

namespace passpersist_testing {

using passpersist::Gauge32;
using passpersist::Integer32;
using passpersist::IpAddress;
using passpersist::ObjectIdentifier;
using passpersist::OctetString;
using passpersist::TimeTicks;
using passpersist::Value;

namespace {

// Returns the letter and the text of a value for snmpset.
struct SnmpsetWords {
  using Words = std::pair<std::string, std::string>;

  Words operator()(Integer32 v) { return {"i", absl::StrCat(v.value)}; }
  Words operator()(Gauge32 v) { return {"u", absl::StrCat(v.value)}; }
  Words operator()(TimeTicks v) { return {"t", absl::StrCat(v.value)}; }
  Words operator()(const IpAddress& v) {
    return {"a", absl::StrJoin(v.octets, ".")};
  }
  Words operator()(const ObjectIdentifier& v) {
    return {"o", v.value.ToString()};
  }
  Words operator()(const OctetString& v) {
    return {"x", absl::BytesToHexString(v.bytes)};
  }
  template <typename Other>
  Words operator()(const Other&) {
    ADD_FAILURE() << "no such letter";
    return {};
  }
};

class SnmpManagerImpl : public Manager {
 public:
  explicit SnmpManagerImpl(SnmpClient client) : client_(std::move(client)) {}

  std::string Get(const std::string& name) override {
    return Only(client_.Get({name}));
  }

  std::string GetNext(const std::string& name) override {
    return Only(client_.GetNext({name}));
  }

  std::vector<std::string> Walk(const std::string& name) override {
    std::vector<std::string> bindings = client_.Walk(name).bindings;
    for (std::string& binding : bindings) binding = CanonicalBinding(binding);
    return bindings;
  }

  std::string Set(const std::string& name, const Value& value) override {
    const auto [type, text] = std::visit(SnmpsetWords(), value);
    const SnmpResult result = client_.Set(name, type, text);
    EXPECT_EQ(result.exit_status == 0, result.error.empty()) << result;
    return CanonicalError(result.error);
  }

 private:
  static std::string Only(const SnmpResult& result) {
    if (result.bindings.size() == 1)
      return CanonicalBinding(result.bindings[0]);
    ADD_FAILURE() << result;
    return "";
  }

  const SnmpClient client_;
};

}  // namespace

std::unique_ptr<Manager> SnmpManager(SnmpClient client) {
  return std::make_unique<SnmpManagerImpl>(std::move(client));
}

}  // namespace passpersist_testing
