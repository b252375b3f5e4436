// What dates call the time zones.
for (const tz of ['UTC','Etc/UTC','Europe/Amsterdam','Europe/London','America/New_York','America/Los_Angeles','Asia/Tokyo','Asia/Shanghai','Asia/Kolkata','America/Sao_Paulo','Australia/Sydney','Africa/Cairo','Asia/Dubai','Pacific/Auckland','Etc/GMT+3','Europe/Moscow','nonsense/zone','CET', 'GMT','Europe/Dublin','Asia/Jerusalem','America/Chicago','America/Denver','Asia/Seoul','Europe/Athens','Europe/Lisbon','Africa/Lagos','Africa/Nairobi','Africa/Johannesburg', 'EST5EDT', 'PST8PDT', 'EST', 'GMT0']) {
  process.env.TZ = tz;
  for (const m of [0, 6]) console.log(tz, new Date(2024, m, 15, 12).toString());
}
process.env.TZ = 'Asia/Tokyo';
const date = new Date(1.7e12);
console.log(date.toTimeString(), date.toDateString(), new Date(date.toString()).getTime() === date.getTime());
process.env.TZ = 'CST6CDT';
console.log(process.env.TZ, new Date(1.72e12).getHours(), { ...process.env }.TZ);
delete process.env.TZ;
for (const time of [-62e12, 8.64e15, -1]) console.log(new Date(time).toUTCString());
