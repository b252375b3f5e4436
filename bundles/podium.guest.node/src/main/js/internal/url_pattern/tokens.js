'use strict';
// URL Pattern standard, "Tokenizing": what a pattern string is made of. Positions count code units.

const { ArrayPrototypePush, RegExpPrototypeExec, StringFromCodePoint, StringPrototypeCodePointAt, StringPrototypeSlice } = primordials;
const { Refused } = require('internal/url_pattern/canonical');

const NAME_START = /^[$_\p{ID_Start}]$/u;
const NAME_PART = /^[$\u200c\u200d\p{ID_Continue}]$/u;

function characterAt(text, index) {
  return StringFromCodePoint(StringPrototypeCodePointAt(text, index));
}

function isNamePart(character, first = false) {
  return RegExpPrototypeExec(first ? NAME_START : NAME_PART, character) !== null;
}

function endOfName(input, start) {
  let end = start;
  while (end < input.length) {
    const character = characterAt(input, end);
    if (!isNamePart(character, end === start)) break;
    end += character.length;
  }
  return end;
}

// Past the parenthesis that closes a regular expression, which is ASCII and captures nothing itself; -1 if it is not such a one.
function endOfRegExp(input, start) {
  if (input[start] === '?' || input[start] === ')') return -1;
  for (let depth = 1, i = start; i < input.length; i++) {
    if (input[i] === '\\') i++;
    else if (input[i] === ')' && --depth === 0) return i + 1;
    else if (input[i] === '(' && ++depth && input[i + 1] !== '?') return -1;
    if (i === input.length || input[i] > '\x7f') return -1;
  }
  return -1;
}

// A list of { type, index, value }, the last of type 'end'. What cannot be understood is of type 'invalid-char', or Refused.
function tokenize(input, lenient = false) {
  const tokens = [];
  let index = 0;
  function add(type, end, valueStart = index, valueEnd = end) {
    ArrayPrototypePush(tokens, { type, index, value: StringPrototypeSlice(input, valueStart, valueEnd) });
    index = end;
  }
  function addIf(valid, type, end, valueStart, valueEnd) {
    if (valid) return add(type, end, valueStart, valueEnd);
    if (!lenient) throw new Refused();
    add('invalid-char', index + 1);
  }
  while (index < input.length) {
    const character = characterAt(input, index);
    const next = index + character.length;
    switch (character) {
      case '*': add('asterisk', next); break;
      case '+': case '?': add('other-modifier', next); break;
      case '{': add('open', next); break;
      case '}': add('close', next); break;
      case '\\': {
        const escaped = next < input.length ? characterAt(input, next) : '';
        addIf(escaped !== '', 'escaped-char', next + escaped.length, next);
        break;
      }
      case ':': {
        const end = endOfName(input, next);
        addIf(end > next, 'name', end, next);
        break;
      }
      case '(': {
        const end = endOfRegExp(input, next);
        addIf(end > 0, 'regexp', end, next, end - 1);
        break;
      }
      default: add('char', next);
    }
  }
  add('end', index);
  return tokens;
}

module.exports = { isNamePart, tokenize };
