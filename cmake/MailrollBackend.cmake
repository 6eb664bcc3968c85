# Backends as plugins: files libmailroll_<name>.so that libmailroll finds by the scheme <name>://. Also installed, for those
# who write backends of their own (find_package(mailroll) has this function).
#
#   mailroll_add_backend(NAME sqlite
#     SOURCES sqlite_store.cpp ...
#     LIBRARIES SOCI::SQLite3 SQLite::SQLite3)
#
# makes the target mailroll_<name>, linked to mailroll::mailroll and to the libraries. Nothing of it is seen from outside but
# the entry points (mailroll/store/backend.hpp), and it does not link where it uses what libmailroll does not export.
#
# The cache variable MAILROLL_BACKEND_<NAME> says whether: AUTO (default) where every imported target of LIBRARIES (those with
# "::" in their name) is there, and else it says what is missing; ON: an error where one is missing; OFF: not at all.
function(mailroll_add_backend)
  cmake_parse_arguments(PARSE_ARGV 0 backend "" "NAME" "SOURCES;LIBRARIES")
  if(NOT backend_NAME MATCHES "^[a-z0-9][a-z0-9_+-]*$" OR NOT backend_SOURCES OR backend_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "mailroll_add_backend(NAME scheme SOURCES file... [LIBRARIES library...])")
  endif()
  string(TOUPPER "MAILROLL_BACKEND_${backend_NAME}" wanted)
  set(${wanted} AUTO CACHE STRING "Build the backend for ${backend_NAME}:// (AUTO: where its libraries are there)")
  set_property(CACHE ${wanted} PROPERTY STRINGS AUTO ON OFF)

  set(missing "")
  foreach(library IN LISTS backend_LIBRARIES)
    if(library MATCHES "::" AND NOT TARGET "${library}")
      list(APPEND missing "${library}")
    endif()
  endforeach()
  if(${wanted} STREQUAL "AUTO")
    if(missing)
      message(STATUS "mailroll: no backend for ${backend_NAME}://, since there is no ${missing}")
      return()
    endif()
  elseif(NOT ${wanted})
    return()
  elseif(missing)
    message(FATAL_ERROR "${wanted} is on, and there is no ${missing}")
  endif()

  set(target mailroll_${backend_NAME})
  add_library(${target} MODULE ${backend_SOURCES})
  set_target_properties(${target} PROPERTIES
    PREFIX lib SUFFIX .so OUTPUT_NAME mailroll_${backend_NAME} NO_SONAME ON
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_link_libraries(${target} PRIVATE mailroll::mailroll ${backend_LIBRARIES})
  # A sanitizer's own functions are the program's, and undefined here.
  get_directory_property(options COMPILE_OPTIONS)
  if(NOT "${options} ${CMAKE_CXX_FLAGS}" MATCHES "-fsanitize")
    target_link_options(${target} PRIVATE LINKER:--no-undefined)
  endif()
  set_property(GLOBAL APPEND PROPERTY MAILROLL_BACKENDS ${target})
endfunction()
