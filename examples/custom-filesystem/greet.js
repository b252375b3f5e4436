// Greets as its settings say, as soon as they are mounted, and stays.
const { readFileSync, readdirSync, writeFileSync } = require('node:fs');

const timer = setInterval(() => {
  let greeting;
  try {
    greeting = readFileSync('/settings/greeting', 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return; // not yet
    throw error;
  }
  clearInterval(timer);
  console.log(greeting, readdirSync('/settings', { recursive: true }).sort().join(' '));
  try {
    writeFileSync('/settings/greeting', 'Hi');
  } catch (error) {
    console.log(error.code);
  }
  setInterval(() => {}, 1000);
}, 100);
