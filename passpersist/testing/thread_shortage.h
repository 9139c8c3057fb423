// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_THREAD_SHORTAGE_H_
#define PASSPERSIST_TESTING_THREAD_SHORTAGE_H_

#include <pthread.h>

namespace passpersist_testing {

// While this exists, nobody in this process can start a thread, like one whose
// user has too many: also for root, whom RLIMIT_NPROC doesn't bind. Threads get
// stacks by default then that are larger than all addresses.
class ThreadShortage {
 public:
  ThreadShortage();
  ~ThreadShortage();

  ThreadShortage(const ThreadShortage&) = delete;
  ThreadShortage& operator=(const ThreadShortage&) = delete;

 private:
  pthread_attr_t before_;
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_THREAD_SHORTAGE_H_
