'use strict';
// URL Pattern standard, "URLPatternInit processing": components, given one by one, and what they inherit from a base URL.

const { StringPrototypeAt, StringPrototypeLastIndexOf, StringPrototypeSlice, StringPrototypeStartsWith } = primordials;
const { parse } = internalBinding('url_pattern');
const { Refused, canonicalize, specialSchemes } = require('internal/url_pattern/canonical');
const { escapePattern } = require('internal/url_pattern/component');

const COMPONENTS = ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'];

// A component is not inherited when one of these is given: itself, or what comes before it in a URL.
const INHERITED_WITHOUT = {
  __proto__: null,
  protocol: ['protocol'],
  username: ['protocol', 'hostname', 'port', 'username'],
  password: ['protocol', 'hostname', 'port', 'username', 'password'],
  hostname: ['protocol', 'hostname'],
  port: ['protocol', 'hostname', 'port'],
  pathname: ['protocol', 'hostname', 'port', 'pathname'],
  search: ['protocol', 'hostname', 'port', 'pathname', 'search'],
  hash: ['protocol', 'hostname', 'port', 'pathname', 'search', 'hash'],
};

function inherits(init, component) {
  const without = INHERITED_WITHOUT[component];
  for (let i = 0; i < without.length; i++) if (init[without[i]] !== undefined) return false;
  return true;
}

function inherit(result, init, base, isPattern) {
  for (let i = 0; i < COMPONENTS.length; i++) {
    const component = COMPONENTS[i];
    if (isPattern && (component === 'username' || component === 'password')) continue;
    if (inherits(init, component)) result[component] = isPattern ? escapePattern(base[component]) : base[component];
  }
}

function isAbsolute(pathname, isPattern) {
  if (StringPrototypeStartsWith(pathname, '/')) return true;
  return isPattern && (StringPrototypeStartsWith(pathname, '\\/') || StringPrototypeStartsWith(pathname, '{/'));
}

function resolvePathname(pathname, base, isPattern) {
  if (base === undefined || base.opaque || isAbsolute(pathname, isPattern)) return pathname;
  const basePath = isPattern ? escapePattern(base.pathname) : base.pathname;
  return StringPrototypeSlice(basePath, 0, StringPrototypeLastIndexOf(basePath, '/') + 1) + pathname;
}

// What may stand beside a component but is no part of it.
function strip(component, value) {
  if (component === 'protocol' && StringPrototypeAt(value, -1) === ':') return StringPrototypeSlice(value, 0, -1);
  if ((component === 'search' && value[0] === '?') || (component === 'hash' && value[0] === '#')) return StringPrototypeSlice(value, 1);
  return value;
}

function canonicalComponent(component, value, protocol = '') {
  const opaque = component === 'pathname' && protocol !== '' && !specialSchemes.has(protocol);
  // Node takes a second question mark off, too.
  if (component === 'search') value = strip(component, value);
  const result = canonicalize(opaque ? 'opaque' : component, value);
  return component === 'port' && result === specialSchemes.get(protocol) ? '' : result;
}

// Gives the components of `result` what `init` has; as patterns (`isPattern`), or else as the canonical texts of a URL.
function processInit(result, init, isPattern) {
  let base;
  if (init.baseURL !== undefined) {
    base = parse(init.baseURL);
    if (base === undefined) throw new Refused();
    inherit(result, init, base, isPattern);
  }
  for (let i = 0; i < COMPONENTS.length; i++) {
    const component = COMPONENTS[i];
    if (init[component] === undefined) continue;
    let value = strip(component, init[component]);
    if (component === 'pathname') value = resolvePathname(value, base, isPattern);
    result[component] = isPattern ? value : canonicalComponent(component, value, result.protocol);
  }
  return result;
}

module.exports = { COMPONENTS, processInit };
