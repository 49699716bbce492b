#pragma once

// REDOUBT_SANITIZED: 1 where a sanitizer is built in that brings allocation functions and signal handlers of
// its own, else 0.

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define REDOUBT_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define REDOUBT_SANITIZED 1
#endif
#endif

#ifndef REDOUBT_SANITIZED
#define REDOUBT_SANITIZED 0
#endif
