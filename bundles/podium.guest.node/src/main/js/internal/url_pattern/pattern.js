'use strict';
// What the class URLPattern does (https://urlpattern.spec.whatwg.org/). Inputs come as a string, or as an object that
// has a string or undefined for each component and baseURL. Undefined is returned for what is refused.

const { ObjectDefineProperty, RegExpPrototypeExec } = primordials;
const { parse } = internalBinding('url_pattern');
const { Refused, canonicalize, specialSchemes } = require('internal/url_pattern/canonical');
const { compileComponent } = require('internal/url_pattern/component');
const { parseConstructorString } = require('internal/url_pattern/constructor_string');
const { COMPONENTS, processInit } = require('internal/url_pattern/init');

// In the order of Node's results.
const SORTED_COMPONENTS = ['hash', 'hostname', 'password', 'pathname', 'port', 'protocol', 'search', 'username'];

function unlessRefused(f) {
  try {
    return f();
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

// --- making patterns

function encoder(component) {
  return (value) => canonicalize(component, value);
}

function compileProtocol(input) {
  return compileComponent(input, { delimiter: '', prefix: '' }, encoder('protocol'));
}

function matchesSpecialScheme(protocol) {
  for (const scheme of specialSchemes.keys()) if (RegExpPrototypeExec(protocol.regexp, scheme) !== null) return true;
  return false;
}

function isIpv6(hostname) {
  return hostname[0] === '[' ? hostname.length > 1 : hostname[1] === '[' && (hostname[0] === '{' || hostname[0] === '\\');
}

function toInit(input, base) {
  if (typeof input !== 'string') {
    if (base !== undefined) throw new Refused();
    return input;
  }
  const init = parseConstructorString(input, (protocol) => matchesSpecialScheme(compileProtocol(protocol)));
  if (base === undefined && init.protocol === undefined) throw new Refused();
  init.baseURL = base;
  return init;
}

function compileAll(patterns, ignoreCase) {
  const plain = { delimiter: '', prefix: '' };
  const protocol = compileProtocol(patterns.protocol);
  const special = matchesSpecialScheme(protocol), ipv6 = isIpv6(patterns.hostname);
  const options = {
    __proto__: null,
    username: plain,
    password: plain,
    hostname: ipv6 ? plain : { delimiter: '.', prefix: '' },
    port: plain,
    pathname: special ? { delimiter: '/', prefix: '/', ignoreCase } : { delimiter: '', prefix: '', ignoreCase },
    search: { delimiter: '', prefix: '', ignoreCase },
    hash: { delimiter: '', prefix: '', ignoreCase },
  };
  const encoders = { __proto__: null, hostname: ipv6 ? 'ipv6' : 'hostname', pathname: special ? 'pathname' : 'opaque' };
  const result = { __proto__: null, protocol };
  for (const component in options)
    result[component] = compileComponent(patterns[component], options[component], encoder(encoders[component] ?? component));
  return result;
}

// An object of the compiled components, and hasRegExpGroups.
function create(input, base, ignoreCase) {
  return unlessRefused(() => {
    const patterns = processInit({ __proto__: null }, toInit(input, base), true);
    for (let i = 0; i < COMPONENTS.length; i++) patterns[COMPONENTS[i]] ??= '*';
    if (patterns.port !== '' && specialSchemes.get(patterns.protocol) === patterns.port) patterns.port = '';
    const pattern = compileAll(patterns, ignoreCase);
    pattern.hasRegExpGroups = false;
    for (let i = 0; i < COMPONENTS.length; i++) pattern.hasRegExpGroups ||= pattern[COMPONENTS[i]].hasRegExpGroups;
    return pattern;
  });
}

// --- matching

function emptyComponents() {
  return { __proto__: null, protocol: '', username: '', password: '', hostname: '', port: '', pathname: '', search: '', hash: '' };
}

// The components of a URL; undefined if it is none.
function toComponents(input, base) {
  return typeof input === 'string' ? parse(input, base ?? null) : unlessRefused(() => processInit(emptyComponents(), input, false));
}

// { input, result } for each component, or null. undefined: an object and a base URL are too much.
function match(pattern, input, base) {
  if (typeof input !== 'string' && base !== undefined) return undefined;
  const components = toComponents(input, base);
  if (components === undefined) return null;
  const matches = { __proto__: null };
  for (let i = 0; i < COMPONENTS.length; i++) {
    const component = COMPONENTS[i];
    const result = RegExpPrototypeExec(pattern[component].regexp, components[component]);
    if (result === null) return null;
    matches[component] = { input: components[component], result };
  }
  return matches;
}

// Node lists names from the last to the first.
function groupsOf(names, result) {
  const groups = {};
  for (let i = names.length - 1; i >= 0; i--)
    ObjectDefineProperty(groups, names[i], { __proto__: null, value: result[i + 1], writable: true, enumerable: true, configurable: true });
  return groups;
}

function exec(pattern, input, base) {
  const matches = match(pattern, input, base);
  if (!matches) return matches;
  const result = { __proto__: null };
  for (let i = 0; i < SORTED_COMPONENTS.length; i++) {
    const component = SORTED_COMPONENTS[i];
    const found = matches[component];
    result[component] = { groups: groupsOf(pattern[component].names, found.result), input: found.input };
    if (component === 'hostname') result.inputs = base === undefined ? [input] : [input, base];
  }
  return result;
}

function test(pattern, input, base) {
  const matches = match(pattern, input, base);
  return matches === undefined ? undefined : matches !== null;
}

module.exports = { create, exec, test };
