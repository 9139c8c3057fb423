// SPDX-License-Identifier: Apache-2.0

#include "store/block/packed_values.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

namespace passpersist::store_internal {
namespace {

constexpr size_t kMaxCount = 255;

// The bytes of a value that is stored as a string. `number` holds the bytes of
// a number.
absl::string_view BytesOf(const internal::PackedValue& value,
                          char (&number)[sizeof value.number]) {
  const size_t size = internal::NumberSize(value.tag);
  if (size == 0) return value.bytes;
  if (size == 4) {
    StoreAs(static_cast<uint32_t>(value.number), number);
  } else {
    StoreAs(value.number, number);
  }
  return {number, size};
}

size_t SizeOf(const internal::PackedValue& value) {
  return internal::NumberSize(value.tag) + value.bytes.size();
}

}  // namespace

PackedValues::Layout::Layout(internal::ValueTag tag, size_t count)
    : count_(count),
      form_(internal::NumberSize(tag) == 4 ? Form::k4Bytes : Form::k8Bytes),
      tag_(tag),
      numbers_(count * internal::NumberSize(tag)) {}

// The form of numbers is chosen only if all values have the same type: a page
// that mixes types is rare, and one form for it keeps Get() short.
PackedValues::Layout::Layout(absl::Span<const internal::PackedValue> values)
    : count_(values.size()), form_(Form::kSeveralTypes) {
  if (!values.empty()) {
    const internal::ValueTag tag = values[0].tag;
    const bool same = std::all_of(
        values.begin(), values.end(),
        [&](const internal::PackedValue& value) { return value.tag == tag; });
    if (same && internal::NumberSize(tag) > 0) {
      *this = Layout(tag, values.size());
      return;
    }
    if (same) form_ = Form::kStrings;
    tag_ = tag;
  }
  strings_ = PackedStringsForm(values.size(),
                               [&](size_t i) { return SizeOf(values[i]); });
}

PackedValues::Layout::Layout(internal::ValueTag tag,
                             const internal::StringRun& strings)
    : count_(strings.size()),
      form_(Form::kStrings),
      tag_(tag),
      strings_(strings.size(), [&](size_t i) { return strings.SizeOf(i); }) {}

PackedValues::Layout::Layout(const PackedValues& old, NewValues changes)
    : count_(old.count_), form_(old.form_), tag_(old.tag_) {
  if (form_ == Form::k4Bytes || form_ == Form::k8Bytes) {
    numbers_ = count_ * internal::NumberSize(tag_);
    return;
  }
  // The sizes only: the strings themselves are copied once, by WriteWith().
  const PackedStrings strings = old.Strings();
  std::array<size_t, kMaxCount> sizes;
  for (size_t i = 0; i < count_; ++i) sizes[i] = strings[i].size();
  for (const NewValue& c : changes) sizes[c.place] = SizeOf(c.value);
  strings_ = PackedStringsForm(count_, [&](size_t i) { return sizes[i]; });
}

size_t PackedValues::Layout::Size() const {
  switch (form_) {
    case Form::k4Bytes:
    case Form::k8Bytes:
      return sizeof(PackedValues) + numbers_;
    case Form::kStrings:
      return sizeof(PackedValues) + strings_.Size();
    case Form::kSeveralTypes:
      break;
  }
  return sizeof(PackedValues) + count_ + strings_.Size();
}

PackedValues::PackedValues(const Layout& layout)
    : form_(layout.form_),
      tag_(layout.tag_),
      count_(static_cast<uint8_t>(layout.count_)) {}

const PackedValues* PackedValues::Write(
    const Layout& layout, absl::Span<const internal::PackedValue> values,
    char* memory) {
  const auto* const block = new (memory) PackedValues(layout);
  char* out = memory + sizeof(PackedValues);
  if (layout.form_ == Form::k4Bytes) {
    for (const internal::PackedValue& value : values) {
      out = StoreAs(static_cast<uint32_t>(value.number), out);
    }
  } else if (layout.form_ == Form::k8Bytes) {
    for (const internal::PackedValue& value : values) {
      out = StoreAs(value.number, out);
    }
  } else {
    if (layout.form_ == Form::kSeveralTypes) {
      for (const internal::PackedValue& value : values) {
        out = StoreAs(value.tag, out);
      }
    }
    PackedStringsWriter strings(layout.strings_, out);
    for (const internal::PackedValue& value : values) {
      char number[sizeof value.number];
      strings.Add(BytesOf(value, number));
    }
  }
  block->RefSharedValues();
  return block;
}

void PackedValues::WriteStrings(const Layout& layout,
                                const internal::StringRun& strings,
                                char* memory) {
  new (memory) PackedValues(layout);
  PackedStringsWriter(layout.strings_, memory + sizeof(PackedValues))
      .AddAll(strings);
}

const PackedValues* PackedValues::WriteWith(const Layout& layout,
                                            NewValues changes,
                                            char* memory) const {
  const auto* const block = new (memory) PackedValues(layout);
  char* out = memory + sizeof(PackedValues);
  if (form_ == Form::k4Bytes) {
    std::memcpy(out, data(), layout.numbers_);
    for (const auto& [place, value] : changes) {
      StoreAs(static_cast<uint32_t>(value.number), out + 4 * place);
    }
  } else if (form_ == Form::k8Bytes) {
    std::memcpy(out, data(), layout.numbers_);
    for (const auto& [place, value] : changes) {
      StoreAs(value.number, out + 8 * place);
    }
  } else {
    if (form_ == Form::kSeveralTypes) {
      std::memcpy(out, data(), count_);
      for (const auto& [place, value] : changes) {
        StoreAs(value.tag, out + place);
      }
      out += count_;
    }
    // Strings between two changes are copied at once.
    PackedStringsWriter strings(layout.strings_, out);
    size_t next = 0;
    for (const auto& [place, value] : changes) {
      strings.AddAll(Strings(), next, place);
      char number[sizeof value.number];
      strings.Add(BytesOf(value, number));
      next = place + 1;
    }
    strings.AddAll(Strings(), next, count_);
  }
  // Also to the old values that are kept: the old block keeps its references.
  block->RefSharedValues();
  return block;
}

bool PackedValues::KeepsFormWith(NewValues changes) const {
  if (form_ != Form::kSeveralTypes) {
    return std::all_of(
        changes.begin(), changes.end(),
        [&](const NewValue& change) { return change.value.tag == tag_; });
  }
  // If the new values leave a single type, a smaller form is possible.
  std::array<char, kMaxCount> tags;
  std::memcpy(tags.data(), data(), count_);
  for (const NewValue& c : changes) StoreAs(c.value.tag, &tags[c.place]);
  return std::any_of(tags.begin(), tags.begin() + count_,
                     [&](char tag) { return tag != tags[0]; });
}

size_t PackedValues::SizeOfNumbers(internal::ValueTag tag, size_t count) {
  return Layout(tag, count).Size();
}

const PackedValues* PackedValues::WriteNumbers(internal::ValueTag tag,
                                               const char* numbers,
                                               size_t count, char* memory) {
  const Layout layout(tag, count);
  std::memcpy(memory + sizeof(PackedValues), numbers, layout.numbers_);
  return new (memory) PackedValues(layout);
}

// Out of line: numbers of one type, which most pages hold, are read by Get()
// itself.
internal::PackedValue PackedValues::GetString(size_t i) const {
  if (form_ == Form::kStrings) return {tag_, 0, Strings()[i]};
  const auto tag = LoadAs<internal::ValueTag>(data() + i);
  const absl::string_view bytes = Strings()[i];
  switch (internal::NumberSize(tag)) {
    case 4:
      return {tag, LoadAs<uint32_t>(bytes.data()), {}};
    case 8:
      return {tag, LoadAs<uint64_t>(bytes.data()), {}};
    default:
      return {tag, 0, bytes};
  }
}

// Costs a comparison for a page of one type, and reads the tags of a page of
// several types, which are rare.
template <typename F>
void PackedValues::ForEachSharedValue(F f) const {
  const bool several = form_ == Form::kSeveralTypes;
  if (!several && tag_ != internal::ValueTag::kOutOfLine) return;
  for (size_t i = 0; i < count_; ++i) {
    if (several && LoadAs<internal::ValueTag>(data() + i) !=
                       internal::ValueTag::kOutOfLine)
      continue;
    f(Get(i).shared_value());
  }
}

void PackedValues::RefSharedValues() const {
  ForEachSharedValue([](const internal::SharedValue* shared) {
    static_cast<void>(internal::SharedValueRef(shared).Release());
  });
}

PackedValues::~PackedValues() {
  ForEachSharedValue(&internal::SharedValueRef::Adopt);
}

size_t PackedValues::SharedMemory() const {
  size_t memory = 0;
  ForEachSharedValue(
      [&](const internal::SharedValue* shared) { memory += shared->memory(); });
  return memory;
}

}  // namespace passpersist::store_internal
