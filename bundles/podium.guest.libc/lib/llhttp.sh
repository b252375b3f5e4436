# source: nodejs-deps
# paths: deps/llhttp
# HTTP/1 parser, the generated C that Node's source carries.

archive llhttp -I"$SOURCES/deps/llhttp/include" -- deps/llhttp/src/{api,http,llhttp}.c
headers -C deps/llhttp/include llhttp.h
