// SPDX-License-Identifier: Apache-2.0

#include "tools/transcript/transcript_player.h"

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
#include "passpersist/transport.h"
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
using passpersist::VarBind;
using Event = Transcript::Event;
using Instance = Transcript::Instance;

namespace {

constexpr absl::Duration kPeriod = absl::Hours(1);

// What the agent holds and what happens to it.
class Stage {
 public:
  explicit Stage(const Transcript& transcript) : script_(transcript.events) {
    for (const Oid& root : transcript.subtrees) instances_[root];
    for (const Instance& instance : transcript.instances) Change(instance);
  }

  // Before each Read(): lets updates happen that are due by then.
  void AwaitSpeech() {
    for (; next_ < script_.size(); ++next_) {
      const Event& event = script_[next_];
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

  // For an update of the subtree `root`.
  void Fill(const Oid& root, Contents* contents) const {
    for (const auto& [suffix, instance] : instances_.at(root)) {
      if (instance.state == Instance::kFails) {
        contents->PutComputed(
            suffix, [] { return absl::UnavailableError("it can't be had"); },
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

  const std::vector<Event>& script_;
  size_t next_ = 0;  // in script_
  std::map<Oid, std::map<Oid, Instance>> instances_;
  std::vector<Event> log_;
  ManualScheduler* scheduler_ = nullptr;
};

// Tells the stage of what goes through a FakeTransport.
class StageTransport : public Transport {
 public:
  StageTransport(std::vector<std::string> reads, Stage* stage)
      : inner_(std::move(reads), &writes_), stage_(*stage) {}

  absl::StatusOr<size_t> Read(std::string* buffer,
                              absl::Duration timeout) override {
    stage_.AwaitSpeech();
    const size_t before = buffer->size();
    const absl::StatusOr<size_t> count = inner_.Read(buffer, timeout);
    if (count.ok() && *count > 0) {
      stage_.Log(Event::kSays, absl::string_view(*buffer).substr(before));
    } else if (absl::IsDeadlineExceeded(count.status())) {
      stage_.Log(Event::kSilence, "");
    }
    return count;
  }

  absl::Status Write(absl::string_view bytes) override {
    stage_.Log(Event::kReplies, bytes);
    return inner_.Write(bytes);
  }

  void Shutdown() override { inner_.Shutdown(); }

 private:
  std::vector<std::string> writes_;
  FakeTransport inner_;
  Stage& stage_;
};

std::vector<std::string> Reads(const Transcript& transcript) {
  std::vector<std::string> reads;
  for (const Event& event : transcript.events) {
    if (event.kind == Event::kSays) reads.push_back(event.text);
    if (event.kind == Event::kSilence) reads.emplace_back();
  }
  return reads;
}

absl::Status Run(const Transcript& transcript, Stage* stage) {
  AgentBuilder builder;
  builder
      .SetTransport(std::make_unique<StageTransport>(Reads(transcript), stage))
      .SetCodec(std::make_unique<PassPersistCodec>())
      .SetStoreFactory(BtreeStore::Factory())
      .SetScheduler(stage->MakeScheduler())
      .OnError([stage](const absl::Status& error) {
        stage->Log(Event::kReports, error.message());
      });
  for (const Oid& root : transcript.subtrees) {
    builder.AddSubtree(root, kPeriod, [stage, root](Contents& contents) {
      stage->Fill(root, &contents);
      return absl::OkStatus();
    });
  }
  for (const auto& [root, answer] : transcript.setters) {
    builder.AddSetter(root,
                      passpersist::MakeSetter(
                          [answer = answer](const VarBind&) { return answer; },
                          {/*allow_create=*/true}));
  }
  const absl::StatusOr<std::unique_ptr<Agent>> agent = builder.Build();
  return agent.ok() ? (*agent)->Run() : agent.status();
}

}  // namespace

std::vector<Event> Play(const Transcript& transcript) {
  Stage stage(transcript);
  const absl::Status status = Run(transcript, &stage);
  if (!status.ok()) stage.Log(Event::kReports, status.ToString());
  return stage.TakeLog();
}

}  // namespace passpersist_testing
