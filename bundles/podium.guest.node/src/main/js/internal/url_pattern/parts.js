'use strict';
// URL Pattern standard, "Parsing": a pattern string into parts.

const { ArrayPrototypePush, ArrayPrototypeSome } = primordials;
const { Refused } = require('internal/url_pattern/canonical');
const { tokenize } = require('internal/url_pattern/tokens');

const FULL_WILDCARD = '.*';

function segmentWildcard({ delimiter }) {
  return delimiter === '' ? '[^]+?' : `[^\\${delimiter}]+?`;
}

class PatternParser {
  parts = [];
  #tokens;
  #index = 0;
  #pending = ''; // fixed text that more may follow
  #nextNumber = 0; // the name of the next group that has none
  #options;
  #encode;

  constructor(input, options, encode) {
    this.#tokens = tokenize(input);
    this.#options = options;
    this.#encode = encode;
    while (this.#index < this.#tokens.length) this.#next();
  }

  #next() {
    // A group with what is right before it, such as /:name(regexp)?
    const char = this.#take('char');
    const name = this.#take('name');
    const matcher = this.#takeMatcher(name);
    if (name !== undefined || matcher !== undefined) {
      let prefix = char ?? '';
      if (prefix !== this.#options.prefix) {
        this.#pending += prefix;
        prefix = '';
      }
      this.#flush();
      this.#add(prefix, name, matcher, '', this.#takeModifier());
      return;
    }
    const fixed = char ?? this.#take('escaped-char');
    if (fixed !== undefined) {
      this.#pending += fixed;
    } else if (this.#take('open') !== undefined) {
      this.#nextInBraces();
    } else {
      this.#flush();
      this.#require('end');
    }
  }

  #nextInBraces() {
    const prefix = this.#takeText();
    const name = this.#take('name');
    const matcher = this.#takeMatcher(name);
    const suffix = this.#takeText();
    this.#require('close');
    this.#add(prefix, name, matcher, suffix, this.#takeModifier());
  }

  // --- tokens; those of a type are taken by their value

  #take(type) {
    const token = this.#tokens[this.#index];
    if (token.type !== type) return undefined;
    this.#index++;
    return token.value;
  }

  #require(type) {
    if (this.#take(type) === undefined) throw new Refused();
  }

  #takeModifier() {
    return this.#take('other-modifier') ?? this.#take('asterisk') ?? '';
  }

  // The regular expression of a group; * is one only where no name is.
  #takeMatcher(name) {
    const regexp = this.#take('regexp');
    if (regexp === undefined && name === undefined && this.#take('asterisk') !== undefined) return FULL_WILDCARD;
    return regexp;
  }

  #takeText() {
    let text = '', value;
    while ((value = this.#take('char') ?? this.#take('escaped-char')) !== undefined) text += value;
    return text;
  }

  // --- parts

  #push(type, value, modifier, name = '', prefix = '', suffix = '') {
    ArrayPrototypePush(this.parts, { type, value, modifier, name, prefix, suffix });
  }

  #flush() {
    if (this.#pending === '') return;
    const value = this.#encode(this.#pending);
    this.#pending = '';
    this.#push('fixed-text', value, '');
  }

  #add(prefix, name, matcher, suffix, modifier) {
    const group = name !== undefined || matcher !== undefined;
    if (!group && modifier === '') {
      this.#pending += prefix;
      return;
    }
    this.#flush();
    if (group) this.#addGroup(prefix, name, matcher, suffix, modifier);
    else if (prefix !== '') this.#push('fixed-text', this.#encode(prefix), modifier);
  }

  #addGroup(prefix, givenName, matcher, suffix, modifier) {
    let type = 'regexp', value = matcher ?? segmentWildcard(this.#options);
    if (value === segmentWildcard(this.#options)) type = 'segment-wildcard';
    else if (value === FULL_WILDCARD) type = 'full-wildcard';
    if (type !== 'regexp') value = '';
    const name = givenName ?? `${this.#nextNumber++}`;
    if (ArrayPrototypeSome(this.parts, (part) => part.name === name)) throw new Refused();
    this.#push(type, value, modifier, name, this.#encode(prefix), this.#encode(suffix));
  }
}

// A list of { type, value, modifier, name, prefix, suffix }. The type is 'fixed-text', 'regexp', 'segment-wildcard' or 'full-wildcard',
// the modifier '', '?', '*' or '+'. `encode` canonicalizes fixed text.
function parseParts(input, options, encode) {
  return new PatternParser(input, options, encode).parts;
}

module.exports = { FULL_WILDCARD, parseParts, segmentWildcard };
