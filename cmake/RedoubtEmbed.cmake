# Content that travels inside the binary: the assembler includes the bytes, nothing is parsed at build or start.
#
# The module declares the symbols in a header of its own:
#   extern "C" {
#   extern const char aliases_begin[];
#   extern const char aliases_end[];
#   }

# redoubt_embed(TARGET target NAME symbol FILE path): the symbols <symbol>_begin and <symbol>_end.
# A zero byte follows the content.
function(redoubt_embed)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "TARGET;NAME;FILE" "")
  get_filename_component(file "${arg_FILE}" ABSOLUTE BASE_DIR "${CMAKE_SOURCE_DIR}")
  redoubt_embed_bytes(text "${arg_NAME}" "${file}")
  redoubt_write_assembler("${arg_TARGET}" "${arg_NAME}" "${text}" "${file}")
endfunction()

# redoubt_embed_files(TARGET target NAME symbol FILES path...): an array of core/embedded.h's EmbeddedFile from
# <symbol>_begin to <symbol>_end, in the order given, each named by its path below the source root.
function(redoubt_embed_files)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "TARGET;NAME" "FILES")
  set(text "")
  set(table "  .section .data.rel.ro,\"aw\"\n  .balign 16\n")
  redoubt_embed_symbol(table "${arg_NAME}_begin")
  set(files "")
  foreach(path IN LISTS arg_FILES)
    get_filename_component(file "${path}" ABSOLUTE BASE_DIR "${CMAKE_SOURCE_DIR}")
    list(LENGTH files index)
    list(APPEND files "${file}")
    set(part "${arg_NAME}_${index}")
    redoubt_embed_bytes(text "${part}" "${file}")
    file(RELATIVE_PATH name "${CMAKE_SOURCE_DIR}" "${file}")
    string(APPEND text "${part}_name:\n  .asciz \"${name}\"\n")
    string(APPEND table "  .quad ${part}_name, ${part}_begin, ${part}_end\n")
  endforeach()
  redoubt_embed_symbol(table "${arg_NAME}_end")
  redoubt_write_assembler("${arg_TARGET}" "${arg_NAME}" "${text}${table}" "${files}")
endfunction()

function(redoubt_embed_symbol out symbol)
  set(${out} "${${out}}  .global ${symbol}\n  .hidden ${symbol}\n${symbol}:\n" PARENT_SCOPE)
endfunction()

function(redoubt_embed_bytes out symbol file)
  set(text "${${out}}  .section .rodata\n  .balign 16\n")
  redoubt_embed_symbol(text "${symbol}_begin")
  string(APPEND text "  .incbin \"${file}\"\n")
  redoubt_embed_symbol(text "${symbol}_end")
  set(${out} "${text}  .byte 0\n" PARENT_SCOPE)
endfunction()

function(redoubt_write_assembler target name text depends)
  set(assembler "${CMAKE_CURRENT_BINARY_DIR}/embed_${name}.S")
  file(CONFIGURE OUTPUT "${assembler}" CONTENT "${text}  .section .note.GNU-stack,\"\",@progbits\n" @ONLY)
  set_source_files_properties("${assembler}" PROPERTIES OBJECT_DEPENDS "${depends}")
  target_sources(${target} PRIVATE "${assembler}")
endfunction()
