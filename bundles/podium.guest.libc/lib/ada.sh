# source: ada
# needs: libcxx
# URL parser (WHATWG). C programs use ada_c.h.

archive ada -std=c++20 -fno-exceptions -DADA_INCLUDE_URL_PATTERN=0 -I"$SOURCES/include" -I"$SOURCES/src" -w -- src/ada.cpp
headers -C include ada.h ada_c.h ada
