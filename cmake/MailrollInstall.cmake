# Where things go. Two layouts of the same files:
#   cmake --install    lib/libmailroll.so, bin/mailroll{,-conformance}, include/mailroll, lib/cmake/mailroll (find_package)
#   pip install        site-packages/mailroll/{_core.so,libmailroll.so.0} and the program in the environment's bin
# The plugins, libmailroll_<scheme>.so, stand beside libmailroll in both.
# Every binary finds libmailroll by its own place ($ORIGIN), so that both can be moved and neither needs ldconfig.
include(CMakePackageConfigHelpers)

function(mailroll_install_backends folder)
  get_target_property(plugins mailroll_backends MANUALLY_ADDED_DEPENDENCIES)
  if(plugins)
    set_target_properties(${plugins} PROPERTIES INSTALL_RPATH "$ORIGIN")
    install(TARGETS ${plugins} LIBRARY DESTINATION ${folder})
  endif()
endfunction()

# Shell completion, where the shells look for it.
function(mailroll_install_completion data_dir)
  if(TARGET mailroll_cli)
    install(FILES ${PROJECT_BINARY_DIR}/cli/completion/mailroll DESTINATION ${data_dir}/bash-completion/completions)
    install(FILES ${PROJECT_BINARY_DIR}/cli/completion/_mailroll DESTINATION ${data_dir}/zsh/site-functions)
  endif()
endfunction()

if(SKBUILD)
  # A wheel keeps no symbolic links: one file, named as the linker asks for it.
  set_property(TARGET mailroll PROPERTY VERSION)
  install(TARGETS mailroll LIBRARY DESTINATION mailroll NAMELINK_SKIP)
  mailroll_install_backends(mailroll)
  if(TARGET mailroll_python)
    set_target_properties(mailroll_python PROPERTIES INSTALL_RPATH "$ORIGIN")
    install(TARGETS mailroll_python LIBRARY DESTINATION mailroll)
  endif()
  if(TARGET mailroll_cli)
    find_package(Python 3.10 REQUIRED COMPONENTS Interpreter Development.Module)
    set(python_lib "python${Python_VERSION_MAJOR}.${Python_VERSION_MINOR}")
    # A virtual environment has site-packages; Debian's own Python, dist-packages.
    set_target_properties(mailroll_cli PROPERTIES INSTALL_RPATH
      "$ORIGIN/../lib/${python_lib}/site-packages/mailroll;$ORIGIN/../lib/${python_lib}/dist-packages/mailroll")
    install(TARGETS mailroll_cli RUNTIME DESTINATION ${SKBUILD_SCRIPTS_DIR})
  endif()
  mailroll_install_completion(${SKBUILD_DATA_DIR}/share)
  return()
endif()

install(TARGETS mailroll EXPORT mailrollTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
mailroll_install_backends(${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY core/include/mailroll DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
file(RELATIVE_PATH lib_from_bin ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
foreach(program mailroll_cli mailroll_conformance)
  if(TARGET ${program})
    set_target_properties(${program} PROPERTIES INSTALL_RPATH "$ORIGIN/${lib_from_bin}")
    install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/mailroll)
install(EXPORT mailrollTargets NAMESPACE mailroll:: DESTINATION ${package_dir})
configure_package_config_file(cmake/mailrollConfig.cmake.in ${PROJECT_BINARY_DIR}/mailrollConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/mailrollConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/mailrollConfig.cmake ${PROJECT_BINARY_DIR}/mailrollConfigVersion.cmake
  cmake/MailrollBackend.cmake
  DESTINATION ${package_dir})
mailroll_install_completion(${CMAKE_INSTALL_DATADIR})
