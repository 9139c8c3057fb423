// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_UPDATE_ENTRY_BUFFER_H_
#define PASSPERSIST_UPDATE_ENTRY_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/oid.h"
#include "passpersist/update/contents_sink.h"

namespace passpersist::internal {

// Entries in ascending order, one after the other, in about as many bytes as
// the stores that are built from them:
//
//   record   +--------+----------------------+------+-------+---------------+
//            | header | [shared, kept, size] | rest | value | [size, label] |
//            +--------+----------------------+------+-------+---------------+
//   header   bits 0-3: the tag of the value
//            bit 4: there is a label
//            bits 5-7: if not 0, the size of `rest`; `shared` and `kept` are
//            those of the previous record, and [shared, kept, size] is left
//            out
//   shared   how many bytes of whole arcs the key has in common with the
//            previous key
//   kept     how many bytes of the next arc are the same as in the previous
//            key
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
  EntryBuffer() = default;
  EntryBuffer(EntryBuffer&& other) noexcept { *this = std::move(other); }
  EntryBuffer& operator=(EntryBuffer&& other) noexcept;
  ~EntryBuffer();

  // Adds an entry if its suffix is greater than the last one; else does nothing
  // and returns false. Takes a reference to the SharedValue of the value.
  bool TryAppend(const Oid& suffix, const PackedValue& value,
                 absl::string_view label);

  // Adds an entry whose key is not less than the last one. `common` is the
  // number of bytes that its key has in common with the last one after the
  // first entry.shared bytes. Not for a buffer that TryAppend() adds to.
  void AppendPacked(const PackedEntry& entry, size_t common);

  // True if the last suffix is less than `suffix`. Requires an entry.
  bool EndsBefore(const Oid& suffix) const;

  // The KeyPrefix() of the last key. Requires an entry.
  uint64_t LastKeyPrefix() const;

  // Removes all entries. Keeps memory for a few.
  void Clear();

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
    size_t kept_ = 0;  // bytes of the previous key: `shared` + `kept`
    PackedEntry entry_;
  };

 private:
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    size_t size;
    const char* end;  // of the records; for the last chunk see next_
  };
  struct Arc {
    uint32_t arc;
    uint32_t end;  // the offset of the end of its bytes in the key
  };

  // How many leading arcs `arcs` has in common with the last suffix.
  size_t CommonArcs(absl::Span<const uint32_t> arcs) const;
  // Returns where the `rest` of the next record begins. `is_long` says that its
  // size will not fit in the header.
  char* BeginRecord(size_t shared, size_t common, bool is_long);
  // Writes the fields before and after `rest`, which ends at `out`. Moves
  // `rest` if the fields before it have another size than BeginRecord()
  // assumed.
  void EndRecord(char* rest, char* out, const PackedValue& value,
                 absl::string_view label);
  // Chooses `kept` for the next record; `common` is the number of bytes that
  // may be left out.
  size_t ChooseKept(size_t common);
  // Makes room for `size` bytes and for the bytes that a reader may load after
  // them.
  void Reserve(size_t size);

  std::vector<Chunk> chunks_;
  char* next_ = nullptr;
  size_t left_ = 0;
  size_t chunk_bytes_ = 0;  // of all chunks
  size_t size_ = 0;
  std::vector<Arc> last_;   // the last suffix in the first last_size_ elements
  size_t last_size_ = 0;    // arcs of the last suffix
  uint64_t last_word_ = 0;  // PackedArc::word of its last arc
  size_t shared_ = 0;       // of the last record
  size_t kept_ = 0;         // of the last record
  size_t last_common_ = 0;  // what the last record could have kept
  size_t longest_key_ = 0;
  std::vector<const SharedValue*> shared_values_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_UPDATE_ENTRY_BUFFER_H_
