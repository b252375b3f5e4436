# source: openssl
# series: openssl-debian
# libcrypto: every algorithm that Node offers by name, in one library without assembly.

case $TARGET in wasm32) platform=linux-generic32 ;; *) platform=linux-generic64 ;; esac
# No files of its own, no memory that cannot be swapped, no switching of stacks; randomness by getrandom(2) alone.
system=(no-asm no-shared no-module no-dso no-pic no-async no-sock no-secure-memory no-ui-console no-thread-pool
  no-autoload-config no-filenames no-engine --with-rand-seed=getrandom)
# Protocols and containers that Node has no interface to.
unused=(no-cmp no-cms no-comp no-ct no-dtls no-gost no-http no-quic no-srp no-ts)

CFLAGS="$optimise -w" AR=$AR RANLIB=llvm-ranlib-19 \
  perl "$SOURCES/Configure" $platform -DL_ENDIAN --prefix=/usr --openssldir=/usr/lib/ssl \
  no-apps no-docs no-tests no-makedepend "${system[@]}" "${unused[@]}"
make -j2 build_generated
make -j2 libcrypto.a

mkdir -p "$PREFIX/lib" "$PREFIX/include/openssl"
cp libcrypto.a "$PREFIX/lib/"
cp "$SOURCES"/include/openssl/*.h include/openssl/*.h "$PREFIX/include/openssl/"
