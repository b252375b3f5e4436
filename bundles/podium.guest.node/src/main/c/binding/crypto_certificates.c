/* crypto: the certificates that Node trusts, which the build takes from its release. */
#include "../env.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_bundle(size_t *length)
{
  FILE *file = fopen(NODE_LIB_DIR "/root-certificates.pem", "rb");
  char *text = NULL;
  *length = 0;
  if (!file)
    return NULL;
  if (fseek(file, 0, SEEK_END) == 0) {
    long size = ftell(file);
    rewind(file);
    text = size > 0 ? malloc((size_t)size + 1) : NULL;
    if (text)
      text[*length = fread(text, 1, (size_t)size, file)] = 0;
  }
  fclose(file);
  return text;
}

/* One text for each. */
static JSValue get_bundled_root_certificates(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  static const char mark[] = "-----END CERTIFICATE-----";
  size_t length;
  uint32_t count = 0;
  char *text = read_bundle(&length);
  if (!text)
    return throw_code_error(ctx, ERROR, "ERR_CRYPTO_OPERATION_FAILED", "cannot read %s/root-certificates.pem", NODE_LIB_DIR);
  JSValue list = JS_NewArray(ctx);
  for (char *certificate = text, *end; (end = strstr(certificate, mark)); certificate = end + strspn(end, "\n")) {
    end += sizeof mark - 1;
    JS_SetPropertyUint32(ctx, list, count++, JS_NewStringLen(ctx, certificate, (size_t)(end - certificate)));
  }
  free(text);
  return list;
}

void crypto_init_certificates(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {{"getBundledRootCertificates", get_bundled_root_certificates, 0}};
  DEFINE_FUNCTIONS(ctx, target, functions);
}
