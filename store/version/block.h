// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VERSION_BLOCK_H_
#define STORE_VERSION_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <new>

namespace passpersist::store_internal {

// A piece of what a store is made of: one allocation, immutable once it is
// published, and part of one version of the store or of several in a row. Its
// birth is the first of them. Nobody owns a part by its type: those who build
// a version own it until they publish it, then Versions does.
//
// Immutable, so safe for concurrent use.
class Block {
 public:
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  uint64_t birth() const { return birth_; }

  // The bytes of the allocation, and of what it owns or shares outside of it.
  virtual size_t memory() const = 0;

  // Gives back the memory and the share in what others own too. Parts that this
  // one refers to stay.
  void Free() const { delete this; }

 protected:
  explicit Block(uint64_t birth) : birth_(birth) {}
  virtual ~Block() = default;

  // `size` counts the type and the bytes that follow it: most parts are longer
  // than their type.
  static void* operator new(size_t /*of the type*/, size_t size) {
    return ::operator new(size);
  }
  static void operator delete(void* memory) { ::operator delete(memory); }

 private:
  // Aligned alike on all processors, so that pages are laid out alike.
  alignas(8) const uint64_t birth_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_VERSION_BLOCK_H_
