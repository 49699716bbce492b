# The modules of src/: one static library each.

# The module names of src/layers.txt, lowest first.
function(redoubt_read_layers out)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/layers.txt")
  file(STRINGS "${CMAKE_SOURCE_DIR}/src/layers.txt" lines REGEX "^[a-z]")
  string(REPLACE " " ";" modules "${lines}")
  set(${out} "${modules}" PARENT_SCOPE)
endfunction()

# redoubt_module(NAME [DEPENDS module...] [LIBRARIES target...])
#
# Makes the library redoubt_NAME of all *.cpp of the folder and of the folders in it. DEPENDS names lower modules,
# LIBRARIES are targets of cmake/RedoubtDependencies.cmake that only this module's .cpp files include.
# A folder that has only headers so far is fine.
function(redoubt_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPENDS;LIBRARIES")
  file(GLOB sources CONFIGURE_DEPENDS *.cpp */*.cpp)
  file(GLOB headers CONFIGURE_DEPENDS *.h)
  list(TRANSFORM arg_DEPENDS PREPEND redoubt_)
  set(target redoubt_${name})
  if(sources)
    add_library(${target} STATIC ${sources})
    target_link_libraries(${target} PUBLIC ${arg_DEPENDS} PRIVATE ${arg_LIBRARIES})
    set(scope PUBLIC)
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${arg_DEPENDS})
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} "${CMAKE_SOURCE_DIR}/src")
  if(headers)
    target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS "${CMAKE_SOURCE_DIR}/src" FILES ${headers})
  endif()
endfunction()
