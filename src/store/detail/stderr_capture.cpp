#include "store/detail/stderr_capture.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>

namespace redoubt::store::detail {

namespace {

constexpr std::size_t kMost = 4'096;

}  // namespace

StderrCapture::StderrCapture() {
  std::fflush(stderr);
  kept_ = dup(STDERR_FILENO);
  caught_ = memfd_create("redoubt-stderr", MFD_CLOEXEC);
  if (kept_ >= 0 && caught_ >= 0) dup2(caught_, STDERR_FILENO);
}

StderrCapture::~StderrCapture() {
  std::fflush(stderr);
  if (kept_ >= 0 && caught_ >= 0) dup2(kept_, STDERR_FILENO);
  if (kept_ >= 0) close(kept_);
  if (caught_ >= 0) close(caught_);
}

std::string StderrCapture::text() const {
  std::fflush(stderr);
  std::string out(kMost, '\0');
  const ssize_t size = caught_ < 0 ? 0 : pread(caught_, out.data(), out.size(), 0);
  out.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return out;
}

}  // namespace redoubt::store::detail
