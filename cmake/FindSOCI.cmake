# Debian's SOCI ships no CMake package. Gives SOCI::Core and, of the components SQLite3, PostgreSQL and MySQL, those that are
# asked for as SOCI::<component>, each with the engine's own client, whose header SOCI's includes and whose handle it gives out.
set(soci_SQLite3_client sqlite3.h sqlite3)
set(soci_PostgreSQL_client libpq-fe.h pq)
set(soci_MySQL_client mysql.h mariadb)

find_path(SOCI_INCLUDE_DIR soci/soci.h)
find_library(SOCI_CORE_LIBRARY NAMES soci_core)
mark_as_advanced(SOCI_INCLUDE_DIR SOCI_CORE_LIBRARY)
foreach(component IN LISTS SOCI_FIND_COMPONENTS)
  list(GET soci_${component}_client 0 header)
  list(GET soci_${component}_client 1 library)
  string(TOLOWER "${component}" engine)
  find_library(SOCI_${component}_LIBRARY NAMES soci_${engine})
  find_path(SOCI_${component}_CLIENT_INCLUDE_DIR ${header} PATH_SUFFIXES mariadb mysql postgresql)
  find_library(SOCI_${component}_CLIENT_LIBRARY NAMES ${library})
  mark_as_advanced(SOCI_${component}_LIBRARY SOCI_${component}_CLIENT_INCLUDE_DIR SOCI_${component}_CLIENT_LIBRARY)
  if(SOCI_${component}_LIBRARY AND SOCI_${component}_CLIENT_INCLUDE_DIR AND SOCI_${component}_CLIENT_LIBRARY)
    set(SOCI_${component}_FOUND TRUE)
  endif()
endforeach()

if(SOCI_INCLUDE_DIR)
  file(STRINGS "${SOCI_INCLUDE_DIR}/soci/version.h" SOCI_VERSION REGEX "define SOCI_LIB_VERSION \"")
  string(REGEX REPLACE ".*\"([0-9_]+)\".*" "\\1" SOCI_VERSION "${SOCI_VERSION}")
  string(REPLACE "_" "." SOCI_VERSION "${SOCI_VERSION}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(SOCI
  REQUIRED_VARS SOCI_CORE_LIBRARY SOCI_INCLUDE_DIR VERSION_VAR SOCI_VERSION HANDLE_COMPONENTS)

if(SOCI_FOUND AND NOT TARGET SOCI::Core)
  add_library(SOCI::Core UNKNOWN IMPORTED)
  # Its headers are included as <soci/...>, but include each other without the folder.
  set_target_properties(SOCI::Core PROPERTIES
    IMPORTED_LOCATION "${SOCI_CORE_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${SOCI_INCLUDE_DIR};${SOCI_INCLUDE_DIR}/soci"
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${SOCI_INCLUDE_DIR};${SOCI_INCLUDE_DIR}/soci")
endif()
foreach(component IN LISTS SOCI_FIND_COMPONENTS)
  if(SOCI_${component}_FOUND AND NOT TARGET SOCI::${component})
    add_library(SOCI::${component} UNKNOWN IMPORTED)
    set_target_properties(SOCI::${component} PROPERTIES
      IMPORTED_LOCATION "${SOCI_${component}_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${SOCI_${component}_CLIENT_INCLUDE_DIR}"
      INTERFACE_LINK_LIBRARIES "SOCI::Core;${SOCI_${component}_CLIENT_LIBRARY}")
  endif()
endforeach()
