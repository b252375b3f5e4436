# source: brotli

archive brotli -DOS_LINUX -I"$SOURCES/c/include" -- $(cd "$SOURCES" && ls c/common/*.c c/dec/*.c c/enc/*.c)
headers -C c/include brotli
