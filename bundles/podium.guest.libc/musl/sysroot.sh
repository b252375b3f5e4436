# Sourced by ../build: makes the C library and stages it as target/wasm32. Sets libc_key, on which all libraries depend.

libc_sysroot() {
  local flags product
  flags=$(cat tools/target-flags)
  libc_key=$(key "$flags $(pin musl) $(clang-19 --version | head -1) $(dpkg-query -W -f '${Version}' linux-libc-dev)" \
    $(find musl -type f | LC_ALL=C sort))
  product=$(cached libc-wasm32 "$libc_key" musl/make "$("$cnf/fetch" --unpack musl)" "$flags")
  stage "$product" target/wasm32
}
