#include "store/packed_values.h"

#include <cstring>
#include <new>

namespace passpersist::internal {

struct PackedValues::Plan {
  explicit Plan(absl::Span<const PackedValue> values);
  // Of numbers of one type.
  Plan(ValueTag tag, size_t count)
      : count(count),
        form(NumberSize(tag) == 4 ? Form::k4Bytes : Form::k8Bytes),
        tag(tag),
        total(count * NumberSize(tag)) {}

  size_t Size() const {
    const size_t strings = PackedStrings::Size(count, total);
    switch (form) {
      case Form::k4Bytes:
      case Form::k8Bytes:
        return sizeof(PackedValues) + total;
      case Form::kStrings:
        return sizeof(PackedValues) + strings;
      case Form::kSeveralTypes:
        break;
    }
    return sizeof(PackedValues) + count + strings;
  }

  size_t count;
  Form form = Form::kSeveralTypes;
  ValueTag tag = ValueTag::kInteger32;
  size_t total = 0;  // bytes of all values
};

PackedValues::Plan::Plan(absl::Span<const PackedValue> values)
    : count(values.size()) {
  if (values.empty()) return;
  tag = values[0].tag;
  bool same = true;
  for (const PackedValue& value : values) {
    same = same && value.tag == tag;
    total += NumberSize(value.tag) + value.bytes.size();
  }
  if (!same) return;
  switch (NumberSize(tag)) {
    case 4:
      form = Form::k4Bytes;
      break;
    case 8:
      form = Form::k8Bytes;
      break;
    default:
      form = Form::kStrings;
  }
}

size_t PackedValues::Size(absl::Span<const PackedValue> values) {
  return Plan(values).Size();
}

size_t PackedValues::SizeOfNumbers(ValueTag tag, size_t count) {
  return Plan(tag, count).Size();
}

PackedValues::PackedValues(const Plan& plan)
    : form_(plan.form),
      tag_(plan.tag),
      count_(static_cast<uint8_t>(plan.count)),
      end_width_(PackedStrings::EndWidth(plan.total)) {}

const PackedValues* PackedValues::Write(absl::Span<const PackedValue> values,
                                        char* memory) {
  const Plan plan(values);
  const auto* const block = new (memory) PackedValues(plan);
  char* out = memory + sizeof(PackedValues);
  switch (plan.form) {
    case Form::k4Bytes:
      for (const PackedValue& value : values) {
        out = StoreAs(static_cast<uint32_t>(value.number), out);
      }
      return block;
    case Form::k8Bytes:
      for (const PackedValue& value : values) out = StoreAs(value.number, out);
      return block;
    case Form::kStrings:
      break;
    case Form::kSeveralTypes:
      for (const PackedValue& value : values) out = StoreAs(value.tag, out);
  }
  PackedStringsWriter strings(plan.count, plan.total, out);
  for (const PackedValue& value : values) {
    char number[sizeof value.number];
    switch (NumberSize(value.tag)) {
      case 4:
        StoreAs(static_cast<uint32_t>(value.number), number);
        strings.Add({number, 4});
        break;
      case 8:
        StoreAs(value.number, number);
        strings.Add({number, 8});
        break;
      default:
        strings.Add(value.bytes);
    }
  }
  return block;
}

const PackedValues* PackedValues::WriteNumbers(ValueTag tag,
                                               const char* numbers,
                                               size_t count, char* memory) {
  const Plan plan(tag, count);
  std::memcpy(memory + sizeof(PackedValues), numbers, plan.total);
  return new (memory) PackedValues(plan);
}

PackedValue PackedValues::Get(size_t i) const {
  switch (form_) {
    case Form::k4Bytes:
      return {tag_, LoadAs<uint32_t>(data() + 4 * i), {}};
    case Form::k8Bytes:
      return {tag_, LoadAs<uint64_t>(data() + 8 * i), {}};
    case Form::kStrings:
      return {tag_, 0, PackedStrings(data(), count_, end_width_)[i]};
    case Form::kSeveralTypes:
      break;
  }
  const auto tag = LoadAs<ValueTag>(data() + i);
  const absl::string_view bytes =
      PackedStrings(data() + count_, count_, end_width_)[i];
  switch (NumberSize(tag)) {
    case 4:
      return {tag, LoadAs<uint32_t>(bytes.data()), {}};
    case 8:
      return {tag, LoadAs<uint64_t>(bytes.data()), {}};
    default:
      return {tag, 0, bytes};
  }
}

template <typename F>
void PackedValues::ForEachBox(F f) const {
  const bool several = form_ == Form::kSeveralTypes;
  if (!several && tag_ != ValueTag::kBox) return;
  for (size_t i = 0; i < count_; ++i) {
    if (several && LoadAs<ValueTag>(data() + i) != ValueTag::kBox) continue;
    f(*Get(i).box());
  }
}

void PackedValues::RefBoxes() const {
  ForEachBox([](const ValueBox& box) { box.Ref(); });
}

void PackedValues::UnrefBoxes() const {
  ForEachBox([](const ValueBox& box) { box.Unref(); });
}

size_t PackedValues::BoxMemory() const {
  size_t memory = 0;
  ForEachBox([&](const ValueBox& box) { memory += box.memory(); });
  return memory;
}

void PackedValues::SetNumber(size_t i, uint64_t number) {
  if (form_ == Form::k4Bytes) {
    StoreAs(static_cast<uint32_t>(number), data() + 4 * i);
  } else {
    StoreAs(number, data() + 8 * i);
  }
}

}  // namespace passpersist::internal
