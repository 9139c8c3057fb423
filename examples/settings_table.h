// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_SETTINGS_TABLE_H_
#define EXAMPLES_SETTINGS_TABLE_H_

#include <string>

#include "passpersist/agent_builder.h"

// Adds the settings of a file (ini_file.h) as a table, read every second, and
// lets managers set them:
//
//   .1.3.6.1.4.1.8072.9999.9999.5.1.3.<section>.<key> = <value>
//
// The index of a row is the two names, each preceded by its length, not the
// positions of section and setting in the file: if a person inserted a section
// while a manager is at work, a set by position would change another setting.
// Columns 1 and 2 would be the section and the key; they are part of the index
// and therefore not served (RFC 2578 section 7.7). Net-SNMP's tools encode an
// index from quoted names:
//
//   snmpset ... '.1.3.6.1.4.1.8072.9999.9999.5.1.3."voip"."port"' s 5061
//
// Names of more than 114 bytes together do not fit into an OID. Such settings
// are left out and reported.
//
// A value is a string of up to 255 bytes (SnmpAdminString, RFC 3411). A longer
// value that a person wrote is served. A set changes one value in the current
// contents of the file, in one step, and nothing else. Errors:
//
//   wrongLength           the value has more than 255 bytes
//   wrongValue            IniFile cannot hold the value: it contains a newline,
//                         or begins or ends with a blank
//   noCreation            the file has no such setting; only people add
//                         settings
//   resourceUnavailable   the file cannot be read, parsed or replaced: it is
//                         unchanged, and the error is reported
//
// A set replaces the file by a new file (atomic_file.h). The user that snmpd
// becomes must therefore have the right to write in the directory, and owns the
// new file. People who edited the old file keep the right to edit as members of
// its group. So the directory should belong to the agent's user and pass on the
// group of the people:
//
//   install -d -o Debian-snmp -g staff -m 2775 /var/lib/settings
//   umask 002     for the people, so that the group may write their files
//
// A set that would take rights from the owner or the group is refused with
// resourceUnavailable, and the report names the remedy.
//
// An editor should save the file by a rename, as most editors do. If an editor
// writes the file piece by piece, an update may read half of the file, and a
// set may store that half. A set does not notice that an editor has the file
// open: the later one of the two to save wins.
//
// While the file is missing or cannot be parsed, the table keeps its old rows,
// and the error is reported with file and line.
void AddSettings(passpersist::AgentBuilder& builder, const std::string& file);

#endif  // EXAMPLES_SETTINGS_TABLE_H_
