'use strict';
// Regular expressions: a log is searched, taken apart and rewritten.
const lines = [];
for (let i = 0; i < 100; i++)
  lines.push(`10.${i % 256}.${(i * 7) % 256}.9 - user${i % 13} [${1 + (i % 28)}/Mar/2024:1${i % 10}:0${i % 6}:11] "${i % 4 ? 'GET' : 'POST'} /shop/item-${i}?q=${i * 3}&lang=en HTTP/1.1" ${i % 9 ? 200 : 404} ${i * 37}`);
const log = lines.join('\n');

const entry = /^(\d+(?:\.\d+){3}) - (?<user>\w+) \[([^\]]+)\] "(?<method>[A-Z]+) ([^ ?]+)(?:\?([^ ]*))? HTTP\/[\d.]+" (?<status>\d{3}) (\d+)$/;

module.exports = () => {
  let sum = 0;
  for (const line of log.split(/\r?\n/)) {
    const found = entry.exec(line);
    sum += found.groups.user.length + Number(found.groups.status) + found[5].length + Number(found[8]);
  }
  sum += log.match(/\bitem-\d*[13579]\b/g).length;
  sum += log.replace(/(\d+)\/(\w{3})\/(\d{4})/g, (_, day, month, year) => `${year}-${month}-${day.padStart(2, '0')}`).length;
  for (const { index } of log.matchAll(/(?<=q=)\d+(?=&)/g)) sum += index & 7;
  return sum + (/(a|b|ab)*c/.test('ab'.repeat(12) + 'd') ? 1 : 0);
};
