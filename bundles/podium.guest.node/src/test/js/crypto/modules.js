// Flags: --no-warnings
// What the modules over crypto export.
for (const name of ['crypto', 'node:crypto', 'https', 'tls', '_tls_wrap', '_tls_common'])
  console.log(name, Object.keys(require(name)).sort().join());

// Whom Node trusts.
const { rootCertificates, getCACertificates } = require('tls');
console.log(rootCertificates.length, require('crypto').hash('sha256', rootCertificates.join()));
console.log(Object.isFrozen(rootCertificates), getCACertificates('bundled') === rootCertificates);
