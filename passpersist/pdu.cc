// SPDX-License-Identifier: Apache-2.0

#include "passpersist/pdu.h"

#include <ostream>

namespace passpersist {

absl::string_view ErrorStatusName(ErrorStatus status) {
  switch (status) {
    case ErrorStatus::kNoError:
      return "noError";
    case ErrorStatus::kTooBig:
      return "tooBig";
    case ErrorStatus::kNoSuchName:
      return "noSuchName";
    case ErrorStatus::kBadValue:
      return "badValue";
    case ErrorStatus::kReadOnly:
      return "readOnly";
    case ErrorStatus::kGenErr:
      return "genErr";
    case ErrorStatus::kNoAccess:
      return "noAccess";
    case ErrorStatus::kWrongType:
      return "wrongType";
    case ErrorStatus::kWrongLength:
      return "wrongLength";
    case ErrorStatus::kWrongEncoding:
      return "wrongEncoding";
    case ErrorStatus::kWrongValue:
      return "wrongValue";
    case ErrorStatus::kNoCreation:
      return "noCreation";
    case ErrorStatus::kInconsistentValue:
      return "inconsistentValue";
    case ErrorStatus::kResourceUnavailable:
      return "resourceUnavailable";
    case ErrorStatus::kCommitFailed:
      return "commitFailed";
    case ErrorStatus::kUndoFailed:
      return "undoFailed";
    case ErrorStatus::kAuthorizationError:
      return "authorizationError";
    case ErrorStatus::kNotWritable:
      return "notWritable";
    case ErrorStatus::kInconsistentName:
      return "inconsistentName";
  }
  return "unknown";
}

absl::string_view ExceptionName(Exception exception) {
  switch (exception) {
    case Exception::kNoSuchObject:
      return "noSuchObject";
    case Exception::kNoSuchInstance:
      return "noSuchInstance";
    case Exception::kEndOfMibView:
      return "endOfMibView";
  }
  return "unknown";
}

std::string ToString(const ValueOrException& value) {
  if (const Value* const present = std::get_if<Value>(&value)) {
    return ToString(*present);
  }
  return std::string(ExceptionName(std::get<Exception>(value)));
}

std::ostream& operator<<(std::ostream& os, const VarBind& binding) {
  return os << binding.oid << " = " << ToString(binding.value);
}

std::ostream& operator<<(std::ostream& os, Exception exception) {
  return os << ExceptionName(exception);
}

std::ostream& operator<<(std::ostream& os, ErrorStatus status) {
  return os << ErrorStatusName(status);
}

}  // namespace passpersist
