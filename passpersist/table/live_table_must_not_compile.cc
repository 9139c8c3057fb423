// SPDX-License-Identifier: Apache-2.0

// Each macro enables an error; BUILD.bazel has the text that the compiler is
// expected to report.

#include <cstdint>
#include <string>

#include "passpersist/table/live_table.h"
#include "passpersist/table/table.h"

namespace passpersist {

struct Disk {
  std::string name;
  int32_t temperature = 0;
};

void UseLiveTables() {
  LiveTable disks(
      Table<Disk>({1}).Index(&Disk::name).Column(2, &Disk::temperature));
  disks.Find("sda");
  disks.Erase("sda").IgnoreError();
#ifdef KEY_OF_ANOTHER_TYPE
  disks.Find(5);
#endif
#ifdef TOO_MANY_VALUES
  disks.Erase("sda", 5).IgnoreError();
#endif
}

}  // namespace passpersist
