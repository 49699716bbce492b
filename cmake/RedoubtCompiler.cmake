# Language level, warnings, sanitizers, and what makes rebuilds quick (ccache, mold).

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# Creates the target all_verify_interface_header_sets: every public header compiles alone.
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")

# redoubt_cxx_options(option...): for C++ only; the assembler of embedded content knows few of them.
macro(redoubt_cxx_options)
  foreach(option IN ITEMS ${ARGV})
    add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:${option}>")
  endforeach()
endmacro()

redoubt_cxx_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
# Designated initialisers leave out members on purpose.
redoubt_cxx_options(-Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Known false positives of g++ 12 under optimisation: std::string concatenation (GCC bug 105651) and
  # members of std::optional and tl::expected. The clang and sanitizer builds watch for the real ones.
  redoubt_cxx_options(-Wno-restrict -Wno-maybe-uninitialized)
else()
  # libstdc++ 12 uses std::get_temporary_buffer in std::stable_sort.
  redoubt_cxx_options(-Wno-deprecated-declarations)
endif()

# Paths in messages and debug information are relative, so that another clone finds the same ccache entries.
# The second form is what ccache makes of a path.
cmake_path(RELATIVE_PATH CMAKE_SOURCE_DIR BASE_DIRECTORY "${CMAKE_BINARY_DIR}" OUTPUT_VARIABLE relative_root)
redoubt_cxx_options("-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=" "-ffile-prefix-map=${relative_root}/=")

if(REDOUBT_SANITIZE)
  redoubt_cxx_options("-fsanitize=${REDOUBT_SANITIZE}" -fno-sanitize-recover=all -fno-omit-frame-pointer -O1)
  add_link_options("-fsanitize=${REDOUBT_SANITIZE}")
endif()
if(REDOUBT_SANITIZE MATCHES "undefined" AND NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # RapidJSON adds to a null pointer where a list is empty.
  redoubt_cxx_options(-fno-sanitize=pointer-overflow)
endif()
if(REDOUBT_FUZZ)
  redoubt_cxx_options(-fsanitize=fuzzer-no-link)
endif()

find_program(REDOUBT_CCACHE ccache)
if(REDOUBT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND};-E;env;CCACHE_BASEDIR=${CMAKE_SOURCE_DIR};CCACHE_NOHASHDIR=1;${REDOUBT_CCACHE}")
endif()

find_program(REDOUBT_MOLD mold)
if(REDOUBT_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
add_link_options(-Wl,--as-needed)
