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

// A shared pointer that one thread sets while others copy it, and no thread
// waits for another, though one be stopped in the midst of it. (C++17 has no
// std::atomic<std::shared_ptr>, and the functions that it has instead lock.)
//
//                                      slots
//                                     +---+-----------+-----------+
//    current                          | 0 | free      |           |
//   +--------+--------------+         | 1 | pointer   | 1 is here |
//   | slot 2 | 7 have come  |  ---->  | 2 | pointer   |           |
//   +--------+--------------+         | . | free      |           |
//                                     +---+-----------+-----------+
//
// A reader learns the current slot and counts itself in, in one step; then it
// copies the pointer and counts itself out at the slot. Set() fills a free slot
// and makes it the current one, in one step too, which tells how many have come
// to the old one. When as many have left, it is free: whoever comes last, a
// reader or Set(), empties it. So a slot is written to only while no reader is
// there, and a reader goes through a few steps, never through a loop.
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
    StoredValue& slot = slots_[word >> kCountBits];
    std::shared_ptr<T> copy = slot.pointer;
    if (slot.staying.fetch_sub(1, std::memory_order_acq_rel) == 1) Empty(&slot);
    return copy;
  }

  // Called by one thread at a time. The old pointer is let go of, by this
  // thread unless a reader is just copying it.
  void Set(std::shared_ptr<T> pointer) {
    const size_t next = FindFree();
    slots_[next].is_free.store(false, std::memory_order_relaxed);
    slots_[next].pointer = std::move(pointer);
    const uint64_t word = current_.exchange(uint64_t{next} << kCountBits,
                                            std::memory_order_acq_rel);
    StoredValue& old = slots_[word >> kCountBits];
    const auto came = static_cast<int64_t>(word & kCountMask);
    if (old.staying.fetch_add(came, std::memory_order_acq_rel) == -came) {
      Empty(&old);
    }
  }

 private:
  // If so many readers are stopped, each in the midst of copying another
  // pointer, Set() waits for one of them.
  static constexpr size_t kSlots = 16;

  // 2^56 copies of one pointer take longer than any machine lives.
  static constexpr int kCountBits = 56;
  static constexpr uint64_t kCountMask = (uint64_t{1} << kCountBits) - 1;

  struct StoredValue {
    std::shared_ptr<T> pointer;
    // Those who came, once Set() has added them, less those who left.
    std::atomic<int64_t> staying{0};
    std::atomic<bool> is_free{true};
  };

  // Called by the last one there.
  static void Empty(StoredValue* slot) {
    const std::shared_ptr<T> gone = std::move(slot->pointer);
    slot->is_free.store(true, std::memory_order_release);
  }

  size_t FindFree() const {
    for (size_t i = 0; true; i = (i + 1) % kSlots) {
      if (slots_[i].is_free.load(std::memory_order_acquire)) return i;
      if (i + 1 == kSlots) std::this_thread::yield();
    }
  }

  // The slot, and how many have come since it is the current one.
  mutable std::atomic<uint64_t> current_{0};
  mutable std::array<StoredValue, kSlots> slots_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_VERSION_ATOMIC_SHARED_PTR_H_
