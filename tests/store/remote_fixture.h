#pragma once

#include <fstream>
#include <memory>
#include <string>

#include "engine_fixture.h"
#include "front.h"
#include "store/remote.h"

namespace redoubt::store {

/// A server in this process, and clients of it.
class RemoteTest : public EngineTest {
 protected:
  std::unique_ptr<front::ClickHouseFront> serve(const front::FrontOptions& options = {}) {
    Result<std::unique_ptr<front::ClickHouseFront>> front = front::ClickHouseFront::open(options);
    if (front) return *std::move(front);
    ADD_FAILURE() << front.error().text();
    return nullptr;
  }

  static RemoteOptions options_of(const front::ClickHouseFront& front) {
    RemoteOptions out = *remote_options(front.url());
    out.pause = std::chrono::milliseconds(1);
    return out;
  }

  std::unique_ptr<RemoteEngine> connect(const RemoteOptions& options) {
    Result<std::unique_ptr<RemoteEngine>> engine = RemoteEngine::open(options);
    if (engine) return *std::move(engine);
    ADD_FAILURE() << engine.error().text();
    return nullptr;
  }
  std::unique_ptr<RemoteEngine> connect(const front::ClickHouseFront& front) {
    return connect(options_of(front));
  }
};

/// One block as an input.
inline BlockSource once(Block block) {
  return [block = std::optional<Block>(std::move(block))]() mutable -> Result<std::optional<Block>> {
    return std::exchange(block, std::nullopt);
  };
}

}  // namespace redoubt::store
