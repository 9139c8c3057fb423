// SPDX-License-Identifier: Apache-2.0

// Each macro enables an error; BUILD.bazel has the text that the compiler is
// expected to report.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "passpersist/table/column.h"
#include "passpersist/table/computed_store.h"
#include "passpersist/table/computed_table.h"
#include "passpersist/table/oid_less.h"
#include "passpersist/table/table.h"

namespace passpersist {

struct Disk {
  std::string name;
  uint64_t total = 0;
  double load = 0;
  absl::Time time;
  int32_t number = 0;
};
struct Other {
  std::string name;
};

void Declare() {
  const auto disks =
      Table<Disk>({1}).Index(&Disk::name).Column(1, &Disk::number);
  disks.IndexOf("sda").status().IgnoreError();

#ifdef COLUMN_BEFORE_INDEX
  Table<Disk>({1}).Column(1, &Disk::number);
#endif
#ifdef NO_INDEX
  Table<Disk>({1}).Index();
#endif
#ifdef COUNTER_NOT_SAID
  Table<Disk>({1}).Index(&Disk::name).Column(1, &Disk::total);
#endif
#ifdef FLOATING_POINT
  Table<Disk>({1}).Index(&Disk::name).Column(1, &Disk::load);
#endif
#ifdef TIME
  Table<Disk>({1}).Index(&Disk::name).Column(1, &Disk::time);
#endif
#ifdef MEMBER_OF_ANOTHER_STRUCT
  Table<Disk>({1}).Index(&Disk::name).Column(1, &Other::name);
#endif
#ifdef INDEX_OF_ANOTHER_STRUCT
  Table<Disk>({1}).Index(&Other::name);
#endif
#ifdef IMPLIED_BEFORE_THE_LAST
  Table<Disk>({1}).Index(Implied(&Disk::name), &Disk::number);
#endif
#ifdef IMPLIED_NUMBER
  Table<Disk>({1}).Index(Implied(&Disk::number));
#endif
#ifdef INDEX_OF_FLOATING_POINT
  Table<Disk>({1}).Index(&Disk::load);
#endif
#ifdef AUGMENTS_BY_ANOTHER_TYPE
  Table<Disk>({2}).Augments(disks, &Disk::number);
#endif
#ifdef KEY_OF_ANOTHER_TYPE
  disks.IndexOf(5).status().IgnoreError();
#endif
#ifdef KEY_OF_TWO
  disks.IndexOf("sda", 5).status().IgnoreError();
#endif
#ifdef DISCONTINUITY_OF_ANOTHER_TYPE
  Table<Disk>({1}).Index(&Disk::name).Discontinuity(1, &Disk::number);
#endif
#ifdef DISCONTINUITY_BY_A_FUNCTION
  Table<Disk>({1}).Index(&Disk::name).Discontinuity(1, [](const Disk& disk) {
    return disk.time;
  });
#endif
#ifdef COMPUTED_FROM_OTHER_ROWS
  const std::map<std::string, Other, OidLess<std::string>> others;
  MakeComputedRows(disks, 5, MapRows(&others), computed_internal::NoGuard());
#endif
#ifdef COMPUTED_IN_THE_ORDER_OF_CPP
  const std::map<std::string, Disk> others;
  MakeComputedRows(disks, 5, MapRows(&others), computed_internal::NoGuard());
#endif
#ifdef UPDATE_WITHOUT_RETURN
  disks.MakeReadRows([] { std::vector<Disk>(); });
#endif
#ifdef UPDATE_WITH_OTHER_ROWS
  disks.MakeReadRows([] { return std::vector<Other>(); });
#endif
#ifdef UPDATE_WITH_OTHER_PARAMETER
  disks.MakeReadRows([](std::vector<Other>&) {});
#endif
}

}  // namespace passpersist
