// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VERSION_BLOCK_H_
#define STORE_VERSION_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <new>

namespace passpersist::store_internal {

// A piece of a store's data, such as a page or a node: one allocation. A block
// is immutable once it is published, and belongs to one version of the store or
// to several consecutive versions; birth() is the first of them. No smart
// pointer owns a block: the builder or editor of a version owns its new blocks
// until they are published, then VersionSet does.
//
// Immutable, so safe for concurrent use.
class Block {
 public:
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  uint64_t birth() const { return birth_; }

  // The bytes of the allocation, and of the memory outside of it that the block
  // owns or shares.
  virtual size_t memory() const = 0;

  // Frees the memory and drops the references to shared values. Does not free
  // the blocks that this block refers to.
  void Free() const { delete this; }

 protected:
  explicit Block(uint64_t birth) : birth_(birth) {}
  virtual ~Block() = default;

  // `size` counts the object and the bytes that follow it: most blocks are
  // longer than their type.
  static void* operator new(size_t /*of the type*/, size_t size) {
    return ::operator new(size);
  }
  static void operator delete(void* memory) { ::operator delete(memory); }

 private:
  // The same alignment on all processors, so that pages have the same layout.
  alignas(8) const uint64_t birth_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_VERSION_BLOCK_H_
