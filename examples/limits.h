// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_LIMITS_H_
#define EXAMPLES_LIMITS_H_

#include <memory>
#include <string>

#include "passpersist/agent_builder.h"
#include "passpersist/setter.h"

// Adds two limits that managers set, kept together in a file:
//
//   .1.3.6.1.4.1.8072.9999.9999.7.1.0   the lower limit
//   .1.3.6.1.4.1.8072.9999.9999.7.2.0   the upper limit, not below the lower
//   one .1.3.6.1.4.1.8072.9999.9999.7.3.0   their difference; read-only
//
// A SET of both is checked and stored as a whole. docs/sets.md explains the
// setter.
void AddLimits(passpersist::AgentBuilder& builder, const std::string& file);

// The setter of these objects; suffixes are relative to their root.
std::unique_ptr<passpersist::Setter> MakeLimitsSetter(std::string file);

#endif  // EXAMPLES_LIMITS_H_
