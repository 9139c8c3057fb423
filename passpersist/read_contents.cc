// SPDX-License-Identifier: Apache-2.0

#include "passpersist/read_contents.h"

#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_entry.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/update/contents_sink.h"
#include "passpersist/update/deliver_contents.h"

namespace passpersist {
namespace {

using Callback = absl::FunctionRef<void(const Oid&, const StoredValue&,
                                        absl::string_view label)>;

// Unpacks entries and passes them to a callback.
class UnpackingSink : public internal::ContentsSink {
 public:
  explicit UnpackingSink(Callback callback) : callback_(callback) {}

  void OnEntry(const internal::PackedEntry& entry) override {
    callback_(internal::UnpackKey(entry.key), unpacker_.Unpack(entry.value),
              entry.label);
  }

 private:
  const Callback callback_;
  internal::ValueUnpacker unpacker_;
};

}  // namespace

absl::Status ReadContents(const Contents& contents, Callback callback) {
  UnpackingSink sink(callback);
  return internal::DeliverContents(contents, &sink);
}

}  // namespace passpersist
