# source: zstd

# Without threads of its own, assembly, and the formats before 0.8.
archive zstd -DXXH_NAMESPACE=ZSTD_ -DZSTD_DISABLE_ASM -DZSTD_LEGACY_SUPPORT=0 -I"$SOURCES/lib" -I"$SOURCES/lib/common" \
  -- $(cd "$SOURCES" && ls lib/common/*.c lib/compress/*.c lib/decompress/*.c)
headers -C lib zstd.h zstd_errors.h
