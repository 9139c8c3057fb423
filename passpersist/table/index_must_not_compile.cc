// SPDX-License-Identifier: Apache-2.0

// Each macro enables an error; BUILD.bazel has the text that the compiler is
// expected to report.

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/oid.h"
#include "passpersist/table/index_codec.h"
#include "passpersist/table/index_part.h"
#include "passpersist/table/oid_less.h"

namespace passpersist {

enum Unscoped { kUnscoped };

struct Vlan {
  uint16_t id = 0;
};

template <>
struct IndexPart<Vlan> : IndexPartBase<Vlan, 1> {
  static absl::Status Encode(const Vlan& vlan, Oid* out) {
    return IndexPart<uint16_t>::Encode(vlan.id, out);
  }
  static bool Decode(absl::Span<const uint32_t>* arcs, Vlan* vlan) {
    return IndexPart<uint16_t>::Decode(arcs, &vlan->id);
  }
};

void UseIndexes() {
  IndexCodec<std::tuple<int, ImpliedString>>()
      .Encode({1, "a"})
      .status()
      .IgnoreError();
  // A type without IndexSearch can be encoded and decoded.
  IndexCodec<std::tuple<Vlan, int>>().Decode({1, 2});

#ifdef IMPLIED_BEFORE_THE_LAST
  IndexCodec<std::tuple<ImpliedString, int>>()
      .Encode({"a", 1})
      .status()
      .IgnoreError();
#endif
#ifdef IMPLIED_IN_A_TUPLE_BEFORE_THE_LAST
  IndexCodec<std::tuple<std::tuple<int, ImpliedOid>, int>>().Decode({1, 2, 3});
#endif
#ifdef NO_PARTS
  IndexCodec<std::tuple<>>().Decode({});
#endif
#ifdef FLOATING_POINT
  IndexCodec<double>().Encode(1.5).status().IgnoreError();
#endif
#ifdef BOOL_IN_A_TUPLE
  IndexCodec<std::tuple<std::string, bool>>().Decode({1, 97, 1});
#endif
#ifdef STRING_VIEW
  IndexCodec<absl::string_view>().Encode("a").status().IgnoreError();
#endif
#ifdef UNSCOPED_ENUM
  IndexCodec<Unscoped>().Encode(kUnscoped).status().IgnoreError();
#endif
#ifdef ORDER_OF_A_TYPE_THAT_IS_NOT_A_PART
  std::map<float, int, OidLess<float>> map;
  map[1] = 2;
#endif
#ifdef LONGER_THAN_A_NAME
  IndexCodec<std::tuple<FixedString<100>, FixedString<29>>>().Decode({1});
#endif
#ifdef SEARCH_OF_A_TYPE_WITHOUT_INDEX_SEARCH
  IndexCodec<std::tuple<Vlan, int>>().LowerBound({1});
#endif
}

}  // namespace passpersist
