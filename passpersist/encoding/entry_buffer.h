// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_ENTRY_BUFFER_H_
#define PASSPERSIST_ENCODING_ENTRY_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/packed_entry.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/oid.h"

namespace passpersist::internal {

// Entries in ascending order, one after the other, in about as many bytes as
// the stores that are built from them:
//
//   record   +--------+--------------+------+-------+---------------+
//            | header | [kept, size] | rest | value | [size, label] |
//            +--------+--------------+------+-------+---------------+
//   header   bits 0-3: the tag of the value
//            bit 4: there is a label
//            bits 5-7: if not 0, the size of `rest`; `kept` is that of the
//            previous record, and [kept, size] is left out
//   kept     how many bytes of the key are those of the previous key
//   rest     the rest of the key
//   value    4 or 8 bytes, or a size and bytes
//
// Sizes are varints: 7 bits a byte, low bits first. In a column of a table an
// entry takes two bytes besides its value: the header and the last byte of the
// row's index.
//
// A record lies in one chunk. A new chunk is as large as all chunks before it
// together, up to 512 bytes; from 8 KiB on it is a sixteenth of them. So few
// entries take little memory, and many entries leave little memory unused.
//
// The buffer holds a reference to each SharedValue in it.
//
// Used by one thread at a time; safe for concurrent reading.
class EntryBuffer {
 public:
  // Adds an entry if its suffix is greater than the last one; else does nothing
  // and returns false. Takes a reference to the SharedValue of the value.
  bool TryAppend(const Oid& suffix, const PackedValue& value,
                 absl::string_view label);

  // Adds an entry whose key is not less than the last one. `entry.shared` is
  // not used.
  void Append(const PackedEntry& entry);

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // In bytes, including the SharedValues.
  size_t MemoryUsage() const;

  // Reads entries. An entry is valid until the next call of Next().
  //
  // Used by one thread at a time.
  class Reader {
   public:
    // Starts before the first entry. The buffer must outlive the reader and
    // must not change.
    explicit Reader(const EntryBuffer* buffer);

    // Moves to the next entry, in the order in which the entries were added.
    // False after the last entry.
    bool Next();

    const PackedEntry& entry() const { return entry_; }

   private:
    const EntryBuffer& buffer_;
    size_t chunk_ = 0;
    const char* next_ = nullptr;
    std::unique_ptr<char[]> key_;
    size_t kept_ = 0;
    PackedEntry entry_;
  };

 private:
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    const char* end;  // of the records; for the last chunk see next_
  };

  // Makes new_key_ the key of `suffix`.
  void SetNewKey(const Oid& suffix);
  // Makes room for keys of `capacity` bytes, kSlack included.
  void GrowKeys(size_t capacity);
  // How many bytes new_key_ has in common with last_key_.
  size_t CommonSize() const;
  // Adds an entry whose key is new_key_, of which the first `kept` bytes are
  // those of last_key_.
  void AppendNewKey(size_t kept, const PackedValue& value,
                    absl::string_view label);
  // Makes room for `size` bytes and for the bytes that a reader may load after
  // them.
  void Reserve(size_t size);

  std::vector<Chunk> chunks_;
  char* next_ = nullptr;
  size_t left_ = 0;
  size_t chunk_bytes_ = 0;  // of all chunks
  size_t size_ = 0;
  // Two keys, each followed by the bytes of a word.
  std::unique_ptr<char[]> last_key_;
  std::unique_ptr<char[]> new_key_;
  size_t last_key_size_ = 0;
  size_t new_key_size_ = 0;
  size_t key_capacity_ = 0;
  size_t kept_ = 0;  // of the last record
  SharedValueRefs shared_values_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_ENTRY_BUFFER_H_
