#include "store/detail/arrow_export.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "store/detail/engine_error.h"

namespace redoubt::store::detail {

namespace {

constexpr std::size_t kBitsOfByte = 8;

/// In the order of CellType. Source: "Data type description" of the C data interface.
constexpr const char* kFormats[] = {"b", "i", "l", "g", "Z"};
constexpr const char* kTableFormat = "+s";

struct SchemaOwner {
  std::vector<std::string> names;
  std::vector<ArrowSchema> columns;
  std::vector<ArrowSchema*> children;
};

/// What an exported block keeps alive.
struct BlockOwner {
  struct ColumnBuffers {
    std::vector<std::uint8_t> valid;  // a bit for each cell, 1 = not null
    std::vector<std::uint8_t> bits;   // of Bool
    std::array<const void*, 3> buffers{};
  };

  Block block;
  std::vector<ColumnBuffers> buffers;
  std::vector<ArrowArray> columns;
  std::vector<ArrowArray*> children;
  std::array<const void*, 1> no_nulls{};
};

// A child may be moved away and outlive its parent, so each has a share in what they stand in.

template <class T, class Owner>
void share(T& out, const std::shared_ptr<Owner>& owner) {
  out.private_data = new std::shared_ptr<Owner>(owner);
  out.release = [](T* self) {
    const std::unique_ptr<std::shared_ptr<Owner>> own(
        static_cast<std::shared_ptr<Owner>*>(self->private_data));
    self->release = nullptr;
    if (self->children == nullptr) return;
    for (T* child : (*own)->children)
      if (child->release != nullptr) child->release(child);
  };
}

/// One bit a byte, lowest first.
std::vector<std::uint8_t> pack(std::span<const std::uint8_t> bytes, bool inverted) {
  std::vector<std::uint8_t> out((bytes.size() + kBitsOfByte - 1) / kBitsOfByte);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if ((bytes[i] != 0) != inverted)
      out[i / kBitsOfByte] = static_cast<std::uint8_t>(out[i / kBitsOfByte] | (1U << (i % kBitsOfByte)));
  return out;
}

void export_column(const Column& column, BlockOwner::ColumnBuffers& own, ArrowArray& out) {
  out = ArrowArray{};
  out.length = static_cast<std::int64_t>(column.rows());
  out.null_count = std::ranges::count_if(column.nulls, [](std::uint8_t null) { return null != 0; });
  if (out.null_count != 0) {
    own.valid = pack(column.nulls, true);
    own.buffers[0] = own.valid.data();
  }
  out.n_buffers = 2;
  if (const auto* strings = std::get_if<Strings>(&column.cells)) {
    own.buffers[1] = strings->offsets().data();
    own.buffers[2] = strings->bytes().data();
    out.n_buffers = 3;
  } else if (const auto* bools = std::get_if<Bools>(&column.cells)) {
    own.bits = pack(*bools, false);
    own.buffers[1] = own.bits.data();
  } else {
    own.buffers[1] = std::visit(
        [](const auto& cells) -> const void* {
          if constexpr (requires { cells.data(); }) return cells.data();
          return nullptr;
        },
        column.cells);
  }
  out.buffers = own.buffers.data();
}

}  // namespace

void export_schema(std::span<const ColumnShape> columns, ArrowSchema& out) {
  const auto owner = std::make_shared<SchemaOwner>();
  owner->columns.resize(columns.size());
  owner->names.reserve(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    ArrowSchema& column = owner->columns[i];
    column.format = kFormats[static_cast<std::size_t>(columns[i].type)];
    column.name = owner->names.emplace_back(columns[i].name).c_str();
    column.flags = columns[i].nullable ? kArrowNullable : 0;
    owner->children.push_back(&column);
    share(column, owner);
  }
  out = ArrowSchema{};
  out.format = kTableFormat;
  out.name = "";
  out.n_children = static_cast<std::int64_t>(columns.size());
  out.children = owner->children.data();
  share(out, owner);
}

void export_block(Block block, ArrowArray& out) {
  const auto owner = std::make_shared<BlockOwner>();
  owner->block = std::move(block);
  const std::size_t columns = owner->block.columns.size();
  owner->buffers.resize(columns);
  owner->columns.resize(columns);
  for (std::size_t i = 0; i < columns; ++i) {
    export_column(owner->block.columns[i], owner->buffers[i], owner->columns[i]);
    owner->children.push_back(&owner->columns[i]);
    share(owner->columns[i], owner);
  }
  out = ArrowArray{};
  out.length = static_cast<std::int64_t>(owner->block.rows());
  out.n_buffers = 1;
  out.buffers = owner->no_nulls.data();
  out.n_children = static_cast<std::int64_t>(columns);
  out.children = owner->children.data();
  share(out, owner);
}

ArrowInput::ArrowInput(std::span<const ColumnShape> columns, const BlockSource& blocks, std::stop_token stop)
    : columns_(columns), blocks_(blocks), stop_(std::move(stop)) {
  stream_.private_data = this;
  stream_.get_schema = [](ArrowArrayStream* stream, ArrowSchema* out) {
    export_schema(static_cast<ArrowInput*>(stream->private_data)->columns_, *out);
    return 0;
  };
  stream_.get_next = [](ArrowArrayStream* stream, ArrowArray* out) {
    return static_cast<ArrowInput*>(stream->private_data)->next(*out);
  };
  stream_.get_last_error = [](ArrowArrayStream*) -> const char* { return "the input failed"; };
  stream_.release = [](ArrowArrayStream* stream) { stream->release = nullptr; };
}

/// Nothing is thrown through the receiver, which is C to us.
int ArrowInput::next(ArrowArray& out) {
  const std::lock_guard lock(mutex_);
  out = ArrowArray{};
  if (!failure_ && !ended_) try {
      Result<void> done = give(out);
      if (!done) failure_ = std::move(done).error();
    } catch (const std::bad_alloc&) {
      failure_ = out_of_memory();
    } catch (const std::exception& error) {
      failure_ =
          Error{Error::Kind::Usage, "STO0015", std::string("an input failed: ") + error.what(), {}, {}};
    }
  return failure_ ? EIO : 0;
}

Result<void> ArrowInput::give(ArrowArray& out) {
  if (stop_.stop_requested()) return stopped();
  std::optional<Block> block = RD_TRY(blocks_());
  ended_ = !block;
  if (ended_) return {};
  RD_TRY(check_block(*block, columns_));
  export_block(*std::move(block), out);
  return {};
}

}  // namespace redoubt::store::detail
