# Libraries of the system. All are packages of Debian 12 and Ubuntu 24.04; scripts/packages.txt names them.

# The system's Python first: it sees the packages of the system (jsonschema).
find_program(REDOUBT_PYTHON python3 HINTS /usr/bin NO_CMAKE_ENVIRONMENT_PATH REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc)
find_package(OpenSSL REQUIRED COMPONENTS Crypto SSL)
find_package(ZLIB REQUIRED)
find_package(LibArchive REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLite3 3.37 REQUIRED)
# Headers alone: Beast and Asio.
find_package(Boost 1.81 REQUIRED)

# redoubt_system_library(target header library): an imported target for a library without a CMake package.
function(redoubt_system_library target header library)
  find_path(REDOUBT_${library}_INCLUDE "${header}" REQUIRED)
  find_library(REDOUBT_${library}_LIBRARY "${library}" REQUIRED)
  add_library(${target} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES
    IMPORTED_LOCATION "${REDOUBT_${library}_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${REDOUBT_${library}_INCLUDE}")
endfunction()

redoubt_system_library(yaml::yaml yaml.h yaml)
redoubt_system_library(re2::re2 re2/re2.h re2)
redoubt_system_library(maxminddb::maxminddb maxminddb.h maxminddb)

# Only `kql shell` edits lines; without it the shell reads them plainly.
find_library(REDOUBT_edit_LIBRARY edit)
