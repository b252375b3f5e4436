'use strict';
// Strings: built letter by letter, taken apart, compared: the distance between words, a cipher, a count of words.
const alphabet = 'etaoinshrdlucmfwypvbgkjqxz';

function distance(a, b) {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++)
      row.push(Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1)));
    above = row;
  }
  return above[b.length];
}

function shift(text, by) {
  let out = '';
  for (const letter of text) {
    const at = alphabet.indexOf(letter);
    out += at < 0 ? letter : alphabet[(at + by) % 26];
  }
  return out;
}

module.exports = () => {
  let text = '', random = 7;
  for (let i = 0; i < 2000; i++) {
    random = (random * 1103 + 77) % 65537;
    text += random % 6 === 0 ? ' ' : alphabet[random % 26];
  }
  const words = shift(text, 3).split(' ').filter((word) => word.length > 2);
  let sum = 0;
  for (let i = 0; i + 1 < 40; i++) sum += distance(words[i], words[i + 1]);
  for (const word of words) sum += word.toUpperCase().padEnd(8, '.').slice(1, 5).length + text.lastIndexOf(word.substring(0, 2));
  return sum + words.join('-').length;
};
