// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_PROTOCOLS_SNMP_MANAGER_H_
#define TOOLS_E2E_PROTOCOLS_SNMP_MANAGER_H_

#include <memory>

#include "tools/e2e/protocols/manager.h"
#include "tools/e2e/snmpd/snmp_client.h"

namespace passpersist_testing {

// Returns a Manager that sends requests to the agents of an snmpd.
std::unique_ptr<Manager> SnmpManager(SnmpClient client);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_PROTOCOLS_SNMP_MANAGER_H_
