// SPDX-License-Identifier: Apache-2.0

#include "tools/transcript/testing/transcript_player.h"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/agent.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/testing/fake_transport.h"
#include "passpersist/testing/manual_scheduler.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/transport.h"
#include "passpersist/value.h"
#include "store/btree_store.h"
#include "transport/pass_persist/pass_persist_codec.h"

namespace passpersist_testing {

using passpersist::Agent;
using passpersist::AgentBuilder;
using passpersist::BtreeStore;
using passpersist::Contents;
using passpersist::Oid;
using passpersist::PassPersistCodec;
using passpersist::Transport;
using passpersist::Value;
using passpersist::tool::Transcript;
using Event = Transcript::Event;
using Instance = Transcript::Instance;

namespace {

constexpr absl::Duration kPeriod = absl::Hours(1);

// The contents of the agent, and the events of the transcript and of the agent.
class PlayState {
 public:
  explicit PlayState(const Transcript& transcript)
      : events_(transcript.events) {
    for (const Oid& root : transcript.subtrees) instances_[root];
    for (const Instance& instance : transcript.instances) Change(instance);
  }

  // Called before each Read(). Runs the updates before the next event of snmpd.
  void RunUpdates() {
    for (; next_ < events_.size(); ++next_) {
      const Event& event = events_[next_];
      if (event.kind == Event::kSays || event.kind == Event::kSilence) break;
      if (event.kind != Event::kUpdate) continue;
      log_.push_back(event);
      for (const Instance& instance : event.instances) Change(instance);
      scheduler_->Advance(kPeriod);
    }
    ++next_;
  }

  void Log(Event::Kind kind, absl::string_view text) {
    log_.push_back({kind, std::string(text), {}});
  }
  std::vector<Event> TakeLog() { return std::move(log_); }

  // Fills `contents` in an update of the subtree `root`.
  void Fill(const Oid& root, Contents* contents) const {
    for (const auto& [suffix, instance] : instances_.at(root)) {
      if (instance.state == Instance::kFails) {
        contents->PutComputed(
            suffix,
            [] { return absl::UnavailableError("it can't be computed"); },
            instance.label);
      } else {
        contents->Put(suffix, instance.value, instance.label);
      }
    }
  }

  std::unique_ptr<ManualScheduler> MakeScheduler() {
    auto scheduler = std::make_unique<ManualScheduler>();
    scheduler_ = scheduler.get();
    return scheduler;
  }

 private:
  void Change(const Instance& instance) {
    auto& subtree = instances_[instance.subtree];
    if (instance.state == Instance::kGone) {
      subtree.erase(instance.suffix);
    } else {
      subtree[instance.suffix] = instance;
    }
  }

  const std::vector<Event>& events_;
  size_t next_ = 0;  // in events_
  std::map<Oid, std::map<Oid, Instance>> instances_;
  std::vector<Event> log_;
  ManualScheduler* scheduler_ = nullptr;
};

// A FakeTransport that logs its reads and writes.
class LoggingTransport : public Transport {
 public:
  LoggingTransport(std::vector<std::string> reads, PlayState* state,
                   SimulatedClock* clock)
      : inner_(std::move(reads), &writes_), state_(*state), clock_(*clock) {}

  absl::StatusOr<size_t> Read(std::string* buffer,
                              absl::Duration timeout) override {
    state_.RunUpdates();
    // A pause after which the next request reads what is the newest then.
    clock_.Advance(absl::Milliseconds(20));
    const size_t before = buffer->size();
    const absl::StatusOr<size_t> count = inner_.Read(buffer, timeout);
    if (count.ok() && *count > 0) {
      state_.Log(Event::kSays, absl::string_view(*buffer).substr(before));
    } else if (absl::IsDeadlineExceeded(count.status())) {
      state_.Log(Event::kSilence, "");
    }
    return count;
  }

  absl::Status Write(absl::string_view bytes) override {
    state_.Log(Event::kReplies, bytes);
    return inner_.Write(bytes);
  }

  void Shutdown() override { inner_.Shutdown(); }

 private:
  std::vector<std::string> writes_;
  FakeTransport inner_;
  PlayState& state_;
  SimulatedClock& clock_;
};

std::vector<std::string> Reads(const Transcript& transcript) {
  std::vector<std::string> reads;
  for (const Event& event : transcript.events) {
    if (event.kind == Event::kSays) reads.push_back(event.text);
    if (event.kind == Event::kSilence) reads.emplace_back();
  }
  return reads;
}

absl::Status Run(const Transcript& transcript, PlayState* state) {
  PassPersistCodec::Options options;
  options.early_pong = transcript.early_pong;
  const auto clock = std::make_shared<SimulatedClock>();
  AgentBuilder builder;
  builder.SetClock(clock)
      .SetTransport(std::make_unique<LoggingTransport>(Reads(transcript), state,
                                                       clock.get()))
      .SetCodec(std::make_unique<PassPersistCodec>(options))
      .SetStoreFactory(BtreeStore::Factory())
      .SetScheduler(state->MakeScheduler())
      .OnError([state](const absl::Status& error) {
        state->Log(Event::kReports, error.message());
      });
  for (const Oid& root : transcript.subtrees) {
    builder.AddSubtree(root, kPeriod, [state, root](Contents& contents) {
      state->Fill(root, &contents);
      return absl::OkStatus();
    });
  }
  for (const auto& [root, status] : transcript.setters) {
    builder.AddSetter(root, passpersist::MakeSetter(
                                [answer = status](const Oid&, const Value&) {
                                  return answer;
                                },
                                {/*allow_create=*/true}));
  }
  const absl::StatusOr<std::unique_ptr<Agent>> agent = builder.Build();
  return agent.ok() ? (*agent)->Run() : agent.status();
}

}  // namespace

std::vector<Event> Play(const Transcript& transcript) {
  PlayState state(transcript);
  const absl::Status status = Run(transcript, &state);
  if (!status.ok()) state.Log(Event::kReports, status.ToString());
  return state.TakeLog();
}

}  // namespace passpersist_testing
