'use strict';
// URL Pattern standard, "Constructor string parsing": a pattern for a whole URL into patterns of its components.

const { ArrayPrototypeIncludes, ArrayPrototypeIndexOf, ArrayPrototypeSlice, StringPrototypeSlice } = primordials;
const { tokenize } = require('internal/url_pattern/tokens');

const PLAIN = ['char', 'escaped-char', 'invalid-char'];
// A ? after one of these is a modifier.
const MODIFIABLE = ['name', 'regexp', 'close', 'asterisk'];
const ORDER = ['protocol', 'authority', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'];

class ConstructorStringParser {
  result = { __proto__: null };
  #input;
  #tokens;
  #matchesSpecial; // does a pattern for protocols match that of a special scheme?
  #special = false;
  #start = 0; // of the component, a token
  #index = 0;
  #increment = 1;
  #groupDepth = 0;
  #bracketDepth = 0;
  #state = 'init';

  constructor(input, matchesSpecial) {
    this.#input = input;
    this.#matchesSpecial = matchesSpecial;
    this.#tokens = tokenize(input, true);
    for (; this.#state !== 'done'; this.#index += this.#increment) {
      this.#increment = 1;
      this.#step(this.#tokens[this.#index]);
    }
    if (this.result.hostname !== undefined) this.result.port ??= '';
  }

  #step(token) {
    if (token.type === 'end') return this.#end();
    if (token.type === 'open') {
      this.#groupDepth++;
      return;
    }
    if (this.#groupDepth > 0) {
      if (token.type !== 'close') return;
      this.#groupDepth--;
    }
    switch (this.#state) {
      case 'init': if (this.#is(':')) this.#rewind('protocol'); break;
      case 'protocol': if (this.#is(':')) this.#endProtocol(); break;
      case 'authority':
        if (this.#is('@')) this.#rewind('username');
        else if (this.#is('/') || this.#isSearch() || this.#is('#')) this.#rewind('hostname');
        break;
      case 'username': if (this.#is(':')) this.#change('password', 1); else if (this.#is('@')) this.#change('hostname', 1); break;
      case 'password': if (this.#is('@')) this.#change('hostname', 1); break;
      case 'hostname': this.#inHostname(); break;
      case 'port': if (this.#is('/')) this.#change('pathname', 0); else this.#endPathname(); break;
      case 'pathname': this.#endPathname(); break;
      case 'search': if (this.#is('#')) this.#change('hash', 1); break;
    }
  }

  #end() {
    if (this.#state === 'authority') return this.#rewind('hostname');
    if (this.#state !== 'init') return this.#change('done', 0);
    // There is no protocol: it is relative.
    this.#rewind('init');
    if (this.#is('#')) this.#change('hash', 1);
    else if (this.#isSearch()) this.#change('search', 1);
    else this.#change('pathname', 0);
  }

  #endProtocol() {
    this.#special = this.#matchesSpecial(this.#text());
    if (this.#is('/', 1) && this.#is('/', 2)) this.#change('authority', 3);
    else this.#change(this.#special ? 'authority' : 'pathname', 1);
  }

  #inHostname() {
    if (this.#is('[')) this.#bracketDepth++;
    else if (this.#is(']')) this.#bracketDepth--;
    else if (this.#is(':') && this.#bracketDepth === 0) this.#change('port', 1);
    else if (this.#is('/')) this.#change('pathname', 0);
    else this.#endPathname();
  }

  #endPathname() {
    if (this.#isSearch()) this.#change('search', 1);
    else if (this.#is('#')) this.#change('hash', 1);
  }

  // Is the token, or one after it, this character without a meaning in patterns?
  #is(character, ahead = 0) {
    const token = this.#tokens[this.#index + ahead];
    return token?.value === character && ArrayPrototypeIncludes(PLAIN, token.type);
  }

  #isSearch() {
    if (this.#is('?')) return true;
    return this.#tokens[this.#index].value === '?' && !ArrayPrototypeIncludes(MODIFIABLE, this.#tokens[this.#index - 1]?.type);
  }

  #text() {
    return StringPrototypeSlice(this.#input, this.#tokens[this.#start].index, this.#tokens[this.#index].index);
  }

  #rewind(state) {
    this.#index = this.#start;
    this.#increment = 0;
    this.#state = state;
  }

  #change(state, skip) {
    if (this.#state !== 'init' && this.#state !== 'authority') this.result[this.#state] = this.#text();
    if (this.#state !== 'init' && state !== 'done') this.#fillGap(state);
    this.#state = state;
    this.#index += skip;
    this.#start = this.#index;
    this.#increment = 0;
  }

  // What a URL leaves out between two components is empty.
  #fillGap(state) {
    const skipped = ArrayPrototypeSlice(ORDER, ArrayPrototypeIndexOf(ORDER, this.#state) + 1, ArrayPrototypeIndexOf(ORDER, state));
    const empty = (name) => ArrayPrototypeIncludes(skipped, name);
    if (empty('hostname')) this.result.hostname ??= '';
    if (empty('pathname')) this.result.pathname ??= this.#special ? '/' : '';
    if (empty('search')) this.result.search ??= '';
  }
}

// An init without prototype and baseURL, of the components that are there.
function parseConstructorString(input, matchesSpecial) {
  return new ConstructorStringParser(input, matchesSpecial).result;
}

module.exports = { parseConstructorString };
