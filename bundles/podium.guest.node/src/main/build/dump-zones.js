'use strict';
// dump-zones.js OUT: what the binary that runs this knows of time zones: OUT/zones-table.c, what dates call them; OUT/zoneinfo/<zone>,
// when their clocks change, as tzfile(5) has it, for the C library.
const fs = require('node:fs');
const path = require('node:path');

const out = process.argv[2];

// Names the database has beside those that Intl lists.
const others = `
  Africa/Asmara Africa/Timbuktu America/Argentina/Buenos_Aires America/Argentina/Catamarca America/Argentina/ComodRivadavia
  America/Argentina/Cordoba America/Argentina/Jujuy America/Argentina/Mendoza America/Atikokan America/Atka America/Ensenada
  America/Fort_Wayne America/Indiana/Indianapolis America/Kentucky/Louisville America/Knox_IN America/Montreal America/Nipigon
  America/Nuuk America/Pangnirtung America/Porto_Acre America/Rainy_River America/Rosario America/Santa_Isabel America/Shiprock
  America/Thunder_Bay America/Virgin America/Yellowknife Antarctica/South_Pole Asia/Ashkhabad Asia/Choibalsan Asia/Chongqing
  Asia/Chungking Asia/Dacca Asia/Harbin Asia/Ho_Chi_Minh Asia/Istanbul Asia/Kashgar Asia/Kathmandu Asia/Kolkata Asia/Macao
  Asia/Tel_Aviv Asia/Thimbu Asia/Ujung_Pandang Asia/Ulan_Bator Asia/Yangon Atlantic/Faroe Atlantic/Jan_Mayen Australia/ACT
  Australia/Canberra Australia/Currie Australia/LHI Australia/NSW Australia/North Australia/Queensland Australia/South
  Australia/Tasmania Australia/Victoria Australia/West Australia/Yancowinna Brazil/Acre Brazil/DeNoronha Brazil/East Brazil/West
  CET CST6CDT Canada/Atlantic Canada/Central Canada/Eastern Canada/Mountain Canada/Newfoundland Canada/Pacific Canada/Saskatchewan
  Canada/Yukon Chile/Continental Chile/EasterIsland Cuba EET EST EST5EDT Egypt Eire Etc/GMT Etc/GMT0 Etc/Greenwich Etc/UCT Etc/UTC
  Etc/Universal Etc/Zulu Europe/Belfast Europe/Kyiv Europe/Nicosia Europe/Tiraspol Europe/Uzhgorod Europe/Zaporozhye GB GB-Eire GMT
  GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT Mexico/BajaNorte
  Mexico/BajaSur Mexico/General NZ NZ-CHAT Navajo PRC PST8PDT Pacific/Chuuk Pacific/Johnston Pacific/Kanton Pacific/Pohnpei
  Pacific/Samoa Pacific/Yap Poland Portugal ROC ROK Singapore Turkey UCT US/Alaska US/Aleutian US/Arizona US/Central
  US/East-Indiana US/Eastern US/Hawaii US/Indiana-Starke US/Michigan US/Mountain US/Pacific US/Samoa UTC Universal W-SU WET Zulu
`;
const hours = Array.from({ length: 27 }, (_, n) => n - 14).filter(Boolean).map((n) => `Etc/GMT${n < 0 ? n : `+${n}`}`);
const zones = [...new Set([...Intl.supportedValuesOf('timeZone'), ...others.trim().split(/\s+/), ...hours])].sort((a, b) => (a < b ? -1 : 1));

const offsetAt = (time) => -60 * new Date(time).getTimezoneOffset();
const longName = (time) => /\((.*)\)/.exec(new Date(time).toString())[1];

// --- names

const quote = (text) => JSON.stringify(text);
function namesOf(zone) {
  const [standard, summer] = [0, 6].map((month) => Date.UTC(2024, month, 15))
    .map((time) => ({ name: longName(time), offset: offsetAt(time) / 60 })).sort((a, b) => a.offset - b.offset);
  return `  {${quote(zone)}, ${quote(standard.name)}, ${quote(summer.name)}, ${summer.offset}},\n`;
}

// --- changes

const DAY = 86_400_000;
const BEGIN = Date.UTC(1900, 0, 1);
const END = Date.UTC(2038, 0, 1);
const LATER = Date.UTC(2100, 0, 1); // where no rule tells of the changes from the one on

// Every change of the offset: [time, offset from then on].
function changesOf(end) {
  const changes = [];
  let last = offsetAt(BEGIN);
  for (let day = BEGIN; day < end; day += 5 * DAY) {
    let offset = offsetAt(day + 5 * DAY);
    if (offset === last) continue;
    let [before, after] = [day, day + 5 * DAY];
    while (after - before > 1000) {
      const middle = before + Math.floor((after - before) / 2000) * 1000;
      if (offsetAt(middle) === last) before = middle;
      else after = middle;
    }
    offset = offsetAt(after);
    changes.push([after, offset]);
    last = offset;
  }
  return changes;
}

const two = (number) => `${number}`.padStart(2, '0');
// As the database calls offsets that have no name of their own: +01, -0330.
function abbreviate(offset) {
  const minutes = Math.abs(Math.round(offset / 60));
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${minutes % 60 ? two(minutes % 60) : ''}`;
}

// POSIX's rule for one change a year: Mm.w.d/time, or nothing if the years differ.
function ruleOf(changes, before) {
  const days = changes.map(([time]) => new Date(time + before * 1000));
  const [first] = days;
  const time = first.getUTCHours() * 3600 + first.getUTCMinutes() * 60;
  const lastWeek = days.every((date) => date.getUTCDate() + 7 > new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate());
  const week = Math.ceil(first.getUTCDate() / 7);
  const same = days.every((date) => date.getUTCMonth() === first.getUTCMonth() && date.getUTCDay() === first.getUTCDay() &&
    date.getUTCHours() * 3600 + date.getUTCMinutes() * 60 === time && (lastWeek || Math.ceil(date.getUTCDate() / 7) === week));
  if (!same) return undefined;
  return `,M${first.getUTCMonth() + 1}.${lastWeek ? 5 : week}.${first.getUTCDay()}/${Math.floor(time / 3600)}:${two(time / 60 % 60)}`;
}

// What goes on after the last change, as the variable TZ tells it; nothing where that cannot.
function footerOf(changes, last) {
  const posix = (offset) => `<${abbreviate(offset)}>${offset > 0 ? '-' : ''}${Math.floor(Math.abs(offset) / 3600)}:${two(Math.abs(offset) / 60 % 60)}`;
  const recent = changes.filter(([time]) => time >= Date.UTC(2027, 0, 1));
  if (recent.length === 0) return posix(last);
  const standard = Math.min(...recent.map(([, offset]) => offset));
  const summer = Math.max(...recent.map(([, offset]) => offset));
  const into = recent.filter(([, offset]) => offset === summer);
  const from = recent.filter(([, offset]) => offset === standard);
  if (into.length !== 11 || from.length !== 11) return '';
  const rules = [ruleOf(into, standard), ruleOf(from, summer)];
  return rules.includes(undefined) ? '' : `${posix(standard)}${posix(summer)}${rules.join('')}`;
}

// RFC 9636: an empty block of version 1, one of version 2, and the footer.
function fileOf() {
  const first = offsetAt(BEGIN);
  let changes = changesOf(END);
  const footer = footerOf(changes, changes.at(-1)?.[1] ?? first);
  if (footer === '') changes = changesOf(LATER);
  const standard = Math.min(...[first, ...changes.map(([, offset]) => offset)].slice(-2));
  const offsets = [...new Set([first, ...changes.map(([, offset]) => offset)])];
  const texts = offsets.map((offset) => `${abbreviate(offset)}\0`);
  const header = (count, types, characters) => {
    const bytes = Buffer.alloc(44);
    bytes.write('TZif2');
    [0, 0, 0, count, types, characters].forEach((number, n) => bytes.writeUInt32BE(number, 20 + 4 * n));
    return bytes;
  };
  const times = Buffer.alloc(8 * changes.length);
  changes.forEach(([time], n) => times.writeBigInt64BE(BigInt(time / 1000), 8 * n));
  const types = Buffer.alloc(6 * offsets.length);
  let at = 0;
  offsets.forEach((offset, n) => {
    types.writeInt32BE(offset, 6 * n);
    types[6 * n + 4] = n > 0 && offset > standard ? 1 : 0; // the first is what was before all
    types[6 * n + 5] = at;
    at += texts[n].length;
  });
  return Buffer.concat([
    header(0, 1, 1), Buffer.from([0, 0, 0, 0, 0, 0, 0]),
    header(changes.length, offsets.length, at), times, Buffer.from(changes.map(([, offset]) => offsets.indexOf(offset))), types,
    Buffer.from(`${texts.join('')}\n${footer}\n`),
  ]);
}

let table = '#include "engine/zone.h"\n\nconst ZoneNames zone_table[] = {\n';
for (const zone of zones) {
  process.env.TZ = zone;
  table += namesOf(zone);
  const file = path.join(out, 'zoneinfo', zone);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, fileOf());
}
fs.writeFileSync(path.join(out, 'zones-table.c'), `${table}};\nconst int zone_count = ${zones.length};\n`);
