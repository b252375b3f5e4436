# source: nodejs-deps
# paths: deps/histogram
# HdrHistogram, the C that Node's source carries: counts of values, by ranges that grow with the values.

archive hdr_histogram -I"$SOURCES/deps/histogram/include" -- deps/histogram/src/hdr_histogram.c
headers -C deps/histogram/include hdr/hdr_histogram.h
