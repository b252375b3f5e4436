'use strict';
// URL Pattern standard: what a component's pattern string is compiled to.

const { ArrayPrototypePush, ArrayPrototypeSome, RegExp, RegExpPrototypeSymbolReplace, StringPrototypeAt, StringPrototypeCodePointAt,
  StringFromCodePoint, SyntaxError } = primordials;
const { Refused } = require('internal/url_pattern/canonical');
const { FULL_WILDCARD, parseParts, segmentWildcard } = require('internal/url_pattern/parts');
const { isNamePart } = require('internal/url_pattern/tokens');

const REGEXP_SYNTAX = /[.+*?^${}()[\]|/\\]/g;
const PATTERN_SYNTAX = /[+*?:{}()\\]/g;

function escapeRegExp(text) {
  return RegExpPrototypeSymbolReplace(REGEXP_SYNTAX, text, '\\$&');
}

function escapePattern(text) {
  return RegExpPrototypeSymbolReplace(PATTERN_SYNTAX, text, '\\$&');
}

// --- "Converting part lists to regular expressions"

function matcherOf(part, options) {
  switch (part.type) {
    case 'segment-wildcard': return segmentWildcard(options);
    case 'full-wildcard': return FULL_WILDCARD;
    default: return part.value;
  }
}

// The first repetition is without the prefix, the last without the suffix: between them are both.
function partToRegExp(part, options) {
  const { modifier } = part;
  if (part.type === 'fixed-text') {
    const text = escapeRegExp(part.value);
    return modifier === '' ? text : `(?:${text})${modifier}`;
  }
  const matcher = matcherOf(part, options), prefix = escapeRegExp(part.prefix), suffix = escapeRegExp(part.suffix);
  const once = modifier === '' || modifier === '?';
  if (prefix === '' && suffix === '') return once ? `(${matcher})${modifier}` : `((?:${matcher})${modifier})`;
  if (once) return `(?:${prefix}(${matcher})${suffix})${modifier}`;
  return `(?:${prefix}((?:${matcher})(?:${suffix}${prefix}(?:${matcher}))*)${suffix})${modifier === '*' ? '?' : ''}`;
}

function makeRegExp(parts, options) {
  let source = '^';
  for (let i = 0; i < parts.length; i++) source += partToRegExp(parts[i], options);
  try {
    return new RegExp(`${source}$`, options.ignoreCase ? 'vi' : 'v');
  } catch (error) {
    throw error instanceof SyntaxError ? new Refused() : error;
  }
}

// --- "Converting part lists to pattern strings"

function startsWithNamePart(text) {
  return text !== '' && isNamePart(StringFromCodePoint(StringPrototypeCodePointAt(text, 0)));
}

function isNumbered(part) {
  return part.name[0] >= '0' && part.name[0] <= '9';
}

// Would the part, written without braces, be read as another one? Node looks at the first character of the prefix only.
function needsBraces(part, previous, next, options) {
  if (part.suffix !== '' || (part.prefix !== '' && part.prefix[0] !== options.prefix)) return true;
  if (!isNumbered(part) && part.type === 'segment-wildcard' && part.modifier === '' && next?.prefix === '' && next.suffix === '' &&
      (next.type === 'fixed-text' ? startsWithNamePart(next.value) : isNumbered(next))) return true;
  return part.prefix === '' && previous?.type === 'fixed-text' && options.prefix !== '' &&
    StringPrototypeAt(previous.value, -1) === options.prefix;
}

function groupToString(part, previous, braces, options) {
  let result = escapePattern(part.prefix);
  const named = !isNumbered(part);
  if (named) result += `:${part.name}`;
  if (part.type === 'regexp') {
    result += `(${part.value})`;
  } else if (part.type === 'segment-wildcard') {
    if (!named) result += `(${segmentWildcard(options)})`;
    else if (startsWithNamePart(part.suffix)) result += '\\';
  } else {
    const star = !named && (!previous || previous.type === 'fixed-text' || previous.modifier !== '' || braces || part.prefix !== '');
    result += star ? '*' : `(${FULL_WILDCARD})`;
  }
  return result + escapePattern(part.suffix);
}

function partToString(part, previous, next, options) {
  if (part.type === 'fixed-text') {
    const text = escapePattern(part.value);
    return part.modifier === '' ? text : `{${text}}${part.modifier}`;
  }
  const braces = needsBraces(part, previous, next, options);
  const text = groupToString(part, previous, braces, options);
  return (braces ? `{${text}}` : text) + part.modifier;
}

// ---

// { pattern, regexp, names, hasRegExpGroups }: the normalized pattern string, what it matches, and the names of its groups.
function compileComponent(input, options, encode) {
  const parts = parseParts(input, options, encode), names = [];
  let pattern = '';
  for (let i = 0; i < parts.length; i++) {
    pattern += partToString(parts[i], parts[i - 1], parts[i + 1], options);
    if (parts[i].type !== 'fixed-text') ArrayPrototypePush(names, parts[i].name);
  }
  const hasRegExpGroups = ArrayPrototypeSome(parts, (part) => part.type === 'regexp');
  return { pattern, regexp: makeRegExp(parts, options), names, hasRegExpGroups };
}

module.exports = { compileComponent, escapePattern };
