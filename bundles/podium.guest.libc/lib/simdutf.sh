# source: nodejs-deps
# paths: deps/simdutf
# needs: libcxx
# Validation and transcoding of Unicode, base64. C++ interface.

archive simdutf -std=c++20 -fno-exceptions -I"$SOURCES/deps/simdutf" -w -- deps/simdutf/simdutf.cpp
headers -C deps/simdutf simdutf.h
