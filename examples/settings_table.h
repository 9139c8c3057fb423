// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_SETTINGS_TABLE_H_
#define EXAMPLES_SETTINGS_TABLE_H_

#include <string>

#include "passpersist/agent_builder.h"

// Adds the settings of a file (ini_file.h) as a table, read anew every second,
// and lets managers set them:
//
//   .1.3.6.1.4.1.8072.9999.9999.5.1.3.<section>.<key> = <value>
//
// A row is indexed by the names, each with its length in front, not by the
// places of sections and settings in the file: a person may insert a section
// while a manager is at work, and what it sets by number would be another
// setting. Columns 1 and 2 would be the section and the key; as parts of the
// name they are not served (RFC 2578 section 7.7). Net-SNMP's tools write the
// index for whoever puts names in quotes:
//
//   snmpset ... '.1.3.6.1.4.1.8072.9999.9999.5.1.3."voip"."port"' s 5061
//
// Names of more than 114 bytes together make no OID, and such settings are left
// out and reported.
//
// A value is a string of up to 255 bytes (SnmpAdminString, RFC 3411); a longer
// one that a person wrote is served. A set changes that value in the file as it
// is at this moment, in one step, and nothing else in it:
//
//   wrongLength           more than 255 bytes
//   wrongValue            IniFile can't hold it: a newline, a blank at an end
//   noCreation            the file has no such setting; people make them
//   resourceUnavailable   the file can't be read, understood or replaced: it is
//                         as it was, and the error is reported
//
// A set makes a new file in the place of the old one (atomic_file.h). The user
// that snmpd becomes must therefore be allowed to write in the folder, and owns
// the file from then on; who edited it goes on doing so as a member of its
// group. So the folder belongs to the agent, and hands on the group of the
// people:
//
//   install -d -o Debian-snmp -g staff -m 2775 /var/lib/settings
//   umask 002     and so they make files that their group may write
//
// A set that would take rights from a person or a group is refused with
// resourceUnavailable, too, and the report says what to change.
//
// Who edits the file should save it as this does, by a rename, as most editors
// do: of one that is written piece by piece an update may see half, and a set
// keep half. Nothing tells a set that an editor has the file open: of the two
// the later one to save counts.
//
// While the file is missing or can't be understood the table stays as it is,
// and the error, with file and line, is reported.
void AddSettings(passpersist::AgentBuilder& builder, const std::string& file);

#endif  // EXAMPLES_SETTINGS_TABLE_H_
