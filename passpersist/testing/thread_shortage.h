// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_THREAD_SHORTAGE_H_
#define PASSPERSIST_TESTING_THREAD_SHORTAGE_H_

#include <pthread.h>

namespace passpersist_testing {

// While an object of this class exists, no thread can be started in this
// process, as if its user had too many threads. It works for root too, to whom
// RLIMIT_NPROC does not apply: it sets the default stack size of threads to
// most of the address space, so that starting a thread fails.
class ThreadShortage {
 public:
  ThreadShortage();
  ~ThreadShortage();

  ThreadShortage(const ThreadShortage&) = delete;
  ThreadShortage& operator=(const ThreadShortage&) = delete;

 private:
  pthread_attr_t saved_attributes_;
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_THREAD_SHORTAGE_H_
