// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CHECK_CHECKS_H_
#define TOOLS_PASSPERSIST_CHECK_CHECKS_H_

#include "tools/passpersist/check/examination.h"

// The checks, in the order in which they run. Each check reports the findings
// whose ids are listed here, and skips what it can't determine because of an
// earlier finding. Every check may also report the findings of Examination:
// "silent", "flush" if answers stay in a buffer, "missing-lines",
// "extra-lines", "exits", "name", "length", "stderr", "slow".
//
// To add a check, declare it here, define it in a file of its own, and add it
// to the list in checker.cc.

namespace passpersist::tool {

// Checks that each PING is answered with one PONG: "pong" if the first answer
// is not a PONG, "chatter" if other lines precede it, "ping" if the second PING
// has no PONG or two. A finding stops the examination, since snmpd gets no
// further with such a program.
void CheckStart(Examination& examination);

// If no base is given, guesses it: the longest common prefix of all names. If
// there is none ("no-base"), stops the examination.
void FindBase(Examination& examination);

// Walks all names from the base on: "order" if they don't ascend, "base" if a
// name is not below the base, "arcs" if a name is too long, "end" if the walk
// doesn't end with NONE, "empty" if there are no names, "base-arcs" if the base
// is too long for snmpd.
void CheckWalk(Examination& examination);

// Looks for names that get answers and the walk doesn't find: "missed". Adds
// them to the names. Checks for a value at the base itself: "base-value".
// Explains "end" and "empty" if these are the cause.
void CheckMissedNames(Examination& examination);

// Checks the types and values of all names: "type", "number", "range",
// "ipaddress", "objectid", "octets", "empty-string", "nul", "cr", "length".
// Those that end a walk come first.
void CheckValues(Examination& examination);

// Compares the get of each name with the walk: "get".
void CheckGets(Examination& examination);

// Checks getnext of absent names: "gap"; "missed" if the answer is a name that
// the walk doesn't find.
void CheckGaps(Examination& examination);

// Checks get of absent names and of the base: "get-absent".
void CheckAbsentNames(Examination& examination);

// Sends requests together and in parts: "joined", "split".
void CheckStream(Examination& examination);

// Sends sets with the line ends of all releases of Net-SNMP: "set",
// "set-blank-line", "set-rest", "set-unterminated", "set-cut". Checks the
// program's reply to a set: "set-reply". For the set of the options: "set-get"
// if snmpd would not even send it, "set-value" if it has no effect. Otherwise
// an absent name is set; if a get returns a value for that name, it is not set:
// "set-untried".
void CheckSets(Examination& examination);

// Checks that the program ends after snmpd: "eof".
void CheckEnd(Examination& examination);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_CHECK_CHECKS_H_
