#pragma once

#include <string>

#include "arm/expand.h"

namespace redoubt::arm {

/// `redoubt.resources/1`: the resources of an expansion, depth first in template order.
std::string expansion_json(const Expansion& expansion, const doc::Sources& sources, const Origins& origins);

}  // namespace redoubt::arm
