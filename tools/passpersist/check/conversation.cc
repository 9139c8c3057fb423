// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/check/conversation.h"

#include <utility>

namespace passpersist::tool {
namespace {

PassPersistClient::Options Options(SetEnding ending, absl::Duration limit) {
  PassPersistClient::Options options;
  options.limit = limit;
  options.set_ending = ending;
  return options;
}

}  // namespace

Conversation::Conversation(std::unique_ptr<ChildProgram> program,
                           absl::Duration limit)
    : program_(std::move(program)),
      trace_(&program_->transport()),
      client_(&trace_, Options(SetEnding::kTwoNewlines593, limit)) {}

void Conversation::Configure(SetEnding ending, absl::Duration limit) {
  client_.set_options(Options(ending, limit));
}

void Conversation::CloseInput() {
  early_standard_error_ = program_->standard_error();
  input_closed_ = true;
  program_->CloseInput();
}

std::string Conversation::standard_error() const {
  return input_closed_ ? early_standard_error_ : program_->standard_error();
}

}  // namespace passpersist::tool
