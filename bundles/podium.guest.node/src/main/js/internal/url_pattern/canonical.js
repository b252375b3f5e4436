'use strict';
// URL Pattern standard, "Encoding callbacks": texts of a component as they are in URLs.

const { RegExpPrototypeExec, SafeMap, StringPrototypeToLowerCase } = primordials;
const { callbacks, canonicalize: native } = internalBinding('url_pattern');

// Thrown for patterns and inputs that the standard refuses with a TypeError; the class makes errors of it.
class Refused {}

// Special schemes and their default ports.
const specialSchemes = new SafeMap([
  ['http', '80'], ['https', '443'], ['ws', '80'], ['wss', '443'], ['ftp', '21'], ['file', undefined],
]);

const PROTOCOL = /^[A-Za-z][A-Za-z0-9+.-]*$/;
const IPV6_HOSTNAME = /^[0-9A-Fa-f[\]:]*$/;

function lowerCase(value, valid) {
  if (RegExpPrototypeExec(valid, value) === null) throw new Refused();
  return StringPrototypeToLowerCase(value);
}

// `component` is one of the eight, 'opaque' for a pathname without segments, or 'ipv6' for pieces of such a hostname.
function canonicalize(component, value) {
  if (value === '') return value;
  if (component === 'protocol') return lowerCase(value, PROTOCOL);
  if (component === 'ipv6') return lowerCase(value, IPV6_HOSTNAME);
  const result = native(callbacks[component], value);
  if (result === undefined) throw new Refused();
  return result;
}

module.exports = { Refused, canonicalize, specialSchemes };
