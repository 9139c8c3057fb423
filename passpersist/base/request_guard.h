// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_BASE_REQUEST_GUARD_H_
#define PASSPERSIST_BASE_REQUEST_GUARD_H_

#include <memory>
#include <utility>

namespace passpersist::internal {

// Keeps the guard of a computed table from one name of a request to the next:
// see NewComputedStore(). The thread that answers a request has a RequestGuard
// while it reads; what it reads finds it by Current().
//
// A request holds one guard at a time, so that two requests cannot wait for
// each other. It holds none while other code of the application runs, which may
// want the same lock: who calls such code calls ReleaseCurrent() before.
//
// Used by one thread. A thread has one at a time.
class RequestGuard {
 public:
  // What is held until it is destroyed.
  class Guard {
   public:
    virtual ~Guard() = default;
  };

  RequestGuard() { current_ = this; }
  ~RequestGuard() { current_ = nullptr; }
  RequestGuard(const RequestGuard&) = delete;
  RequestGuard& operator=(const RequestGuard&) = delete;

  // Returns that of this thread, or null.
  static RequestGuard* Current() { return current_; }
  static void ReleaseCurrent() {
    if (current_ != nullptr) current_->Release();
  }

  // True if the guard of `owner` is held.
  bool IsOf(const void* owner) const { return owner_ == owner; }

  // Requires that no guard is held.
  void Hold(const void* owner, std::unique_ptr<Guard> guard) {
    owner_ = owner;
    guard_ = std::move(guard);
  }
  void Release() {
    owner_ = nullptr;
    guard_ = nullptr;
  }

 private:
  inline static thread_local RequestGuard* current_ = nullptr;

  const void* owner_ = nullptr;
  std::unique_ptr<Guard> guard_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_BASE_REQUEST_GUARD_H_
