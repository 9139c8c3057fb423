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

// Entries one behind the other, in about as many bytes as the stores take that
// are made from them:
//
//   record   +--------+----------------------+------+-------+---------------+
//            | header | [shared, kept, size] | rest | value | [size, label] |
//            +--------+----------------------+------+-------+---------------+
//   header   bits 0-3: the tag of the value
//            bit 4: there is a label
//            bits 5-7: if not 0, the size of the rest; `shared` and `kept` are
//            those of the record before, and the brackets are left out
//   shared   how many bytes of whole arcs the key has in common with the one
//            before
//   kept     how many bytes of the arc behind these are as before too
//   rest     the rest of the key
//   value    4 or 8 bytes, or a size and bytes
//
// Sizes are varints: 7 bits a byte, low ones first. In a column of a table two
// bytes stand beside a value: the header and the last byte of the row's index.
//
// A record lies in one chunk. A new chunk has as many bytes as all before up
// to 512, and from 8 KiB on a sixteenth of them: so few entries take little
// memory, and of many little is left unused.
//
// The log owns a share of each box in it.
//
// Used by one thread at a time; safe for concurrent reading.
class EntryBuffer {
 public:
  EntryBuffer() = default;
  EntryBuffer(EntryBuffer&& other) noexcept { *this = std::move(other); }
  EntryBuffer& operator=(EntryBuffer&& other) noexcept;
  ~EntryBuffer();

  // Adds an entry if it is behind the last one; else does nothing and returns
  // false. Takes a share of the value's box.
  bool AddBehind(const Oid& suffix, const PackedValue& value,
                 absl::string_view label);

  // Adds an entry that is behind the last one, or of the same name; `common`
  // is how many bytes its key has in common with the last one, behind those
  // that are shared. Not for a log to which AddBehind() adds.
  void AddPacked(const PackedEntry& entry, size_t common);

  // True if the last entry is before `suffix`. Requires an entry.
  bool EndsBefore(const Oid& suffix) const;

  // See entry_head.h. Requires an entry.
  uint64_t LastHead() const;

  // No entry is left, and memory for a few.
  void Clear();

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // Boxes included.
  size_t MemoryUsage() const;

  // Reads entries; each is valid until the next one is read.
  //
  // Used by one thread at a time.
  class Reader {
   public:
    // Before the first entry. The log must outlive this and stay as it is.
    explicit Reader(const EntryBuffer* log);

    // To the next entry, in the order in which they were added; false behind
    // the last one.
    bool Next();

    const PackedEntry& entry() const { return entry_; }

   private:
    const EntryBuffer& log_;
    size_t chunk_ = 0;
    const char* next_ = nullptr;
    std::unique_ptr<char[]> key_;
    size_t kept_ = 0;  // of the key before, with what is shared
    PackedEntry entry_;
  };

 private:
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    size_t size;
    const char* end;  // of the records; of the last chunk: see next_
  };
  struct Arc {
    uint32_t arc;
    uint32_t end;  // of its bytes in the key
  };

  // How many arcs the last suffix begins with too.
  size_t SameArcs(absl::Span<const uint32_t> arcs) const;
  // Returns where the rest of the next record begins, without the bytes that it
  // keeps. `is_long` tells that it will be too long for the header.
  char* BeginRecord(size_t shared, size_t common, bool is_long);
  // Writes what stands before the rest, which ends at `out`, and behind it.
  void EndRecord(char* rest, char* out, const PackedValue& value,
                 absl::string_view label);
  // How many bytes of an arc a record leaves out, of those that are as before.
  size_t Keep(size_t common);
  // Makes room for `size` bytes, and those that a reader may load behind them.
  void Reserve(size_t size);

  std::vector<Chunk> chunks_;
  char* next_ = nullptr;
  size_t left_ = 0;
  size_t chunk_bytes_ = 0;  // of all chunks
  size_t size_ = 0;
  std::vector<Arc> last_;   // the last suffix, and what longer ones have left
  size_t last_size_ = 0;    // its arcs
  uint64_t last_word_ = 0;  // of the last arc: see PackedArc
  size_t shared_ = 0;       // of the last record
  size_t kept_ = 0;         // of the last record
  size_t last_common_ = 0;  // what it could have kept
  size_t longest_key_ = 0;
  std::vector<const SharedValue*> boxes_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_UPDATE_ENTRY_BUFFER_H_
