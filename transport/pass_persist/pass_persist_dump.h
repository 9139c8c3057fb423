// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_PASS_PERSIST_PASS_PERSIST_DUMP_H_
#define TRANSPORT_PASS_PERSIST_PASS_PERSIST_DUMP_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"

namespace passpersist {

// Writes the answer to DUMP in the form of the Python library snmp_passpersist:
// its dictionary as Python's pprint prints it, one entry a line unless all of
// it fits into one,
//
//   {'0.1': {'label': 'a label', 'type': 'INTEGER', 'value': '123'},
//    '0.2': {'type': 'STRING', 'value': 'text'}}
//
// with three differences: entries come in OID order, not in the order of their
// text, long strings are not broken up, and bytes beyond ASCII are escaped.
//
// Comes in pages, so that a large table needs little memory.
//
// Used by one thread at a time.
class PassPersistDump {
 public:
  // Names are given relative to `root`: the root of the only subtree, or empty
  // for absolute names.
  explicit PassPersistDump(Oid root);

  // Appends the next entries; `last` says that there are no more.
  void AppendPage(absl::Span<const VarBind> bindings,
                  absl::Span<const InstanceInfo> origins, bool last,
                  std::string* out);

 private:
  std::string Key(const Oid& oid) const;

  const Oid root_;
  bool first_page_ = true;
};

}  // namespace passpersist

#endif  // TRANSPORT_PASS_PERSIST_PASS_PERSIST_DUMP_H_
