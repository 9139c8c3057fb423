// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VERSION_ATOMIC_SHARED_PTR_H_
#define STORE_VERSION_ATOMIC_SHARED_PTR_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>

namespace passpersist::store_internal {

// A shared pointer that one thread sets while others copy it. No thread waits
// for another thread, even if that thread is suspended halfway through a call.
// (C++17 has no std::atomic<std::shared_ptr>; its std::atomic_load() and
// std::atomic_store() for shared_ptr lock.)
//
//                                      slots
//                                     +---+-----------+-----------+
//    current                          | 0 | free      |           |
//   +--------+--------------+         | 1 | pointer   | 1 reader  |
//   | slot 2 | 7 entered    |  ---->  | 2 | pointer   |           |
//   +--------+--------------+         | . | free      |           |
//                                     +---+-----------+-----------+
//
// A reader reads the number of the current slot and increments the count of
// readers that entered it in one atomic step; then it copies the pointer and
// decrements the count of the slot. Set() fills a free slot and makes it the
// current slot, also in one atomic step, which returns how many readers have
// entered the old slot. The old slot is free when as many readers have left:
// the last thread to count, a reader or Set(), empties it. A slot is therefore
// written only while no reader uses it, and get() has no loop.
//
// get() costs three atomic additions, one of which is that of the copy.
//
// Safe for concurrent use.
template <typename T>
class AtomicSharedPtr {
 public:
  explicit AtomicSharedPtr(std::shared_ptr<T> pointer) {
    slots_[0].pointer = std::move(pointer);
    slots_[0].is_free.store(false, std::memory_order_relaxed);
  }
  AtomicSharedPtr(const AtomicSharedPtr&) = delete;
  AtomicSharedPtr& operator=(const AtomicSharedPtr&) = delete;

  std::shared_ptr<T> get() const {
    const uint64_t word = current_.fetch_add(1, std::memory_order_acquire);
    Slot& slot = slots_[word >> kCountBits];
    std::shared_ptr<T> copy = slot.pointer;
    if (slot.readers.fetch_sub(1, std::memory_order_acq_rel) == 1) Empty(&slot);
    return copy;
  }

  // Called by one thread at a time. Releases the old pointer, unless a reader
  // is copying it; then the last such reader releases it.
  void Set(std::shared_ptr<T> pointer) {
    const size_t next = FindFree();
    slots_[next].is_free.store(false, std::memory_order_relaxed);
    slots_[next].pointer = std::move(pointer);
    const uint64_t word = current_.exchange(uint64_t{next} << kCountBits,
                                            std::memory_order_acq_rel);
    Slot& old = slots_[word >> kCountBits];
    const auto entered = static_cast<int64_t>(word & kCountMask);
    if (old.readers.fetch_add(entered, std::memory_order_acq_rel) == -entered) {
      Empty(&old);
    }
  }

 private:
  // If that many readers are suspended while each copies a different pointer,
  // Set() waits for one of them.
  static constexpr size_t kSlots = 16;

  // 2^56 copies of one pointer take longer than any machine runs.
  static constexpr int kCountBits = 56;
  static constexpr uint64_t kCountMask = (uint64_t{1} << kCountBits) - 1;

  struct Slot {
    std::shared_ptr<T> pointer;
    // Minus the readers that have left; Set() adds the readers that entered, so
    // that 0 means that no reader uses the slot any more.
    std::atomic<int64_t> readers{0};
    std::atomic<bool> is_free{true};
  };

  // Called by the last thread that uses the slot.
  static void Empty(Slot* slot) {
    const std::shared_ptr<T> released = std::move(slot->pointer);
    slot->is_free.store(true, std::memory_order_release);
  }

  size_t FindFree() const {
    for (size_t i = 0; true; i = (i + 1) % kSlots) {
      if (slots_[i].is_free.load(std::memory_order_acquire)) return i;
      if (i + 1 == kSlots) std::this_thread::yield();
    }
  }

  // The number of the current slot, and how many readers have entered it since
  // Set() made it the current slot.
  mutable std::atomic<uint64_t> current_{0};
  mutable std::array<Slot, kSlots> slots_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_VERSION_ATOMIC_SHARED_PTR_H_
