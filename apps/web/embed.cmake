# cmake -D "FILES=a;b" -D FOLDER=web -D OUTPUT=assets.cpp -P embed.cmake: the bytes of files of a folder of apps/, each
# as the std::string_view that the folder's assets.h declares, named after it: uplot/LICENSE is uplot_license.
set(source "#include \"apps/${FOLDER}/assets.h\"\n\nnamespace anneal::apps::${FOLDER} {\n")
foreach(file IN LISTS FILES)
  string(MAKE_C_IDENTIFIER ${file} name)
  string(TOLOWER ${name} name)
  file(READ ${CMAKE_CURRENT_LIST_DIR}/../${FOLDER}/${file} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
  string(APPEND source "static constexpr char ${name}_bytes[] = {${bytes}};\n"
    "const std::string_view ${name}(${name}_bytes, sizeof ${name}_bytes);\n")
endforeach()
file(WRITE ${OUTPUT} "${source}}  // namespace anneal::apps::${FOLDER}\n")
