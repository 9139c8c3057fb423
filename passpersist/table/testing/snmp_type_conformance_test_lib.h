// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_TESTING_SNMP_TYPE_CONFORMANCE_TEST_LIB_H_
#define PASSPERSIST_TABLE_TESTING_SNMP_TYPE_CONFORMANCE_TEST_LIB_H_

#include <cstddef>
#include <variant>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/table/snmp_type.h"
#include "passpersist/value.h"

namespace passpersist_testing {

// The contract of SnmpType as tests. To run them on your own column type, write
//
//   #include "passpersist/table/testing/snmp_type_conformance_test_lib.h"
//
//   namespace passpersist_testing {
//   namespace {
//
//   struct CelsiusColumn {
//     using Type = Celsius;
//     static std::vector<Celsius> Samples() { return {{-273}, {0}, {100}}; }
//   };
//   INSTANTIATE_TYPED_TEST_SUITE_P(Celsius, SnmpTypeConformanceTest,
//                                  CelsiusColumn);
//
//   }  // namespace
//   }  // namespace passpersist_testing
//
// in a cc_test with these dependencies:
//
//   "//passpersist/table/testing:snmp_type_conformance_test_lib",
//   "@com_google_googletest//:gtest_main",
//
// `Type` is the column type. Samples() returns C++ values that have an SNMP
// value.
template <typename Parameter>
class SnmpTypeConformanceTest : public testing::Test {
 protected:
  template <typename T>
  static absl::StatusOr<passpersist::Value> Encode(const T& sample) {
    return passpersist::EncodeValue<typename Parameter::Type>(sample);
  }
};

TYPED_TEST_SUITE_P(SnmpTypeConformanceTest);

TYPED_TEST_P(SnmpTypeConformanceTest, ASampleHasAValueOfTheDeclaredType) {
  using Wire = typename passpersist::SnmpType<typename TypeParam::Type>::Wire;
  const auto samples = TypeParam::Samples();
  ASSERT_FALSE(samples.empty());
  for (size_t i = 0; i < samples.size(); ++i) {
    const absl::StatusOr<passpersist::Value> value = this->Encode(samples[i]);
    ASSERT_TRUE(value.ok()) << "sample " << i << ": " << value.status();
    EXPECT_TRUE(std::holds_alternative<Wire>(*value))
        << "sample " << i << " is a " << passpersist::TypeName(*value);
  }
}

TYPED_TEST_P(SnmpTypeConformanceTest, AValueFollowsFromItsSampleOnly) {
  const auto samples = TypeParam::Samples();
  for (size_t i = 0; i < samples.size(); ++i) {
    const absl::StatusOr<passpersist::Value> value = this->Encode(samples[i]);
    const auto copy = samples[i];
    for (size_t j = 0; j < samples.size(); ++j) {
      this->Encode(samples[j]).status().IgnoreError();
    }
    const absl::StatusOr<passpersist::Value> again = this->Encode(copy);
    ASSERT_TRUE(value.ok() && again.ok()) << "sample " << i;
    EXPECT_EQ(*value, *again) << "sample " << i;
  }
}

// At most 65,535 octets (RFC 2578 section 7.1.2) and 128 arcs (7.1.3).
TYPED_TEST_P(SnmpTypeConformanceTest, AValueIsNoLongerThanSmiAllows) {
  constexpr size_t kMaxOctets = 65535;
  for (const auto& sample : TypeParam::Samples()) {
    const absl::StatusOr<passpersist::Value> value = this->Encode(sample);
    ASSERT_TRUE(value.ok()) << value.status();
    if (const auto* octets = std::get_if<passpersist::OctetString>(&*value)) {
      EXPECT_LE(octets->bytes.size(), kMaxOctets);
    }
    if (const auto* oid = std::get_if<passpersist::ObjectIdentifier>(&*value)) {
      EXPECT_LE(oid->value.size(), passpersist::Oid::kMaxArcs);
    }
  }
}

REGISTER_TYPED_TEST_SUITE_P(SnmpTypeConformanceTest,
                            ASampleHasAValueOfTheDeclaredType,
                            AValueFollowsFromItsSampleOnly,
                            AValueIsNoLongerThanSmiAllows);

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TABLE_TESTING_SNMP_TYPE_CONFORMANCE_TEST_LIB_H_
