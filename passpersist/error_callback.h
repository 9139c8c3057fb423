// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ERROR_CALLBACK_H_
#define PASSPERSIST_ERROR_CALLBACK_H_

#include <memory>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"

namespace passpersist {

class Clock;

// Receives the errors of a running agent: an update that failed, an instance
// that an update left out, a value that can't be sent, a computed value that
// could not be obtained. Called by any thread, by one at a time. The callback
// must not block for long, and must call neither the agent nor its monitor.
using ErrorCallback = absl::AnyInvocable<void(const absl::Status& error)>;

// The default callback: writes a line to syslog (facility daemon, priority
// warning, under the program's name). Skips a line that it wrote less than an
// hour ago, so that a failing update doesn't fill the log. Remembers up to 256
// different lines, and forgets all of them when there are more.
ErrorCallback SyslogErrors(std::shared_ptr<const Clock> clock);

}  // namespace passpersist

#endif  // PASSPERSIST_ERROR_CALLBACK_H_
