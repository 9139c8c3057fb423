// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_PASS_PERSIST_PASS_PERSIST_DUMP_H_
#define TRANSPORT_PASS_PERSIST_PASS_PERSIST_DUMP_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"

namespace passpersist {

// Writes the answer to DUMP in the format of the Python library
// snmp_passpersist: a dictionary as Python's pprint prints it, one entry a line
// unless the whole dictionary fits into one line,
//
//   {'0.1': {'label': 'a label', 'type': 'INTEGER', 'value': '123'},
//    '0.2': {'type': 'STRING', 'value': 'text'}}
//
// with three differences: entries are in OID order, not in the order of their
// text; long strings are not split; bytes beyond ASCII are escaped.
//
// The answer is written in pages, so that a large table needs little memory.
//
// Used by one thread at a time.
class PassPersistDump {
 public:
  // Names are relative to `root`, the root of the only subtree; an empty root
  // means absolute names.
  explicit PassPersistDump(Oid root);

  // Appends the next entries; `last` tells that no further entries follow.
  void AppendPage(absl::Span<const ResponseVarBind> bindings,
                  absl::Span<const InstanceInfo> infos, bool last,
                  std::string* out);

 private:
  // The text of a name, as the dictionary's key.
  std::string DictionaryKey(const Oid& oid) const;

  const Oid root_;
  bool first_page_ = true;
};

}  // namespace passpersist

#endif  // TRANSPORT_PASS_PERSIST_PASS_PERSIST_DUMP_H_
