# source: quickjs-ng
# JavaScript engine. libqjs.a is the plain engine; a guest that extends it includes quickjs.c from target/src/quickjs-ng
# instead and links libqjs-support.a (regular expressions, Unicode tables, number conversion), which never changes.

flags=(-D_GNU_SOURCE -DQUICKJS_NG_BUILD -funsigned-char -Wno-everything)
support=(libregexp.c libunicode.c dtoa.c)
archive qjs-support "${flags[@]}" -- "${support[@]}"
archive qjs "${flags[@]}" -- quickjs.c "${support[@]}"
headers quickjs.h
