// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CHECK_CHECKS_H_
#define TOOLS_PASSPERSIST_CHECK_CHECKS_H_

#include "tools/passpersist/check/examination.h"

// The single checks, in the order in which they are made. Each finds faults of
// its own, whose ids are given here, and leaves out what can't be told because
// of a fault that is known already. Every one of them may also report, as
// Examination does: "silent", "flush" if answers stay in a buffer,
// "missing-lines", "extra-lines", "exits", "name", "length", "stderr", "slow".
//
// A new one goes here, into a file of its own and into the list in checker.cc.

namespace passpersist {

// The first PONG, and one for each PING: "pong", "chatter" before it, "ping" if
// the second gets none or two. Stops the examination, since snmpd gets no
// further with such a program.
void CheckStart(Examination& examination);

// Guesses the base if it isn't given: what all names have in common. Stops the
// examination if there is none ("no-base").
void FindBase(Examination& examination);

// All names from the base on: "order" if they don't ascend, "base" if they
// leave it, "arcs" if they are too long, "end" if the walk doesn't end by NONE,
// "empty" if there are none, "base-arcs" if snmpd can't have such a base.
void CheckWalk(Examination& examination);

// Types and values of the walk: "type", "number", "range", "ipaddress",
// "objectid", "octets", "empty-string", "nul", "cr", "length".
void CheckValues(Examination& examination);

// A get for each name of the walk: "get".
void CheckGets(Examination& examination);

// getnext of names that are not there: "gap".
void CheckGaps(Examination& examination);

// get of names that are not there, the base among them: "get-absent".
void CheckAbsentNames(Examination& examination);

// Requests that don't come one by one: "joined", "split".
void CheckStream(Examination& examination);

// The ends of sets in all releases: "set", "set-blank-line", "set-rest",
// "set-unterminated", "set-cut"; what the program says to one: "set-reply". For
// a set that may be made, "set-get" if snmpd wouldn't even try, "set-value" if
// it has no effect. Where get answers for the name that is tried otherwise, and
// which should not be there, it is left alone: "set-untried".
void CheckSets(Examination& examination);

// The program outlives snmpd: "eof".
void CheckEnd(Examination& examination);

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_CHECK_CHECKS_H_
